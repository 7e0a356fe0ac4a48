import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { BadUserInput } from '../errors/request-errors.js';
import { FulfillmentsService } from '../fulfillment/fulfillments.service.js';
import { OrderBook } from '../orders/order-book.service.js';
import { isReserved, mayBecome, moverOf, OrderState, type Mover } from '../orders/order-states.rules.js';
import { movable, refundShare, unitsOfRefund } from '../orders/order-units.rules.js';
import { OrderEventType, type OrderRow } from '../orders/order.type.js';
import { IllegalTransition } from '../orders/orders.errors.js';
import type { RefundRow } from '../payments/payment.type.js';
import { PaymentsService } from '../payments/payments.service.js';
import { PromotionsService } from '../promotions/promotions.service.js';
import { RefundNotFound, RefundUnderWay } from './returns.errors.js';
import { ReturnedStock } from './returned-stock.service.js';
import type { CancelOrderInput, RefundOrderInput } from './returns.inputs.js';

/** Who does something to an order, and why. */
interface Doing {
  mover: Mover;
  actorId: string | null;
  reason: string | null;
}

interface Returned {
  order: OrderRow;
  /** Money to be given back behind the commit. */
  refund: RefundRow | null;
}

/** Giving orders up and money back. Providers are called behind the commit. */
@Injectable()
export class ReturnsService {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderBook,
    private readonly payments: PaymentsService,
    private readonly promotions: PromotionsService,
    private readonly stock: ReturnedStock,
    private readonly parcels: FulfillmentsService,
  ) {}

  /** Gives an order up; its units go back into stock and its money to the customer. @throws OrderNotFound, OrderVersionConflict, IllegalTransition */
  async cancel({ orderId, expectedVersion, reason = null }: CancelOrderInput, viewer: Viewer): Promise<OrderRow> {
    const returned = await this.database.transaction(async (tx) => {
      const order = await this.orders.take(tx, orderId, { viewer, expectedVersion });
      return this.cancelLocked(tx, order, { mover: moverOf(viewer, order), actorId: viewer.id, reason });
    });
    return this.settled(returned);
  }

  /** Cancels an order for the shop when it still waits for its payment. Answers whether it did. */
  async expire(orderId: string): Promise<boolean> {
    const reason = 'The payment did not come in time.';
    const returned = await this.database.transaction(async (tx) => {
      const order = await this.orders.lock(tx, orderId);
      // Paid, cancelled, swept by another process, or given more time while this one waited for the lock.
      const due = order && isReserved(order) && (await this.stock.hasExpired(tx, orderId));
      return due ? this.cancelLocked(tx, order, { mover: 'shop', actorId: null, reason }) : null;
    });
    if (returned) await this.settled(returned);
    return returned !== null;
  }

  /**
   * Gives money back, for units or without, and puts the units into stock when asked to.
   * @param amountMinor how much; `null` for what the units cost, or for all that is left
   * @throws OrderNotFound, OrderVersionConflict, IllegalTransition, OrderLineNotFound, TooManyUnits, AmountTooHigh, BadUserInput
   */
  async refund(input: RefundOrderInput, amountMinor: number | null, viewer: Viewer): Promise<OrderRow> {
    const { orderId, expectedVersion, restock, reason = null } = input;
    if (restock && !input.lines)
      throw new BadUserInput([{ path: 'input.restock', message: 'needs lines: which units?' }]);
    const returned = await this.database.transaction(async (tx) => {
      const order = await this.orders.take(tx, orderId, { viewer, expectedVersion });
      const left = await this.refundable(tx, order);
      if (left === 0) throw new IllegalTransition(order.state, 'refunded: there is no money of it');
      // What could be put back is in stock since it was cancelled.
      if (restock && order.state === OrderState.CANCELLED) throw new IllegalTransition(order.state, 'restocked');
      const units = unitsOfRefund(order, input.lines ?? [], restock ? await this.parcels.sent(tx, orderId) : null);
      const share = units.length > 0 ? Math.min(refundShare(order, units), left) : left;
      const request = { orderId, amountMinor: amountMinor ?? share, reason, actorId: viewer.id };
      const named = amountMinor !== null;
      const refund = named || share > 0 ? await this.payments.requestRefund(tx, request) : null;
      if (restock) await this.stock.returnSome(tx, order, units, viewer.id);
      await this.orders.givenBack(tx, order, units);
      // Units that cost nothing need no provider. Either way the order has a new version: the same request is stale now.
      const type = refund ? OrderEventType.REFUND_REQUESTED : OrderEventType.REFUNDED;
      const note = { orderId, type, from: order.state, to: order.state, reason, actorId: viewer.id };
      return { order: await this.orders.note(tx, note), refund };
    });
    return this.settled(returned);
  }

  /** Begins a refund anew that has failed, or that was never answered. @throws RefundNotFound, IllegalTransition */
  async retry(refundId: string): Promise<OrderRow> {
    const known = await this.payments.refundById(refundId);
    if (!known) throw new RefundNotFound();
    const returned = await this.database.transaction(async (tx) => {
      const order = await this.orders.lock(tx, known.orderId);
      const refund = order && (await this.payments.restartRefund(tx, refundId));
      if (!order || !refund) throw new RefundUnderWay();
      return { order, refund };
    });
    return this.settled(returned);
  }

  /** The refund, if any, is still to be settled. @throws IllegalTransition */
  private async cancelLocked(tx: Tx, order: OrderRow, { mover, actorId, reason }: Doing): Promise<Returned> {
    const may = mayBecome(movable(order), OrderState.CANCELLED, mover);
    if (!may) throw new IllegalTransition(order.state, 'cancelled');
    const orderId = order.id;
    await this.payments.cancelOpen(tx, orderId);
    const amountMinor = await this.refundable(tx, order);
    const refund =
      amountMinor > 0 ? await this.payments.requestRefund(tx, { orderId, amountMinor, reason, actorId }) : null;
    const stockEvents = await this.stock.returnAll(tx, order, actorId);
    await this.promotions.giveBack(tx, orderId);
    const states = { from: order.state, to: OrderState.CANCELLED };
    const note = { orderId, type: OrderEventType.CANCELLED, ...states, reason, actorId };
    return { order: await this.orders.note(tx, note, { stockEvents }), refund };
  }

  /** What of an order's money can still go back, in minor units; some may be on its way already. */
  private async refundable(tx: Tx, { id, paidMinor, refundedMinor }: OrderRow): Promise<number> {
    const left = paidMinor - refundedMinor;
    return left > 0 ? Math.min(left, await this.payments.refundable(tx, id)) : 0;
  }

  /** Calls the provider for a refund that was requested, and answers the order as it is then. */
  private async settled({ order, refund }: Returned): Promise<OrderRow> {
    if (!refund) return order;
    await this.payments.settle(refund);
    return this.orders.read(this.database, order.id);
  }
}
