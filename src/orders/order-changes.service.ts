import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { RefundRow } from '../payments/payment.type.js';
import { PaymentsService } from '../payments/payments.service.js';
import { PromotionsService } from '../promotions/promotions.service.js';
import type { CancelOrderInput, RefundOrderInput } from './order.inputs.js';
import { OrderStock } from './order-stock.service.js';
import { mayBecome, moverOf, OrderState, type Mover } from './order-states.rules.js';
import { OrderWrites, type HistoryNote, type LineUnits } from './order-writes.queries.js';
import type { OrderRow } from './order.type.js';
import { IllegalTransition, OrderNotFound, OrderVersionConflict } from './orders.errors.js';
import { orderEvent, OrderEventType } from './orders.events.js';
import { OrdersQueries } from './orders.queries.js';
import { hasStarted, refundShare, wantedUnits } from './order-units.rules.js';
import { sightOf } from './orders.service.js';

/** Who does something to an order, and why. */
export interface Doing {
  mover: Mover;
  actorId: string | null;
  reason: string | null;
}

interface Changed {
  order: OrderRow;
  /** Money to be given back behind the commit. */
  refund: RefundRow | null;
}

/** Giving up and giving back. Every change locks the order first; providers are called behind the commit. */
@Injectable()
export class OrderChanges {
  constructor(
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly payments: PaymentsService,
    private readonly promotions: PromotionsService,
    private readonly stock: OrderStock,
    private readonly queries: OrdersQueries,
    private readonly writes: OrderWrites,
  ) {}

  /** Gives an order up; its units go back into stock and its money to the customer. @throws OrderNotFound, OrderVersionConflict, IllegalTransition */
  async cancel({ orderId, expectedVersion, reason }: CancelOrderInput, viewer: Viewer): Promise<OrderRow> {
    const doing = { mover: moverOf(viewer), actorId: viewer.id, reason: reason ?? null };
    const changed = await this.database.transaction(async (tx) =>
      this.cancelLocked(tx, await this.lockFor(tx, orderId, { viewer, expectedVersion }), doing),
    );
    return this.settled(changed);
  }

  /** The same for an order that is locked already; the refund, if any, is still to be settled. @throws IllegalTransition */
  async cancelLocked(tx: Tx, order: OrderRow, { mover, actorId, reason }: Doing): Promise<Changed> {
    const may = mayBecome({ ...order, started: hasStarted(order) }, OrderState.CANCELLED, mover);
    if (!may) throw new IllegalTransition(order.state, 'cancelled');
    await this.payments.cancelOpen(tx, order.id);
    const amountMinor = order.paidMinor - order.refundedMinor;
    const refund =
      amountMinor > 0
        ? await this.payments.requestRefund(tx, { orderId: order.id, amountMinor, reason, actorId })
        : null;
    const stockEvents = await this.stock.returnAll(tx, order, actorId);
    await this.promotions.giveBack(tx, order.id);
    const note = { type: OrderEventType.CANCELLED, from: order.state, to: OrderState.CANCELLED, reason, actorId };
    await this.writes.change(tx, order.id, note);
    const after = await this.reread(tx, order.id);
    const event = orderEvent(OrderEventType.CANCELLED, { order: after, stateBefore: order.state });
    await this.events.append(tx, ...stockEvents, event);
    return { order: after, refund };
  }

  /**
   * Gives money back, for units or without, and puts the units into stock when asked to.
   * @throws OrderNotFound, OrderVersionConflict, OrderLineNotFound, TooManyUnits, AmountTooHigh, CurrencyMismatch, BadUserInput
   */
  async refund(input: RefundOrderInput, amountMinor: number | null, viewer: Viewer): Promise<OrderRow> {
    const { orderId, expectedVersion, restock, reason = null } = input;
    const changed = await this.database.transaction(async (tx) => {
      const order = await this.lockFor(tx, orderId, { viewer, expectedVersion });
      const left = order.paidMinor - order.refundedMinor;
      if (left <= 0) throw new IllegalTransition(order.state, 'refunded: no money is there');
      const units = input.lines ? wantedUnits(order, input.lines, 'refund') : [];
      const amount = amountMinor ?? (units.length > 0 ? Math.min(refundShare(order, units), left) : left);
      const request = { orderId, amountMinor: amount, reason, actorId: viewer.id };
      const refund = amount > 0 ? await this.payments.requestRefund(tx, request) : null;
      await this.returnUnits(tx, order, restock ? units : [], viewer.id);
      if (units.length > 0) await this.writes.giveBack(tx, orderId, units);
      return { order: await this.reread(tx, orderId), refund };
    });
    return this.settled(changed);
  }

  /** Locks an order that the viewer may see. @throws OrderNotFound, OrderVersionConflict */
  async lockFor(
    tx: Tx,
    orderId: string,
    { viewer, expectedVersion }: { viewer: Viewer; expectedVersion: number | null | undefined },
  ): Promise<OrderRow> {
    const order = await this.queries.lock(tx, orderId);
    const sight = sightOf(viewer);
    if (!order || (sight !== 'staff' && order.customerId !== viewer.id)) throw new OrderNotFound();
    if (expectedVersion != null && expectedVersion !== order.version) throw new OrderVersionConflict();
    return order;
  }

  /** Writes what happened to a locked order, tells it, and answers the order as it is now. */
  async note(
    tx: Tx,
    order: OrderRow,
    note: HistoryNote,
    money: { paid?: number; refunded?: number } = {},
  ): Promise<OrderRow> {
    await this.writes.change(tx, order.id, note, money);
    const after = await this.reread(tx, order.id);
    await this.events.append(tx, orderEvent(note.type, { order: after, stateBefore: note.from }));
    return after;
  }

  /** Calls the provider for a refund that the change has asked for, and answers the order as it is then. */
  async settled({ order, refund }: Changed): Promise<OrderRow> {
    if (!refund) return order;
    await this.payments.settle(refund);
    return this.reread(this.database, order.id);
  }

  private async returnUnits(tx: Tx, order: OrderRow, units: readonly LineUnits[], actorId: string): Promise<void> {
    if (units.length === 0) return;
    const events = await this.stock.returnSome(tx, order, units, actorId);
    await this.events.append(tx, ...events);
  }

  private async reread(db: Tx | Database, id: string): Promise<OrderRow> {
    const [order] = await this.queries.byIds(db, [id], 'staff');
    if (!order) throw new OrderNotFound();
    return order;
  }
}
