import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { OrderState } from './order-states.rules.js';
import { OrderEventType, type OrderLineRow, type OrderShippingMethod } from './order.type.js';

/** A line of an order that another system sold. Amounts in minor units. */
export type ImportedLine = Pick<
  OrderLineRow,
  | ('variantId' | 'productId' | 'sku' | 'productName' | 'variantTitle')
  | ('unitPriceMinor' | 'quantity' | 'discountMinor')
>;

/** An order that another system sold, delivered and paid. Amounts in minor units. */
export interface ImportedOrder {
  number: string;
  customerReference: string | null;
  /** In the form of RFC 3339. */
  placedAt: string;
  currency: string;
  subtotalMinor: number;
  /** Together the discounts of the lines. */
  discountMinor: number;
  shippingMinor: number;
  totalMinor: number;
  shippingMethod: OrderShippingMethod | null;
  lines: readonly ImportedLine[];
}

/** What tells an order of the shop from another one under the same number. */
export interface StoredOrder extends Omit<ImportedOrder, 'placedAt' | 'lines' | 'shippingMethod'> {
  placedAt: Date;
  shippingCode: string | null;
  lines: readonly [sku: string, unitPriceMinor: number, quantity: number][];
}

/** Something that may come back: units of a SKU, or what was paid for delivery. */
export interface Returnable {
  customerReference: string;
  /** `null` for delivery. */
  sku: string | null;
  /** What one unit cost, and units; of no meaning for delivery. */
  unitPriceMinor: number;
  quantity: number;
  amountMinor: number;
  /** Only orders placed then or before; RFC 3339. */
  until: string;
  /** How many orders are wanted: as many as things of the customer, since each thing may leave one order without enough. */
  most: number;
}

/** Something that came back, as the history has it. */
export interface KnownReturn {
  customerReference: string;
  reason: string;
  at: Date;
  count: number;
}

/** An order as far as something may come back of it. */
export interface SoldOrder {
  id: string;
  customerReference: string;
  placedAt: Date;
  state: OrderState;
  paidMinor: number;
  refundedMinor: number;
  shippingMinor: number;
  /** The price of the units that have come back. */
  returnedMinor: number;
  /** Lines of the SKUs that were asked for, in the order of the order. */
  lines: { id: string; sku: string; unitPriceMinor: number; quantity: number; refunded: number }[];
}

/** What came back of an order in another system. */
export interface ImportedReturn {
  orderId: string;
  amountMinor: number;
  /** In the form of RFC 3339. */
  at: string;
  reason: string;
  from: OrderState;
  to: OrderState;
  units: readonly { lineId: string; quantity: number }[];
}

const RETURNED = `(SELECT coalesce(sum(l.unit_price_minor * l.refunded), 0)::bigint FROM order_lines l WHERE l.order_id = o.id)`;
/** What is on its way back counts as gone. */
const MONEY_LEFT = `coalesce((SELECT p.captured_minor -
  (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'FAILED')
  FROM payments p WHERE p.order_id = o.id AND p.state = 'CAPTURED'), 0)`;

/** Many orders of another system in one statement each. They are history: nobody is told, and no stock moves. */
@Injectable()
export class OrdersBulk {
  /** The orders of the shop that have one of the numbers. */
  stored(db: Db, numbers: readonly string[]): Promise<StoredOrder[]> {
    return db.query(
      'orderImport.stored',
      `SELECT o.number, o.customer_reference AS "customerReference", o.placed_at AS "placedAt", o.currency,
         o.subtotal_minor AS "subtotalMinor", o.discount_minor AS "discountMinor", o.shipping_minor AS "shippingMinor",
         o.total_minor AS "totalMinor", o.shipping_method ->> 'code' AS "shippingCode",
         (SELECT coalesce(jsonb_agg(jsonb_build_array(l.sku, l.unit_price_minor, l.quantity) ORDER BY l.position), '[]')
          FROM order_lines l WHERE l.order_id = o.id) AS lines
       FROM orders o WHERE o.number = ANY($1)`,
      [numbers],
    );
  }

  /** Adds orders: delivered, paid in full, with the tax, which is not known, in their prices. A taken number violates a constraint. */
  insert(tx: Tx, orders: readonly ImportedOrder[]): Promise<{ id: string; number: string }[]> {
    const rows = orders.map((order, n) => {
      const lines = order.lines.map((line, position) => ({ ...line, position }));
      return { ...order, n, lines };
    });
    return tx.query(
      'orderImport.insert',
      `WITH o AS (
         INSERT INTO orders (number, state, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor,
           tax_included, paid_minor, shipping_method, discounts, customer_reference, placed_at)
         SELECT number, $2, currency, "subtotalMinor", "discountMinor", "shippingMinor", 0, "totalMinor", true, "totalMinor",
           "shippingMethod", CASE WHEN "discountMinor" = 0 THEN '[]'::jsonb ELSE
             jsonb_build_array(jsonb_build_object('name', 'Discount', 'code', NULL, 'amountMinor', "discountMinor")) END,
           "customerReference", "placedAt"
         FROM jsonb_to_recordset($1::jsonb) AS w (n integer, number text, currency text, "subtotalMinor" bigint,
           "discountMinor" bigint, "shippingMinor" bigint, "totalMinor" bigint, "shippingMethod" jsonb,
           "customerReference" text, "placedAt" timestamptz)
         ORDER BY n
         RETURNING id, number
       ), l AS (
         INSERT INTO order_lines (order_id, position, variant_id, product_id, sku, product_name, variant_title,
           unit_price_minor, quantity, discount_minor, fulfilled)
         SELECT o.id, w.position, w."variantId", w."productId", w.sku, w."productName", w."variantTitle", w."unitPriceMinor",
           w.quantity, w."discountMinor", w.quantity
         FROM jsonb_to_recordset($1::jsonb) AS i (number text, lines jsonb)
         JOIN o USING (number)
         CROSS JOIN LATERAL jsonb_to_recordset(i.lines) AS w (position integer, "variantId" uuid, "productId" uuid, sku text,
           "productName" text, "variantTitle" text, "unitPriceMinor" bigint, quantity integer, "discountMinor" bigint)
         ORDER BY o.id, w.position
       )
       SELECT id, number FROM o`,
      [JSON.stringify(rows), OrderState.DELIVERED],
    );
  }

  /** What the history tells of things that came back of these customers' orders for one of the reasons, and how often. */
  returned(db: Db, customerReferences: readonly string[], reasons: readonly string[]): Promise<KnownReturn[]> {
    return db.query(
      'orderImport.returned',
      `SELECT o.customer_reference AS "customerReference", h.reason, h.at, count(*) AS count
       FROM orders o JOIN order_history h ON h.order_id = o.id
       WHERE o.customer_reference = ANY($1) AND h.what = $3 AND h.reason = ANY($2)
       GROUP BY o.customer_reference, h.reason, h.at`,
      [customerReferences, reasons, OrderEventType.REFUNDED],
    );
  }

  /** Locks the newest imported orders that have enough left for each thing, in the order of their ids. Answers the ids. */
  async lockSold(tx: Tx, wanted: readonly Returnable[]): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'orderImport.lockSold',
      `SELECT o.id FROM orders o WHERE o.id IN (
         SELECT o.id FROM jsonb_to_recordset($1::jsonb) AS w ("customerReference" text, sku text, "unitPriceMinor" bigint,
           quantity integer, "amountMinor" bigint, until timestamptz, most integer)
         CROSS JOIN LATERAL (
           SELECT o.id FROM orders o
           WHERE o.customer_reference = w."customerReference" AND o.placed_at <= w.until AND ${MONEY_LEFT} >= w."amountMinor"
             AND CASE WHEN w.sku IS NULL
               THEN w."amountMinor" <= o.shipping_minor - greatest(o.refunded_minor - ${RETURNED}, 0)
               ELSE w.quantity <= (SELECT sum(l.quantity - l.refunded) FROM order_lines l
                 WHERE l.order_id = o.id AND l.sku = w.sku AND l.unit_price_minor = w."unitPriceMinor") END
           ORDER BY o.placed_at DESC, o.id DESC LIMIT w.most
         ) o
       ) ORDER BY o.id FOR NO KEY UPDATE`,
      [JSON.stringify(wanted)],
    );
    return rows.map(({ id }) => id);
  }

  /** The locked orders, newest first. */
  sold(tx: Tx, ids: readonly string[], skus: readonly string[]): Promise<SoldOrder[]> {
    return tx.query(
      'orderImport.sold',
      `SELECT o.id, o.customer_reference AS "customerReference", o.placed_at AS "placedAt", o.state, o.paid_minor AS "paidMinor",
         o.refunded_minor AS "refundedMinor", o.shipping_minor AS "shippingMinor", ${RETURNED} AS "returnedMinor",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'sku', l.sku, 'unitPriceMinor', l.unit_price_minor,
            'quantity', l.quantity, 'refunded', l.refunded) ORDER BY l.position), '[]')
          FROM order_lines l WHERE l.order_id = o.id AND l.sku = ANY($2)) AS lines
       FROM orders o WHERE o.id = ANY($1) ORDER BY o.placed_at DESC, o.id DESC`,
      [ids, skus],
    );
  }

  /** Writes what came back of locked orders, in this order, with their history. */
  async giveBack(tx: Tx, returns: readonly ImportedReturn[]): Promise<void> {
    await tx.query(
      'orderImport.giveBack',
      `WITH r AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (n integer, "orderId" uuid, "amountMinor" bigint, at timestamptz,
           reason text, "from" text, "to" text)
       ), units AS (
         UPDATE order_lines l SET refunded = l.refunded + u.quantity
         FROM (SELECT "lineId" AS id, sum(quantity)::integer AS quantity
               FROM jsonb_to_recordset($2::jsonb) AS w ("lineId" uuid, quantity integer) GROUP BY 1) u
         WHERE l.id = u.id
       ), changed AS (
         UPDATE orders o SET refunded_minor = o.refunded_minor + s.amount, state = s.state, version = o.version + s.changes,
           updated_at = now()
         FROM (SELECT "orderId" AS id, count(*)::integer AS changes, sum("amountMinor")::bigint AS amount,
                 (array_agg("to" ORDER BY n DESC))[1] AS state
               FROM r GROUP BY 1) s
         WHERE o.id = s.id
       )
       INSERT INTO order_history (order_id, from_state, to_state, what, reason, at)
       SELECT "orderId", "from", "to", $3, reason, at FROM r ORDER BY n`,
      [
        JSON.stringify(returns.map((back, n) => ({ ...back, n }))),
        JSON.stringify(returns.flatMap(({ units }) => units)),
        OrderEventType.REFUNDED,
      ],
    );
  }
}
