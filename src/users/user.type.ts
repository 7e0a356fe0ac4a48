import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Role } from '../access/role.js';
import { Node } from '../graphql/node.js';
import { connectionOf } from '../graphql/page.js';
import { EmailAddress } from '../graphql/scalars.js';

registerEnumType(Role, {
  name: 'Role',
  description: 'What somebody may do in the shop. An account can have several; none includes another.',
  valuesMap: {
    USER: { description: 'A customer; every new account.' },
    PREMIUM: { description: 'A customer with special terms.' },
    STAFF: { description: 'Works for the shop: sees drafts, stock figures, accounts and the orders of everybody.' },
    ADMIN: { description: 'Like staff, and decides who has which role. The shop always has one.' },
  },
});

@ObjectType({ implements: () => [Node], description: 'An account of the shop. Only its owner and staff can see it.' })
export class User extends Node {
  @Field(() => EmailAddress, { description: 'Unique among all accounts; in lower case.' })
  email: string;

  @Field({ description: 'Name for people, 1 to 100 characters.' })
  name: string;

  @Field(() => [Role], { description: 'What the account may do, in the order of the enum; never empty.' })
  roles: Role[];

  @Field(() => Date, {
    nullable: true,
    description: 'Since when nobody can sign in to the account; null while its owner can.',
  })
  disabledAt: Date | null;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;

  @Field({ description: 'When the account was made.' })
  createdAt: Date;
}

@ObjectType({ description: 'A page of accounts, newest first.' })
export class UserConnection extends connectionOf(User, 'User') {}
