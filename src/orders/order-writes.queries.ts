import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import type { OrderState } from './order-states.rules.js';
import type { LineUnits, OrderEventType, RefundedUnits } from './order.type.js';
import type { NewOrder, OrderNames } from './new-order.type.js';

/** What happened, for the history. */
export interface HistoryNote {
  orderId: string;
  type: OrderEventType;
  from: OrderState;
  to: OrderState;
  reason: string | null;
  actorId: string | null;
}

/** Money that came or went, in minor units. */
export interface Money {
  paid?: number;
  refunded?: number;
}

/** Writes of the tables of this room. */
@Injectable()
export class OrderWrites {
  /** What a new order with so many lines is called, and when it is placed. */
  async newNames(tx: Tx, lines: number): Promise<OrderNames> {
    const [names] = await tx.query<OrderNames>(
      'orders.newNames',
      `SELECT uuidv7() AS id, order_number() AS number, now()::timestamptz(3) AS "placedAt",
         ARRAY(SELECT uuidv7() FROM generate_series(1, $1::int)) AS "lineIds"`,
      [lines],
    );
    if (!names) throw new Error('Names that were asked for did not come.');
    return names;
  }

  /** Writes a new order with its lines. */
  async insert(tx: Tx, { lines, cartId, ...order }: NewOrder): Promise<void> {
    await tx.query(
      'orders.insert',
      `WITH o AS (
         INSERT INTO orders (id, number, placed_at, updated_at, cart_id, state, customer_id, email, currency, subtotal_minor,
           discount_minor, shipping_minor, tax_minor, total_minor, tax_included, shipping_address, billing_address, shipping_method,
           discounts, on_account)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
       )
       INSERT INTO order_lines (order_id, id, position, variant_id, product_id, sku, product_name, variant_title, unit_price_minor,
         quantity, discount_minor, tax_bp, tax_minor)
       SELECT $1, w.* FROM jsonb_to_recordset($20::jsonb) AS w (id uuid, position integer, "variantId" uuid, "productId" uuid,
         sku text, "productName" text, "variantTitle" text, "unitPriceMinor" bigint, quantity integer, "discountMinor" bigint,
         "taxBp" integer, "taxMinor" bigint)
       ORDER BY w.position`,
      [
        order.id,
        order.number,
        order.placedAt,
        cartId,
        ...columnsOf(order),
        JSON.stringify(lines.map((line, position) => ({ ...line, position }))),
      ],
    );
  }

  /** Brings an order to a state, adds money that came or went, and writes its history. The order is locked. */
  async change(tx: Tx, note: HistoryNote, { paid = 0, refunded = 0 }: Money): Promise<void> {
    await tx.query(
      'orders.change',
      `WITH changed AS (
         UPDATE orders SET state = $3, paid_minor = paid_minor + $7, refunded_minor = refunded_minor + $8,
           version = version + 1, updated_at = now()
         WHERE id = $1
       )
       INSERT INTO order_history (order_id, from_state, to_state, what, reason, actor_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [note.orderId, note.from, note.to, note.type, note.reason, note.actorId, paid, refunded],
    );
  }

  /** Notes that units of lines are packed. */
  async pack(tx: Tx, orderId: string, units: readonly LineUnits[]): Promise<void> {
    await tx.query(
      'orders.pack',
      `UPDATE order_lines l SET fulfilled = l.fulfilled + u.quantity
       FROM unnest($2::uuid[], $3::integer[]) AS u (id, quantity) WHERE l.id = u.id AND l.order_id = $1`,
      [orderId, ...unitColumns(units)],
    );
  }

  /** Notes units of lines whose money goes back. */
  async giveBack(tx: Tx, orderId: string, units: readonly RefundedUnits[]): Promise<void> {
    await tx.query(
      'orders.giveBack',
      `UPDATE order_lines l SET refunded = l.refunded + u.quantity, unsent = l.unsent + u.unsent
       FROM unnest($2::uuid[], $3::integer[], $4::integer[]) AS u (id, quantity, unsent) WHERE l.id = u.id AND l.order_id = $1`,
      [orderId, ...unitColumns(units), units.map(({ unsent }) => unsent)],
    );
  }

  /** Notes that the goods of an order go before its money comes. */
  async putOnAccount(tx: Tx, orderId: string): Promise<void> {
    await tx.query('orders.putOnAccount', 'UPDATE orders SET on_account = true WHERE id = $1', [orderId]);
  }
}

function columnsOf(order: Omit<NewOrder, 'cartId' | 'lines'>): unknown[] {
  const { state, customerId, email, currency, subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor } =
    order;
  const amounts = [subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor];
  const { taxIncluded, shippingAddress, billingAddress, shippingMethod, discounts, onAccount } = order;
  // An object becomes JSON by itself, an array would become an array of PostgreSQL.
  const documents = [shippingAddress, billingAddress, shippingMethod, JSON.stringify(discounts)];
  return [state, customerId, email, currency, ...amounts, taxIncluded, ...documents, onAccount];
}

function unitColumns(units: readonly LineUnits[]): [string[], number[]] {
  return [units.map(({ orderLineId }) => orderLineId), units.map(({ quantity }) => quantity)];
}
