import { OrderEventType } from './order.type.js';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import { ORDER_TOPIC } from './orders.events.js';

/** Units of a product that were sold, less those that were cancelled. */
export interface ProductSales {
  productId: string;
  units: number;
}

@Injectable()
export class OrderSalesQueries {
  /** Up to which event sales are counted; `null` while somebody else counts. */
  async takeTurn(tx: Tx): Promise<number | null> {
    const [row] = await tx.query<{ pos: number }>(
      'orderSales.takeTurn',
      'SELECT pos FROM order_sales FOR UPDATE SKIP LOCKED',
    );
    return row?.pos ?? null;
  }

  /** What the events after a position sold. Products that are gone are left out. */
  async salesAfter(tx: Tx, pos: number, limit: number): Promise<{ upTo: number; sales: ProductSales[] }> {
    const [row] = await tx.query<{ upTo: number; sales: ProductSales[] }>(
      'orderSales.after',
      `WITH e AS (SELECT pos, topic, type, payload FROM event_log WHERE pos > $1 ORDER BY pos LIMIT $2),
       units AS (
         SELECT l."productId" AS product_id, sum(CASE WHEN e.type = $4 THEN l.quantity ELSE -l.quantity END) AS units
         FROM e, jsonb_to_recordset(e.payload -> 'order' -> 'lines') AS l ("productId" uuid, quantity integer)
         WHERE e.topic = $3 AND e.type IN ($4, $5) AND l."productId" IS NOT NULL
         GROUP BY l."productId"
       )
       SELECT coalesce((SELECT max(pos) FROM e), $1::bigint) AS "upTo",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('productId', product_id, 'units', units) ORDER BY product_id), '[]')
          FROM units WHERE units <> 0) AS sales`,
      [pos, limit, ORDER_TOPIC, OrderEventType.PLACED, OrderEventType.CANCELLED],
    );
    return row ?? { upTo: pos, sales: [] };
  }

  async advance(tx: Tx, pos: number): Promise<void> {
    await tx.query('orderSales.advance', 'UPDATE order_sales SET pos = $1', [pos]);
  }
}
