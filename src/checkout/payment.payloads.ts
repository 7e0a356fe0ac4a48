import { Field, ObjectType } from '@nestjs/graphql';
import { OrderPayload } from '../orders/order-payload.type.js';
import { Payment } from '../payments/payment.type.js';

@ObjectType({ isAbstract: true })
abstract class PaidPayload extends OrderPayload {
  @Field(() => Payment, { nullable: true, description: 'The payment as it is now; null when refused.' })
  payment?: Payment | null;
}

@ObjectType({ description: 'Result of startPayment.' })
export class StartPaymentPayload extends PaidPayload {}

@ObjectType({ description: 'Result of capturePayment.' })
export class CapturePaymentPayload extends PaidPayload {}
