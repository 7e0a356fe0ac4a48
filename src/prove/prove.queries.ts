import type { Db, Tx } from '../database/db.js';

/** How one thing stands. */
export interface StockRow {
  sku: string;
  onHand: number;
  reserved: number;
  /** Units of orders that are not cancelled and whose units are taken. */
  sold: number;
  /** Units of orders whose payment is awaited. */
  awaited: number;
}

/** How many orders were placed from an address. */
export interface OrdersOfAddress {
  email: string;
  orders: number;
  numbers: string[];
}

/** Stock and sales of things, in the order of their SKUs. */
export function stockOf(db: Db, skus: readonly string[]): Promise<StockRow[]> {
  return db.query(
    'prove.stock',
    `SELECT v.sku, s.on_hand AS "onHand", s.reserved,
       coalesce(sum(l.quantity) FILTER (WHERE o.state <> 'CANCELLED' AND (o.state <> 'PENDING_PAYMENT' OR o.on_account)), 0)::int AS sold,
       coalesce(sum(l.quantity) FILTER (WHERE o.state = 'PENDING_PAYMENT' AND NOT o.on_account), 0)::int AS awaited
     FROM product_variants v JOIN stock_levels s ON s.variant_id = v.id
       LEFT JOIN order_lines l ON l.variant_id = v.id LEFT JOIN orders o ON o.id = l.order_id
     WHERE v.sku = ANY($1) GROUP BY v.sku, s.on_hand, s.reserved ORDER BY v.sku`,
    [skus],
  );
}

/** One row for each address, also for one without an order. */
export function ordersOf(db: Db, emails: readonly string[]): Promise<OrdersOfAddress[]> {
  return db.query(
    'prove.ordersOf',
    `SELECT e.email, count(o.id)::int AS orders, coalesce(array_agg(o.number) FILTER (WHERE o.id IS NOT NULL), '{}') AS numbers
     FROM unnest($1::text[]) AS e (email) LEFT JOIN orders o ON o.email = e.email GROUP BY e.email`,
    [emails],
  );
}

/** How often a coupon was used, in three places that must agree. */
export async function usesOf(db: Db, code: string): Promise<{ used: number; redeemed: number; ordered: number }> {
  const [row] = await db.query<{ used: number; redeemed: number; ordered: number }>(
    'prove.uses',
    `SELECT p.used, (SELECT count(*)::int FROM promotion_redemptions r WHERE r.promotion_id = p.id) AS redeemed,
       (SELECT count(*)::int FROM orders o WHERE o.discounts @> jsonb_build_array(jsonb_build_object('code', p.code))) AS ordered
     FROM promotions p WHERE p.code = $1`,
    [code],
  );
  return row ?? { used: -1, redeemed: -1, ordered: -1 };
}

/** Lets half of the reservations of these things run out at once; those that somebody is just ending are left alone. */
export async function expireHalf(tx: Tx, skus: readonly string[]): Promise<void> {
  await tx.query(
    'prove.expire',
    `WITH chosen AS (
       SELECT r.holder_id, r.variant_id FROM stock_reservations r JOIN product_variants v ON v.id = r.variant_id
       WHERE v.sku = ANY($1) AND hashtext(r.holder_id::text) % 2 = 0 FOR UPDATE OF r SKIP LOCKED
     )
     UPDATE stock_reservations r SET expires_at = now() - interval '1 second' FROM chosen c
     WHERE (r.holder_id, r.variant_id) = (c.holder_id, c.variant_id)`,
    [skus],
  );
}

/** How many orders hold units of these things although their time has run out. */
export async function overdue(db: Db, skus: readonly string[]): Promise<number> {
  const [row] = await db.query<{ orders: number }>(
    'prove.overdue',
    `SELECT count(DISTINCT r.holder_id)::int AS orders FROM stock_reservations r JOIN product_variants v ON v.id = r.variant_id
     WHERE v.sku = ANY($1) AND r.expires_at <= now()`,
    [skus],
  );
  return row?.orders ?? 0;
}

/** What became of orders. */
export interface Outcomes {
  paid: number;
  awaited: number;
  byCustomer: number;
  byShop: number;
}

/** What became of all orders of these things. */
export async function outcomesOf(db: Db, skus: readonly string[]): Promise<Outcomes> {
  const [row] = await db.query<Outcomes>(
    'prove.outcomes',
    `SELECT count(*) FILTER (WHERE state = 'PAID')::int AS paid, count(*) FILTER (WHERE state = 'PENDING_PAYMENT')::int AS awaited,
       count(*) FILTER (WHERE by_customer)::int AS "byCustomer", count(*) FILTER (WHERE NOT by_customer)::int AS "byShop"
     FROM orders o LEFT JOIN LATERAL (
       SELECT h.actor_id IS NOT NULL AS by_customer FROM order_history h WHERE h.order_id = o.id AND h.what = 'CANCELLED'
     ) h ON true
     WHERE EXISTS (SELECT FROM order_lines l WHERE l.order_id = o.id AND l.sku = ANY($1))`,
    [skus],
  );
  if (!row) throw new Error('There are no outcomes.');
  return row;
}

/** Units of things in the carts of guests. */
export function unitsInGuestCarts(db: Db, skus: readonly string[]): Promise<{ sku: string; units: number }[]> {
  return db.query(
    'prove.unitsInGuestCarts',
    `SELECT v.sku, sum(l.quantity)::int AS units FROM cart_lines l JOIN carts c ON c.id = l.cart_id
       JOIN product_variants v ON v.id = l.variant_id
     WHERE v.sku = ANY($1) AND c.customer_id IS NULL GROUP BY v.sku`,
    [skus],
  );
}

/** How many events are not in the log yet. */
export async function waitingEvents(db: Db): Promise<number> {
  const [row] = await db.query<{ waiting: number }>(
    'prove.waitingEvents',
    'SELECT count(*)::int AS waiting FROM event_outbox',
  );
  return row?.waiting ?? 0;
}
