import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
import { MoneyType } from '../graphql/money.type.js';
import { Cursor } from '../graphql/scalars.js';
import type { Money } from '../money/money.js';
import { OrderState } from './order-states.rules.js';
import { Order, OrderEventType } from './order.type.js';

@ObjectType({ description: 'Something that happened to an order: an entry of its history, told when it is made.' })
export class OrderEvent {
  @Field(() => Cursor, { description: 'Position in the stream; subscribe after it to go on from here.' })
  cursor: string;

  @Field({ description: 'When it happened.' })
  occurredAt: Date;

  @Field(() => OrderEventType, { description: 'What happened.' })
  type: OrderEventType;

  @Field(() => ID, { description: 'Id of the order.' })
  orderId: string;

  @Field({ description: 'What people call the order.' })
  number: string;

  @Field(() => OrderState, { nullable: true, description: 'Where it stood before; null when it was placed.' })
  stateBefore: OrderState | null;

  @Field(() => OrderState, {
    description:
      'Where it stood afterwards; the same as before when only a part was done, such as the first of two parcels.',
  })
  stateAfter: OrderState;

  @Field(() => String, { nullable: true, description: 'Why; null when nobody said.' })
  reason: string | null;

  @Field(() => MoneyType, { nullable: true, description: 'Money that came or went with it; null when none did.' })
  amount: Money | null;

  @Field(() => Order, {
    description:
      'The order right after the change: its own values, amounts and addresses, its lines, and nextStates, which follow from them. ' +
      'What lies beside it is read when the event is told: customer, payments, refunds, fulfillments, history, and the variants of lines.',
  })
  order: Order;

  /** Not in the schema: who did it leads to the user. */
  actorId: string | null;
}

@ArgsType()
export class OrderEventsArgs {
  @Field(() => Cursor, {
    nullable: true,
    description: 'Go on after this cursor; without it, with what happens from now on.',
  })
  after?: string | null;

  @IdField('order', {
    nullable: true,
    description: 'Only this order. Nothing is told of one that does not exist, or that is not yours.',
  })
  orderId?: string | null;

  @Field(() => [OrderState], {
    nullable: true,
    description: 'Only events after which the order is in one of these states.',
  })
  @IsOptional()
  @ArrayMaxSize(7)
  states?: OrderState[] | null;
}
