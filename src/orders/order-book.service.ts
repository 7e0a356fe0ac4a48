import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { Db, Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { NewEvent } from '../events/event.js';
import type { Completion } from '../events/completed-events.queries.js';
import type { NewOrder, OrderNames } from './new-order.type.js';
import { OrderWrites, type HistoryNote, type Money } from './order-writes.queries.js';
import { OrderEventType, type LineUnits, type OrderRow, type RefundedUnits } from './order.type.js';
import { isWay } from './order-states.rules.js';
import { IllegalTransition, OrderNotFound, OrderVersionConflict } from './orders.errors.js';
import { orderEvent, type OrderEventPayload } from './orders.events.js';
import { OrdersQueries } from './orders.queries.js';
import { sightOf } from './orders.service.js';

/** Whose hands an order is taken into, and which version they have read. */
export interface Taking {
  viewer: Viewer;
  expectedVersion: number | null | undefined;
}

/** Where the rooms that make and change orders write them. Every change locks the order first and ends with a note. */
@Injectable()
export class OrderBook {
  constructor(
    private readonly events: EventsService,
    private readonly queries: OrdersQueries,
    private readonly writes: OrderWrites,
  ) {}

  /** What a new order with so many lines is called, and when it is placed. */
  newNames(tx: Tx, lines: number): Promise<OrderNames> {
    return this.writes.newNames(tx, lines);
  }

  /** Writes a new order with its lines. It is told by `placed`, when its units and its payment are there too. */
  write(tx: Tx, order: NewOrder): Promise<void> {
    return this.writes.insert(tx, order);
  }

  /** Tells that an order was placed, behind what happened to the stock. @param completion of the events of stock */
  async placed(tx: Tx, order: OrderRow, stockEvents: readonly NewEvent[], completion?: Completion): Promise<void> {
    const placed = orderEvent(OrderEventType.PLACED, {
      order,
      stateBefore: null,
      actorId: order.customerId ?? undefined,
    });
    if (completion) await this.events.appendCompleted(tx, completion, ...stockEvents, placed);
    else await this.events.append(tx, ...stockEvents, placed);
  }

  /** An order as it is now, whoever asks. @throws OrderNotFound */
  async read(db: Db, id: string): Promise<OrderRow> {
    const [order] = await this.queries.byIds(db, [id], 'staff');
    if (!order) throw new OrderNotFound();
    return order;
  }

  /** Locks an order until the transaction ends, whoever asks. */
  lock(tx: Tx, id: string): Promise<OrderRow | null> {
    return this.queries.lock(tx, id);
  }

  /** Locks an order that the viewer may see. @throws OrderNotFound, OrderVersionConflict */
  async take(tx: Tx, id: string, { viewer, expectedVersion }: Taking): Promise<OrderRow> {
    const order = await this.queries.lock(tx, id);
    if (!order || (sightOf(viewer) !== 'staff' && order.customerId !== viewer.id)) throw new OrderNotFound();
    if (expectedVersion != null && expectedVersion !== order.version) throw new OrderVersionConflict();
    return order;
  }

  /** Notes units of lines that are packed. */
  async packed(tx: Tx, order: OrderRow, units: readonly LineUnits[]): Promise<void> {
    await this.writes.pack(tx, order.id, units);
  }

  /** Notes units of lines whose money goes back. */
  async givenBack(tx: Tx, order: OrderRow, units: readonly RefundedUnits[]): Promise<void> {
    if (units.length > 0) await this.writes.giveBack(tx, order.id, units);
  }

  /** Notes that the goods of a locked order go before its money comes. */
  async putOnAccount(tx: Tx, order: OrderRow, actorId: string | null): Promise<OrderRow> {
    await this.writes.putOnAccount(tx, order.id);
    const states = { from: order.state, to: order.state };
    const reason = 'To be paid on account.';
    return this.note(tx, { orderId: order.id, type: OrderEventType.UPDATED, ...states, reason, actorId });
  }

  /** Writes what happened to a locked order, tells it behind what happened to the stock, and answers the order as it is now. @throws IllegalTransition */
  async note(tx: Tx, note: HistoryNote, { money = {}, stockEvents = [] }: NoteDetails = {}): Promise<OrderRow> {
    if (!isWay(note.from, note.to)) throw new IllegalTransition(note.from, note.to);
    await this.writes.change(tx, note, money);
    const order = await this.read(tx, note.orderId);
    await this.events.append(tx, ...stockEvents, orderEvent(note.type, payloadOf(order, note, money)));
    return order;
  }
}

function payloadOf(order: OrderRow, { from, reason, actorId }: HistoryNote, money: Money): OrderEventPayload {
  return {
    order,
    stateBefore: from,
    reason: reason ?? undefined,
    actorId: actorId ?? undefined,
    amountMinor: money.paid ?? money.refunded,
  };
}

interface NoteDetails {
  money?: Money;
  stockEvents?: readonly NewEvent[];
}
