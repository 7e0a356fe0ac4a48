import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';
import { Address } from './address.type.js';

@ObjectType({
  implements: () => [Node],
  description: 'An entry of the address book of an account. Only its owner and staff can see it.',
})
export class SavedAddress extends Node {
  @Field(() => Address, { description: 'The address itself.' })
  address: Address;

  @Field({ description: 'Whether goods go here unless something else is said; at most one in a book.' })
  isDefaultShipping: boolean;

  @Field({ description: 'Whether bills go here unless something else is said; at most one in a book.' })
  isDefaultBilling: boolean;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;

  @Field({ description: 'When it was saved.' })
  createdAt: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt: Date;

  /** Not in the schema: whose it is. */
  userId: string;
}
