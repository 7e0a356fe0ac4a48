import { ObjectType } from '@nestjs/graphql';
import { OrderPayload } from '../orders/order-payload.type.js';

@ObjectType({ description: 'Result of fulfillOrder.' })
export class FulfillOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of shipOrder.' })
export class ShipOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of deliverOrder.' })
export class DeliverOrderPayload extends OrderPayload {}
