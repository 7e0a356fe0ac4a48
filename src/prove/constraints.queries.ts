import type { Database } from '../database/database.js';
import { violatedConstraint } from '../database/pg-error.js';

/** What the attempts are made on. */
export interface Targets {
  /** SKU of something of which units are promised. */
  sku: string;
  /** Number of an order on account that was a customer's cart. */
  order: string;
  /** Number of an order that is paid by card. */
  paid: string;
  /** Code of a coupon with a limit. */
  coupon: string;
}

/** A statement that the database must refuse. */
export interface Attempt {
  /** What would be true otherwise. */
  what: string;
  /** The constraint that has to refuse it. */
  constraint: string;
  on: keyof Targets;
  sql: string;
}

const LEVEL = 'variant_id = (SELECT id FROM product_variants WHERE sku = $1)';
const OF_ORDER = 'order_id = (SELECT id FROM orders WHERE number = $1)';
const MONEY = 'state, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, tax_included';
const CART = '(SELECT customer_id FROM orders WHERE number = $1)';

/** Every rule that is written into the tables of buying. */
export const ATTEMPTS: readonly Attempt[] = [
  {
    what: 'fewer than no units on hand',
    constraint: 'stock_on_hand_not_negative',
    on: 'sku',
    sql: `UPDATE stock_levels SET on_hand = -1, reserved = 0 WHERE ${LEVEL}`,
  },
  {
    what: 'more units promised than on hand',
    constraint: 'stock_reserved_on_hand',
    on: 'sku',
    sql: `UPDATE stock_levels SET reserved = on_hand + 1 WHERE ${LEVEL}`,
  },
  {
    what: 'something deleted that is promised to a buyer',
    constraint: 'stock_reservations_variant',
    on: 'sku',
    sql: 'DELETE FROM product_variants WHERE sku = $1',
  },
  {
    what: 'a promotion used more often than it may be',
    constraint: 'promotions_within_limit',
    on: 'coupon',
    sql: 'UPDATE promotions SET used = usage_limit + 1 WHERE code = $1',
  },
  {
    what: 'a total that does not add up',
    constraint: 'orders_total_adds_up',
    on: 'order',
    sql: 'UPDATE orders SET total_minor = total_minor + 1 WHERE number = $1',
  },
  {
    what: 'more paid than an order costs',
    constraint: 'orders_paid_within_total',
    on: 'order',
    sql: 'UPDATE orders SET paid_minor = total_minor + 1 WHERE number = $1',
  },
  {
    what: 'more given back than was paid',
    constraint: 'orders_refunded_within_paid',
    on: 'paid',
    sql: 'UPDATE orders SET refunded_minor = paid_minor + 1 WHERE number = $1',
  },
  {
    what: 'a second order for a cart',
    constraint: 'orders_cart_unique',
    on: 'order',
    sql: `INSERT INTO orders (${MONEY}, cart_id) SELECT ${MONEY}, cart_id FROM orders WHERE number = $1`,
  },
  {
    what: 'two orders with one number',
    constraint: 'orders_number_unique',
    on: 'order',
    sql: `INSERT INTO orders (${MONEY}, number) SELECT ${MONEY}, number FROM orders WHERE number = $1`,
  },
  {
    what: 'more packed than ordered',
    constraint: 'order_lines_fulfilled',
    on: 'order',
    sql: `UPDATE order_lines SET fulfilled = quantity + 1 WHERE ${OF_ORDER}`,
  },
  {
    what: 'more given back than ordered',
    constraint: 'order_lines_refunded',
    on: 'order',
    sql: `UPDATE order_lines SET refunded = quantity + 1 WHERE ${OF_ORDER}`,
  },
  {
    what: 'more taken off a line than it costs',
    constraint: 'order_lines_discount',
    on: 'order',
    sql: `UPDATE order_lines SET discount_minor = unit_price_minor * quantity + 1 WHERE ${OF_ORDER}`,
  },
  {
    what: 'a second payment under way',
    constraint: 'payments_one_active',
    on: 'order',
    sql: `INSERT INTO payments (order_id, provider, state, amount_minor, currency, idempotency_key)
      SELECT id, 'manual', 'PENDING', 1, currency, 'prove' FROM orders WHERE number = $1`,
  },
  {
    what: 'more collected than a payment is over',
    constraint: 'payments_captured_within_amount',
    on: 'paid',
    sql: `UPDATE payments SET captured_minor = amount_minor + 1 WHERE ${OF_ORDER}`,
  },
  {
    what: 'more given back than was collected',
    constraint: 'payments_refunded_within_captured',
    on: 'paid',
    sql: `UPDATE payments SET refunded_minor = captured_minor + 1 WHERE ${OF_ORDER}`,
  },
  {
    what: 'a second open cart of an account',
    constraint: 'carts_open_of_customer',
    on: 'order',
    sql: `INSERT INTO carts (customer_id, expires_at)
      SELECT customer_id, expires_at FROM carts WHERE customer_id = ${CART} AND order_id IS NULL`,
  },
  {
    what: 'one thing on two lines of a cart',
    constraint: 'cart_lines_variant_once',
    on: 'sku',
    sql: `INSERT INTO cart_lines (cart_id, variant_id, quantity) SELECT cart_id, variant_id, 1 FROM cart_lines WHERE ${LEVEL}`,
  },
  {
    what: 'one key claimed twice',
    constraint: 'idempotency_keys_pkey',
    on: 'order',
    sql: `INSERT INTO idempotency_keys (key_hash, fingerprint)
      SELECT key_hash, fingerprint FROM idempotency_keys WHERE $1 <> '' LIMIT 1`,
  },
];

/** Undoes the transaction of an attempt that was not refused. */
class NotRefused extends Error {
  constructor(readonly rows: number) {
    super();
  }
}

/** Makes an attempt in a transaction that is rolled back. Answers the constraint that refused it, or what happened instead. */
export async function refusalOf(database: Database, { on, sql }: Attempt, targets: Targets): Promise<string> {
  try {
    return await database.transaction(async (tx) => {
      const rows = await tx.query('prove.attempt', `${sql} RETURNING 1`, [targets[on]]);
      throw new NotRefused(rows.length);
    });
  } catch (error) {
    if (error instanceof NotRefused) return error.rows > 0 ? 'nothing' : 'nothing, as there was no row to try it on';
    const constraint = violatedConstraint(error);
    if (constraint === null) throw error;
    return constraint;
  }
}
