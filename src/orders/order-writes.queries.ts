import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import type { AppliedDiscount } from '../promotions/discount.rules.js';
import type { Address } from '../users/address.type.js';
import type { FulfillmentState } from './fulfillment.type.js';
import type { OrderState } from './order-states.rules.js';
import type { OrderRow, OrderShippingMethod } from './order.type.js';
import type { OrderEventType } from './orders.events.js';
import type { NewOrder } from './new-order.type.js';

/** What happened, for the history. */
export interface HistoryNote {
  type: OrderEventType;
  from: OrderState;
  to: OrderState;
  reason: string | null;
  actorId: string | null;
}

/** Units of one line. */
export interface LineUnits {
  orderLineId: string;
  quantity: number;
}

/** How a parcel travels; what is `null` stays as it is. */
export interface Tracking {
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
}

interface InsertedOrder {
  id: string;
  number: string;
  placedAt: Date;
  updatedAt: Date;
  lineIds: string[];
}

/** Writes of the tables of this room. */
@Injectable()
export class OrderWrites {
  /** Writes an order with its lines and answers it whole, without reading it again. */
  async insert(tx: Tx, order: NewOrder): Promise<OrderRow> {
    const { lines, id, cartId, ...values } = order;
    const [row] = await tx.query<InsertedOrder>(
      'orders.insert',
      `WITH o AS (
         INSERT INTO orders (id, cart_id, state, customer_id, email, currency, subtotal_minor, discount_minor, shipping_minor,
           tax_minor, total_minor, tax_included, paid_minor, shipping_address, billing_address, shipping_method, discounts, on_account)
         VALUES (coalesce($1, uuidv7()), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16, $17)
         RETURNING id, number, placed_at, updated_at
       ), l AS (
         INSERT INTO order_lines (order_id, position, variant_id, product_id, sku, product_name, variant_title, unit_price_minor,
           quantity, discount_minor, tax_bp, tax_minor)
         SELECT o.id, w.* FROM o, jsonb_to_recordset($18::jsonb) AS w (position integer, "variantId" uuid, "productId" uuid, sku text,
           "productName" text, "variantTitle" text, "unitPriceMinor" bigint, quantity integer, "discountMinor" bigint,
           "taxBp" integer, "taxMinor" bigint)
         ORDER BY w.position
         RETURNING id, position
       )
       SELECT o.id, o.number, o.placed_at AS "placedAt", o.updated_at AS "updatedAt",
         (SELECT array_agg(l.id ORDER BY l.position) FROM l) AS "lineIds" FROM o`,
      [id, cartId, ...columnsOf(values), JSON.stringify(lines.map((line, position) => ({ ...line, position })))],
    );
    if (!row) throw new Error('An order that was inserted did not come back.');
    const { lineIds, ...given } = row;
    const placed = lines.map((line, index) => ({
      ...line,
      id: lineIds[index] ?? '',
      fulfilledQuantity: 0,
      refundedQuantity: 0,
    }));
    return { ...values, ...given, lines: placed, customerReference: null, paidMinor: 0, refundedMinor: 0, version: 1 };
  }

  /** Brings an order to a state, adds money that came or went, and writes its history. The order is locked. */
  async change(tx: Tx, id: string, note: HistoryNote, money: { paid?: number; refunded?: number } = {}): Promise<void> {
    await tx.query(
      'orders.change',
      `WITH changed AS (
         UPDATE orders SET state = $3, paid_minor = paid_minor + $7, refunded_minor = refunded_minor + $8,
           version = version + 1, updated_at = now()
         WHERE id = $1
       )
       INSERT INTO order_history (order_id, from_state, to_state, what, reason, actor_id) VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, note.from, note.to, note.type, note.reason, note.actorId, money.paid ?? 0, money.refunded ?? 0],
    );
  }

  /** Notes that units of lines are packed, in a new parcel. */
  async pack(tx: Tx, orderId: string, units: readonly LineUnits[], tracking: Tracking): Promise<void> {
    await tx.query(
      'orders.pack',
      `WITH parcel AS (
         INSERT INTO fulfillments (order_id, state, carrier, tracking_number, tracking_url)
         VALUES ($1, 'PACKED', $4, $5, $6) RETURNING id
       ), packed AS (
         UPDATE order_lines l SET fulfilled = l.fulfilled + u.quantity
         FROM unnest($2::uuid[], $3::integer[]) AS u (id, quantity) WHERE l.id = u.id AND l.order_id = $1
         RETURNING l.id, u.quantity
       )
       INSERT INTO fulfillment_lines (fulfillment_id, order_line_id, quantity)
       SELECT parcel.id, packed.id, packed.quantity FROM parcel, packed`,
      [orderId, ...unitColumns(units), tracking.carrier, tracking.trackingNumber, tracking.trackingUrl],
    );
  }

  /** Notes that units of lines are given back. */
  async giveBack(tx: Tx, orderId: string, units: readonly LineUnits[]): Promise<void> {
    await tx.query(
      'orders.giveBack',
      `UPDATE order_lines l SET refunded = l.refunded + u.quantity
       FROM unnest($2::uuid[], $3::integer[]) AS u (id, quantity) WHERE l.id = u.id AND l.order_id = $1`,
      [orderId, ...unitColumns(units)],
    );
  }

  /** Moves parcels of an order on; all that are where they must come from, or one. Answers how many. */
  async move(tx: Tx, orderId: string, way: ParcelMove): Promise<number> {
    const rows = await tx.query(
      'orders.moveParcels',
      `UPDATE fulfillments SET state = $3, carrier = coalesce($5, carrier), tracking_number = coalesce($6, tracking_number),
         tracking_url = coalesce($7, tracking_url), shipped_at = CASE WHEN $3 = 'SHIPPED' THEN now() ELSE shipped_at END,
         delivered_at = CASE WHEN $3 = 'DELIVERED' THEN now() ELSE delivered_at END
       WHERE order_id = $1 AND state = $2 AND ($4::uuid IS NULL OR id = $4)
       RETURNING id`,
      [
        orderId,
        way.from,
        way.to,
        way.fulfillmentId,
        way.tracking.carrier,
        way.tracking.trackingNumber,
        way.tracking.trackingUrl,
      ],
    );
    return rows.length;
  }
}

/** Which parcels go where. */
export interface ParcelMove {
  from: FulfillmentState;
  to: FulfillmentState;
  /** `null` for all that are there. */
  fulfillmentId: string | null;
  tracking: Tracking;
}

function columnsOf(order: Omit<NewOrder, 'id' | 'cartId' | 'lines'>): unknown[] {
  const json = (value: Address | OrderShippingMethod | AppliedDiscount[] | null): string | null =>
    value && JSON.stringify(value);
  return [
    ...[order.state, order.customerId, order.email, order.currency],
    ...[
      order.subtotalMinor,
      order.discountMinor,
      order.shippingMinor,
      order.taxMinor,
      order.totalMinor,
      order.taxIncluded,
    ],
    ...[json(order.shippingAddress), json(order.billingAddress), json(order.shippingMethod), json(order.discounts)],
    order.onAccount,
  ];
}

function unitColumns(units: readonly LineUnits[]): [string[], number[]] {
  return [units.map(({ orderLineId }) => orderLineId), units.map(({ quantity }) => quantity)];
}
