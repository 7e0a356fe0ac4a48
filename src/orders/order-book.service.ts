import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { Db, Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { NewEvent } from '../events/event.js';
import type { NewOrder } from './new-order.type.js';
import { OrderWrites, type HistoryNote, type Money } from './order-writes.queries.js';
import { OrderEventType, type LineUnits, type OrderRow } from './order.type.js';
import { OrderNotFound, OrderVersionConflict } from './orders.errors.js';
import { orderEvent } from './orders.events.js';
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

  /** Writes a new order with its lines. It is told by `placed`, when its units and its payment are there too. */
  write(tx: Tx, order: NewOrder): Promise<OrderRow> {
    return this.writes.insert(tx, order);
  }

  /** Tells that an order was placed, behind what happened to the stock. */
  async placed(tx: Tx, order: OrderRow, stockEvents: readonly NewEvent[]): Promise<void> {
    await this.events.append(tx, ...stockEvents, orderEvent(OrderEventType.PLACED, { order, stateBefore: null }));
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

  /** Notes units of lines that are given back. */
  async givenBack(tx: Tx, order: OrderRow, units: readonly LineUnits[]): Promise<void> {
    if (units.length > 0) await this.writes.giveBack(tx, order.id, units);
  }

  /** Writes what happened to a locked order, tells it behind what happened to the stock, and answers the order as it is now. */
  async note(tx: Tx, note: HistoryNote, { money = {}, stockEvents = [] }: NoteDetails = {}): Promise<OrderRow> {
    await this.writes.change(tx, note, money);
    const order = await this.read(tx, note.orderId);
    await this.events.append(tx, ...stockEvents, orderEvent(note.type, { order, stateBefore: note.from }));
    return order;
  }
}

interface NoteDetails {
  money?: Money;
  stockEvents?: readonly NewEvent[];
}
