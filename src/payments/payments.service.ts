import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { BadUserInput } from '../errors/request-errors.js';
import { PaymentCalls } from './payment-calls.service.js';
import { PaymentOwnership, type PayableOrder } from './payment-owner.service.js';
import { PaymentProviders } from './payment-providers.service.js';
import type { PaymentProvider, WebhookDelivery } from './payment-provider.js';
import { PaymentState, type PaymentRow, type RefundRow } from './payment.type.js';
import {
  AmountTooHigh,
  CapturedWhole,
  MAX_PAYMENTS,
  NothingToCapture,
  NothingToPay,
  PaymentActive,
  PaymentNotFound,
  TooManyPayments,
} from './payments.errors.js';
import { PaymentsQueries } from './payments.queries.js';
import { RefundsQueries } from './refunds.queries.js';

/** How somebody wants to pay an order. */
export interface PaymentWish {
  /** Locked by the caller's transaction, or made in it. */
  order: PayableOrder;
  provider: string;
  /** What the client was given for the provider; `null` when it needs nothing. */
  token: string | null;
  /** The key of the client's request; the provider gets it together with the order's id. */
  idempotencyKey: string | null;
}

/** Money to be taken. */
export interface CaptureRequest {
  orderId: string;
  /** Minor units; `null` for all that is open. */
  amountMinor: number | null;
  actorId: string | null;
}

/** Money to be given back. */
export interface RefundRequest {
  orderId: string;
  /** Minor units. */
  amountMinor: number;
  reason: string | null;
  actorId: string | null;
}

/** Collects and gives back the money of orders. Calls out are made after the commit of what they are about. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly database: Database,
    private readonly ownership: PaymentOwnership,
    private readonly providers: PaymentProviders,
    private readonly calls: PaymentCalls,
    private readonly payments: PaymentsQueries,
    private readonly refunds: RefundsQueries,
  ) {}

  /** Names of the payment methods that customers may choose, in the order of the shop. */
  offered(): readonly string[] {
    return this.providers.offered;
  }

  /** The provider behind a payment method. @throws PaymentMethodUnavailable */
  provider(name: string): PaymentProvider {
    return this.providers.choose(name);
  }

  /**
   * Writes down a payment over all that is still to be paid; `begin` it after the commit.
   * @throws PaymentMethodUnavailable, NothingToPay, PaymentActive, TooManyPayments; the transaction can go on
   */
  async open(tx: Tx, { order, provider, token, idempotencyKey }: PaymentWish): Promise<PaymentRow> {
    const { onAccount } = this.provider(provider);
    const amountMinor = order.totalMinor - order.paidMinor;
    if (!order.awaitsPayment || amountMinor <= 0) throw new NothingToPay();
    const { id: orderId, currency } = order;
    const leaseSeconds = onAccount ? null : this.providers.leaseSeconds;
    const wanted = { orderId, provider, amountMinor, currency, token, idempotencyKey, leaseSeconds };
    const payment = await this.payments.open(tx, wanted);
    if (payment) return payment;
    const count = (await this.payments.byOrders(tx, [orderId])).length;
    throw count >= MAX_PAYMENTS ? new TooManyPayments() : new PaymentActive();
  }

  /**
   * Asks the provider to collect a payment, outside of any transaction; on account there is nothing to ask.
   * Answers the payment as it is then: PENDING also when no answer came; the worker asks again with the same key.
   */
  async begin(payment: PaymentRow): Promise<PaymentRow> {
    if (this.providers.named(payment.provider).onAccount) return payment;
    const { orderId } = payment;
    const [order, mine] = await this.database.transaction(async (tx) => [
      await this.ownership.owner.lock(tx, orderId),
      await this.payments.firstAttempt(tx, payment.id, this.providers.leaseSeconds),
    ]);
    const answered = order && mine && (await this.calls.start(mine, order.number));
    return answered ?? this.current(payment);
  }

  /**
   * Records money that came on account, a part of it or all, or asks the provider for the money of an authorized payment.
   * Without an answer the payment stays AUTHORIZED and the worker asks again.
   * @throws PaymentNotFound, NothingToCapture, AmountTooHigh, CapturedWhole, BadUserInput; then nothing is captured
   */
  async capture({ orderId, amountMinor, actorId }: CaptureRequest): Promise<PaymentRow> {
    if (amountMinor !== null) refuseNothing(amountMinor);
    const payment = await this.database.transaction(async (tx) => {
      const order = await this.ownership.owner.lock(tx, orderId);
      const current = order && (await this.payments.lockCurrent(tx, orderId));
      if (!current) throw new PaymentNotFound();
      const left = current.amountMinor - current.capturedMinor;
      const { onAccount } = this.providers.named(current.provider);
      const capturable = onAccount ? PaymentState.PENDING : PaymentState.AUTHORIZED;
      if (!order.awaitsPayment || current.state !== capturable) throw new NothingToCapture();
      const amount = amountMinor ?? left;
      if (amount > left) throw new AmountTooHigh(left, current.currency);
      if (onAccount) return this.book(tx, current, amount, actorId);
      if (amount < left) throw new CapturedWhole();
      return (await this.payments.askCapture(tx, current.id, this.providers.leaseSeconds)) ?? current;
    });
    if (payment.state !== PaymentState.AUTHORIZED) return payment;
    const answered = await this.calls.capture(payment, { actorId });
    return answered ?? this.current(payment);
  }

  /** Gives up the payments of a cancelled order that are under way. The caller has locked the order. */
  cancelOpen(tx: Tx, orderId: string): Promise<void> {
    return this.payments.giveUp(tx, orderId);
  }

  /** The most that can go back at once, in minor units: what came, without what went back or is on its way. */
  refundable(tx: Tx, orderId: string): Promise<number> {
    return this.refunds.left(tx, orderId);
  }

  /**
   * Writes down that money goes back; `settle` it after the commit. The order is locked.
   * @throws AmountTooHigh when no payment has so much left that has not gone back and is not on its way; BadUserInput
   */
  async requestRefund(tx: Tx, { orderId, amountMinor, reason, actorId }: RefundRequest): Promise<RefundRow> {
    refuseNothing(amountMinor);
    const order = await this.ownership.owner.lock(tx, orderId);
    if (!order) throw new PaymentNotFound();
    const { leaseSeconds } = this.providers;
    const wanted = { orderId, paymentId: null, amountMinor, reason, actorId, leaseSeconds };
    const refund = await this.refunds.request(tx, wanted);
    if (refund) return refund;
    throw new AmountTooHigh(await this.refundable(tx, orderId), order.currency);
  }

  /**
   * Gives the money of a refund back, outside of any transaction, unless somebody else is at it. Answers the refund as it is
   * then: PENDING also when no answer came; the worker asks again with the same key.
   */
  async settle(refund: RefundRow): Promise<RefundRow> {
    const { leaseSeconds } = this.providers;
    const mine = await this.database.transaction((tx) => this.refunds.firstAttempt(tx, refund.id, leaseSeconds));
    if (mine) return this.calls.refund(mine);
    return (await this.refunds.byId(this.database, refund.id)) ?? refund;
  }

  /** A refund and the order that it belongs to; `null` when there is none. */
  refundById(id: string): Promise<RefundRow | null> {
    return this.refunds.byId(this.database, id);
  }

  /** Begins a refund anew that has failed, or that nobody asks about any more; `settle` it after the commit. The order is locked. */
  restartRefund(tx: Tx, id: string): Promise<RefundRow | null> {
    return this.refunds.restart(tx, id, this.providers.leaseSeconds);
  }

  /** Takes what a provider tells by itself. @throws PaymentMethodUnavailable, BadSignature; Unavailable to be told it again */
  receive(providerName: string, delivery: WebhookDelivery): Promise<void> {
    return this.calls.receive(providerName, delivery);
  }

  private async book(tx: Tx, payment: PaymentRow, amountMinor: number, actorId: string | null): Promise<PaymentRow> {
    const { id: paymentId, orderId } = payment;
    const booked = await this.payments.book(tx, paymentId, amountMinor);
    if (!booked) throw new NothingToCapture();
    await this.ownership.owner.captured(tx, { orderId, paymentId, amountMinor, actorId, reason: null });
    return booked;
  }

  private async current(payment: PaymentRow): Promise<PaymentRow> {
    return (await this.payments.byId(this.database, payment.id)) ?? payment;
  }
}

/** @throws BadUserInput */
function refuseNothing(amountMinor: number): void {
  if (amountMinor <= 0) throw new BadUserInput([{ path: 'input.amount', message: 'must be more than nothing' }]);
}
