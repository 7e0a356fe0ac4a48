import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import { UserErrorCode } from '../errors/codes.js';

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why the shop refused a change. Codes never change their meaning.',
  valuesMap: {
    ACCOUNT_DISABLED: { description: 'The shop has disabled the account: nobody can sign in to it.' },
    AMOUNT_TOO_HIGH: { description: 'More money, or more units, than there is to capture, to pack or to give back.' },
    CART_CLOSED: { description: 'The cart has been ordered: begin another one.' },
    CART_EMPTY: { description: 'There is nothing to order.' },
    CART_INCOMPLETE: {
      description:
        'Something needed to order is missing: e-mail address, shipping address, shipping method or payment.',
    },
    CATEGORY_CYCLE: { description: 'A category cannot be moved below itself.' },
    CATEGORY_NOT_EMPTY: { description: 'The category still has subcategories or products.' },
    CATEGORY_TOO_DEEP: { description: 'The tree of categories would become too deep.' },
    CODE_TAKEN: { description: 'Another promotion has this code.' },
    COUPON_EXPIRED: { description: 'The coupon is not valid yet, or no longer.' },
    COUPON_INVALID: { description: 'There is no such coupon.' },
    COUPON_NOT_APPLICABLE: {
      description: 'The coupon does not apply to what is in the cart, or the cart has five already.',
    },
    COUPON_USED_UP: { description: 'The coupon was used as often as it may be, by all together or by you.' },
    CURRENCY_MISMATCH: { description: 'The price is not in the currency of the shop.' },
    EMAIL_TAKEN: { description: 'Another account has this e-mail address.' },
    FILE_INVALID: {
      description: 'The content is no file of its format, lacks a column that is needed, or has no rows.',
    },
    ILLEGAL_TRANSITION: { description: 'In this state it cannot be done; nextStates of an order tells what can.' },
    INVALID_CREDENTIALS: { description: 'E-mail address and password do not belong together.' },
    INVALID_REFRESH_TOKEN: { description: 'The refresh token is unknown, used, revoked or too old: sign in again.' },
    LAST_ADMIN: { description: 'The shop would be left without an administrator.' },
    NOT_FOR_SALE: { description: 'The product is not sold, or no longer.' },
    NOT_FOUND: { description: 'What the input names does not exist, or you may not know of it.' },
    OPTIONS_TAKEN: { description: 'Another variant of the product has the same options.' },
    OUT_OF_STOCK: { description: 'There are not enough units in stock.' },
    OWN_ACCOUNT: { description: 'This cannot be done to your own account.' },
    PAYMENT_ACTIVE: { description: 'The order has a payment under way or is paid.' },
    PAYMENT_METHOD_UNAVAILABLE: { description: 'The shop does not take this kind of payment.' },
    PRICE_CHANGED: { description: 'The total is no longer what you expected; the payload tells the new one.' },
    SHIPPING_UNAVAILABLE: {
      description: 'This shipping method does not exist, or does not deliver this to that country.',
    },
    SKU_TAKEN: { description: 'Another variant has this SKU.' },
    SLUG_TAKEN: { description: 'Another item has this slug.' },
    TOO_MANY_ADDRESSES: { description: 'An address book has at most 50 addresses.' },
    TOO_MANY_JOBS: { description: 'As many jobs as the shop keeps are waiting: try again when some are done.' },
    TOO_MANY_LINES: { description: 'A cart has at most 100 lines.' },
    TOO_MANY_VARIANTS: { description: 'A product has at most 100 variants.' },
    VARIANT_RESERVED: { description: 'Units of the variant are promised to somebody.' },
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
