import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { currentIdempotencyKey } from '../database/once.js';
import {
  PaymentOwnership,
  type MoneyMoved,
  type PayableOrder,
  type PaymentOwner,
} from '../payments/payment-owner.service.js';
import { PaymentsService } from '../payments/payments.service.js';
import type { PaymentRow } from '../payments/payment.type.js';
import { OrderBook } from '../orders/order-book.service.js';
import { isReserved, isWay, OrderState } from '../orders/order-states.rules.js';
import { OrderEventType, type OrderRow } from '../orders/order.type.js';
import { IllegalTransition, OrderNotFound } from '../orders/orders.errors.js';
import { OrdersService } from '../orders/orders.service.js';
import { ReservationsService } from '../stock/reservations.service.js';
import type { StartPaymentInput } from './payment.inputs.js';

const { PENDING_PAYMENT, PAID, FULFILLED, SHIPPED, DELIVERED, REFUNDED } = OrderState;
/** How long units are kept for money that is held: six days, less than the week that card networks hold it. */
const HELD_MINUTES = 6 * 24 * 60;

/** An order and the payment that was just dealt with. */
export interface PaidOrder {
  order: OrderRow;
  payment: PaymentRow;
}

/** What money does to orders. */
@Injectable()
export class OrderPayments implements OnModuleInit, PaymentOwner {
  constructor(
    private readonly database: Database,
    private readonly payments: PaymentsService,
    private readonly ownership: PaymentOwnership,
    private readonly reservations: ReservationsService,
    private readonly orders: OrdersService,
    private readonly book: OrderBook,
  ) {}

  onModuleInit(): void {
    this.ownership.register(this);
  }

  /** Starts a payment for an order that has none under way. @throws OrderNotFound, IllegalTransition, PaymentActive, PaymentMethodUnavailable */
  async start({ order: by, payment: { method, token } }: StartPaymentInput, viewer: Viewer | null): Promise<PaidOrder> {
    const known = await this.orders.find(by, viewer);
    if (!known) throw new OrderNotFound('order');
    const opened = await this.database.transaction(async (tx) => {
      const order = await this.book.lock(tx, known.id);
      if (!order) throw new OrderNotFound('order');
      if (!payable(order).awaitsPayment) throw new IllegalTransition(order.state, 'paid');
      const request = { provider: method, token: token ?? null, idempotencyKey: currentIdempotencyKey() };
      const payment = await this.payments.open(tx, { order: payable(order), ...request });
      if (this.payments.provider(method).onAccount && !order.onAccount) await this.putOnAccount(tx, order, viewer);
      return payment;
    });
    return this.withOrder(await this.payments.begin(opened));
  }

  /** Notes money that came, or collects what was authorized. @throws PaymentNotFound, NothingToCapture, AmountTooHigh, CapturedWhole, BadUserInput */
  async capture(orderId: string, amountMinor: number | null, viewer: Viewer): Promise<PaidOrder> {
    return this.withOrder(await this.payments.capture({ orderId, amountMinor, actorId: viewer.id }));
  }

  async lock(tx: Tx, orderId: string): Promise<PayableOrder | null> {
    const order = await this.book.lock(tx, orderId);
    return order && payable(order);
  }

  async captured(tx: Tx, { orderId, amountMinor, actorId, reason }: MoneyMoved): Promise<void> {
    const order = await this.book.read(tx, orderId);
    const whole = order.paidMinor + amountMinor >= order.totalMinor;
    const to = whole && order.state === PENDING_PAYMENT ? PAID : order.state;
    if (to === PAID && isReserved(order)) await this.reservations.takeReserved(tx, orderId);
    const note = { orderId, type: OrderEventType.PAYMENT_RECEIVED, from: order.state, to, reason, actorId };
    await this.book.note(tx, note, { money: { paid: amountMinor } });
  }

  async held(tx: Tx, orderId: string, isHeld: boolean): Promise<void> {
    await this.reservations.prolong(tx, orderId, isHeld ? HELD_MINUTES : undefined);
  }

  async refunded(tx: Tx, { orderId, amountMinor, actorId, reason }: MoneyMoved): Promise<void> {
    const order = await this.book.read(tx, orderId);
    const whole = order.refundedMinor + amountMinor >= order.paidMinor && order.paidMinor === order.totalMinor;
    const to = whole && isWay(order.state, REFUNDED) ? REFUNDED : order.state;
    const note = { orderId, type: OrderEventType.REFUNDED, from: order.state, to, reason, actorId };
    await this.book.note(tx, note, { money: { refunded: amountMinor } });
  }

  /** The units were promised for minutes; now they are the customer's, and the money comes when it comes. */
  private async putOnAccount(tx: Tx, order: OrderRow, viewer: Viewer | null): Promise<void> {
    if (isReserved(order)) await this.reservations.takeReserved(tx, order.id);
    await this.book.putOnAccount(tx, order, viewer?.id ?? null);
  }

  private async withOrder(payment: PaymentRow): Promise<PaidOrder> {
    return { payment, order: await this.book.read(this.database, payment.orderId) };
  }
}

/** An order as payments see it. */
export function payable(order: OrderRow): PayableOrder {
  const { id, number, currency, totalMinor, paidMinor, state, onAccount } = order;
  const underWay = [PAID, FULFILLED, SHIPPED, DELIVERED].includes(state) && onAccount;
  const awaitsPayment = (state === PENDING_PAYMENT || underWay) && paidMinor < totalMinor;
  return { id, number, currency, totalMinor, paidMinor, awaitsPayment };
}
