import { ObjectType } from '@nestjs/graphql';
import { OrderPayload } from '../orders/order-payload.type.js';

@ObjectType({ description: 'Result of cancelOrder.' })
export class CancelOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of refundOrder.' })
export class RefundOrderPayload extends OrderPayload {}

@ObjectType({ description: 'Result of retryRefund.' })
export class RetryRefundPayload extends OrderPayload {}
