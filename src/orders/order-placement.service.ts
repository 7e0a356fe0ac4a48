import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { NewEvent } from '../events/event.js';
import type { NewOrder } from './new-order.type.js';
import { OrderWrites } from './order-writes.queries.js';
import type { OrderRow } from './order.type.js';
import { orderEvent, OrderEventType } from './orders.events.js';
import { OrdersQueries } from './orders.queries.js';

/** Writes new orders, for the rooms where they are made. */
@Injectable()
export class OrderPlacement {
  constructor(
    private readonly events: EventsService,
    private readonly queries: OrdersQueries,
    private readonly writes: OrderWrites,
  ) {}

  /** Writes an order with its lines. It is told by `tell`, when its units and its payment are there too. */
  write(tx: Tx, order: NewOrder): Promise<OrderRow> {
    return this.writes.insert(tx, order);
  }

  /** Tells that an order was placed, behind what happened to the stock. */
  async tell(tx: Tx, order: OrderRow, stockEvents: readonly NewEvent[]): Promise<void> {
    await this.events.append(tx, ...stockEvents, orderEvent(OrderEventType.PLACED, { order, stateBefore: null }));
  }

  /** An order as it is now, whoever asks. */
  async read(db: Db, id: string): Promise<OrderRow> {
    const [order] = await this.queries.byIds(db, [id], 'staff');
    if (!order) throw new Error(`Order ${id} has gone.`);
    return order;
  }
}
