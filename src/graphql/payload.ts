import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { UserErrorCode } from '../errors/codes.js';

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why the shop refused a change. Codes never change their meaning.',
  valuesMap: {
    CATEGORY_CYCLE: { description: 'A category cannot be moved below itself.' },
    CATEGORY_NOT_EMPTY: { description: 'The category still has subcategories or products.' },
    CATEGORY_TOO_DEEP: { description: 'The tree of categories would become too deep.' },
    CURRENCY_MISMATCH: { description: 'The price is not in the currency of the shop.' },
    EMAIL_TAKEN: { description: 'Another account has this e-mail address.' },
    INVALID_CREDENTIALS: { description: 'E-mail address and password do not belong together.' },
    INVALID_REFRESH_TOKEN: { description: 'The refresh token is unknown, used, revoked or too old: sign in again.' },
    LAST_ADMIN: { description: 'The shop would be left without an administrator.' },
    NOT_FOUND: { description: 'What the input names does not exist, or you may not know of it.' },
    OPTIONS_TAKEN: { description: 'Another variant of the product has the same options.' },
    OUT_OF_STOCK: { description: 'There are not enough units in stock.' },
    SKU_TAKEN: { description: 'Another variant has this SKU.' },
    SLUG_TAKEN: { description: 'Another item has this slug.' },
    TOO_MANY_VARIANTS: { description: 'A product has at most 100 variants.' },
    VERSION_CONFLICT: { description: 'Somebody changed it since you read it: read it again and decide anew.' },
  },
});

@ObjectType({ description: 'Why the shop refused a well-formed request. Nothing was changed.' })
export class UserError {
  @Field(() => UserErrorCode, { description: 'The reason, for programs.' })
  code: UserErrorCode;

  @Field({ description: 'The reason, for people. May change.' })
  message: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path of the input at fault, such as ["input", "slug"]; null when it is no single one.',
  })
  field: readonly string[] | null;
}

/** What every mutation answers: its result, or why there is none. */
@ObjectType({ isAbstract: true })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Why the shop refused; empty when the change was made.' })
  userErrors: UserError[];
}

/** The payload of a change that was made. */
export function succeeded<T extends object>(result: T): T & Payload {
  return { ...result, userErrors: [] };
}
