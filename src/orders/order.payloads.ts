import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Payment } from '../payments/payment.type.js';
import { Order } from './order.type.js';

@ObjectType({ isAbstract: true })
abstract class OrderPayload extends Payload {
  @Field(() => Order, { nullable: true, description: 'The order as it is now; null when refused.' })
  order?: Order | null;
}

@ObjectType({ isAbstract: true })
abstract class PaidPayload extends OrderPayload {
  @Field(() => Payment, { nullable: true, description: 'The payment as it is now; null when refused.' })
  payment?: Payment | null;
}

@ObjectType({ description: 'Result of cancelOrder.' })
export class CancelOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of fulfillOrder.' })
export class FulfillOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of shipOrder.' })
export class ShipOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of deliverOrder.' })
export class DeliverOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of refundOrder.' })
export class RefundOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of startPayment.' })
export class StartPaymentPayload extends PaidPayload {}

@ObjectType({ description: 'Result of capturePayment.' })
export class CapturePaymentPayload extends PaidPayload {}
