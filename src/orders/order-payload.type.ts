import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Order } from './order.type.js';

/** What every change of an order answers. */
@ObjectType({ isAbstract: true })
export abstract class OrderPayload extends Payload {
  @Field(() => Order, { nullable: true, description: 'The order as it is now; null when refused.' })
  order?: Order | null;
}
