import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ViewerScope } from '../graphql/viewer-scope.js';

/** Where a payment stands. The first three are active: an order has at most one of them, and their money is the order's. */
export enum PaymentState {
  PENDING = 'PENDING',
  AUTHORIZED = 'AUTHORIZED',
  CAPTURED = 'CAPTURED',
  DECLINED = 'DECLINED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(PaymentState, {
  name: 'PaymentState',
  description: 'Where a payment stands.',
  valuesMap: {
    PENDING: { description: 'Under way: the money, or the word of the provider, is awaited.' },
    AUTHORIZED: { description: 'The money is held for the shop and can be captured.' },
    CAPTURED: { description: 'The money has come.' },
    DECLINED: { description: 'The provider said no; another payment may be started.' },
    CANCELLED: { description: 'Given up. Money that comes all the same is given back.' },
  },
});

/** Where a refund stands. */
export enum RefundState {
  PENDING = 'PENDING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
}

registerEnumType(RefundState, {
  name: 'RefundState',
  description: 'Where a refund stands.',
  valuesMap: {
    PENDING: { description: 'The provider has not confirmed it yet.' },
    SUCCEEDED: { description: 'The money has gone back.' },
    FAILED: { description: 'The provider said no: the money is still here.' },
  },
});

/** How a client goes on with a payment. */
export enum PaymentActionType {
  REDIRECT = 'REDIRECT',
  CLIENT_SECRET = 'CLIENT_SECRET',
}

registerEnumType(PaymentActionType, {
  name: 'PaymentActionType',
  description: 'How the client goes on with a payment.',
  valuesMap: {
    REDIRECT: { description: 'Open the value as a URL.' },
    CLIENT_SECRET: { description: 'Pass the value to the script of the provider.' },
  },
});

@ObjectType({ description: 'What the client must do next, so that a payment goes on.' })
export class PaymentAction {
  @Field(() => PaymentActionType, { description: 'What kind of step.' })
  type: PaymentActionType | `${PaymentActionType}`;

  @Field({ description: 'What it needs: a URL or a secret.' })
  value: string;
}

@ObjectType({ description: 'One attempt to pay an order.' })
export class Payment {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;

  @Field({ description: 'The payment method: manual, sandbox or another one that the shop offers.' })
  provider: string;

  @Field(() => PaymentState, { description: 'Where it stands.' })
  state: PaymentState;

  @Field(() => PaymentAction, { nullable: true, description: 'What the client must do next; null when nothing.' })
  nextAction: PaymentAction | null;

  @Field(() => String, { nullable: true, description: 'Why it was declined, for people; null when it was not.' })
  failure: string | null;

  @Field({ description: 'When the payment was started.' })
  createdAt: Date;

  @Field({ description: 'When it last changed.' })
  updatedAt: Date;
}

/** A payment as its table knows it. Amounts in minor units. */
export interface PaymentRow extends Payment {
  orderId: string;
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  currency: string;
  /** The provider's own id of the payment; `null` until it has answered. */
  reference: string | null;
  idempotencyKey: string;
  token: string | null;
  /** When the provider is asked again; `null` when there is nothing to ask. */
  attemptAt: Date | null;
  /** How often the question under way has been asked; 0 when none is. */
  attempts: number;
}

@ObjectType({ description: 'Money of an order that goes back to the customer.' })
export class Refund {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;

  @Field(() => RefundState, { description: 'Where it stands.' })
  state: RefundState;

  @Field(() => String, { nullable: true, description: 'Why the money goes back; null when nobody said.' })
  reason: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, for people; null when it did not.' })
  failure: string | null;

  @Field({ description: 'When it was requested.' })
  createdAt: Date;
}

/** A refund as its table knows it, with what its provider needs of the payment. Amounts in minor units. */
export interface RefundRow extends Refund {
  orderId: string;
  paymentId: string;
  amountMinor: number;
  currency: string;
  /** Who requested it; `null` for the shop itself. */
  actorId: string | null;
  provider: string;
  /** The provider's own id of the payment. */
  paymentReference: string | null;
  attemptAt: Date | null;
  attempts: number;
  /** How often staff began it anew. */
  round: number;
}
