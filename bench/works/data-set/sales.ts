import type { Counts } from './draw.ts';

const users = ({
  accounts,
}: Counts): string => `INSERT INTO users (id, email, name, password_hash, roles, created_at, updated_at)
  SELECT pg_temp.id('user', n), 'user' || n || '@example.com', 'User ' || n, '-', '{USER}', at, at
  FROM generate_series(1, ${accounts}) n, LATERAL (SELECT '2025-01-01'::timestamptz + n * interval '1 minute' AS at) t`;

const ADDRESS = `'{"fullName": "Ada Byron", "line1": "12 St James Square", "city": "London", "country": "GB"}'`;
const SHIPPING = `'{"code": "standard", "name": "Standard delivery"}'`;

const BOOKS = [
  `INSERT INTO orders (id, number, state, customer_id, email, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor,
     total_minor, tax_included, paid_minor, shipping_address, shipping_method, on_account, placed_at, updated_at, version)
   SELECT pg_temp.id('order', n), upper(substr(h, 1, 4) || '-' || substr(h, 5, 4) || '-' || substr(h, 9, 4)),
     CASE WHEN done THEN 'DELIVERED' ELSE 'PENDING_PAYMENT' END, pg_temp.id('user', customer), 'user' || customer || '@example.com',
     'GBP', total, 0, 0, 0, total, true, CASE WHEN done THEN total ELSE 0 END, ${ADDRESS}, ${SHIPPING}, NOT done, at, at,
     CASE WHEN done THEN 5 ELSE 1 END
   FROM made_orders JOIN (SELECT n, sum(price * quantity) AS total FROM made_lines GROUP BY n) t USING (n),
     LATERAL (SELECT md5('number' || n) AS h) m ORDER BY n`,
  `INSERT INTO order_lines (id, order_id, position, variant_id, product_id, sku, product_name, variant_title, unit_price_minor,
     quantity, fulfilled)
   SELECT pg_temp.id('line', l), pg_temp.id('order', l.n), l.i - 1, v.id, v.product_id, l.sku, p.name, v.title, l.price, l.quantity,
     CASE WHEN done THEN l.quantity ELSE 0 END
   FROM made_lines l JOIN made_orders USING (n) JOIN product_variants v ON v.sku = l.sku JOIN products p ON p.id = v.product_id
   ORDER BY l.l`,
  `INSERT INTO payments (id, order_id, provider, state, amount_minor, captured_minor, currency, idempotency_key, created_at, updated_at)
   SELECT pg_temp.id('payment', n), id, 'manual', CASE WHEN done THEN 'CAPTURED' ELSE 'PENDING' END, total_minor, paid_minor, 'GBP',
     'payment:' || pg_temp.id('payment', n), at, at
   FROM made_orders JOIN orders ON id = pg_temp.id('order', n) ORDER BY n`,
  `INSERT INTO order_history (id, order_id, from_state, to_state, what, at)
   SELECT pg_temp.id('history', n * 4 + step), pg_temp.id('order', n), before, after, what, at + step * interval '1 day'
   FROM made_orders, (VALUES (0, 'PENDING_PAYMENT', 'PAID', 'PAYMENT_RECEIVED'), (1, 'PAID', 'FULFILLED', 'PACKED'),
     (2, 'FULFILLED', 'SHIPPED', 'SHIPPED'), (3, 'SHIPPED', 'DELIVERED', 'DELIVERED')) AS s (step, before, after, what)
   WHERE done ORDER BY n, step`,
  `INSERT INTO fulfillments (id, order_id, state, carrier, created_at, shipped_at, delivered_at)
   SELECT pg_temp.id('parcel', n), pg_temp.id('order', n), 'DELIVERED', 'Post', at + interval '1 day', at + interval '2 days',
     at + interval '3 days'
   FROM made_orders WHERE done ORDER BY n`,
  `INSERT INTO fulfillment_lines (fulfillment_id, order_line_id, quantity)
   SELECT pg_temp.id('parcel', l.n), pg_temp.id('line', l.l), l.quantity FROM made_lines l JOIN made_orders USING (n)
   WHERE done ORDER BY l.l`,
];

// Its first units are in the ledger already.
const LEDGER = `INSERT INTO stock_movements (id, variant_id, delta, on_hand_after, reason, holder_id, at)
  SELECT pg_temp.id('sale', l), pg_temp.id('variant', v), -quantity, stock - sum(quantity) OVER (PARTITION BY v ORDER BY l), 'SOLD',
    pg_temp.id('order', s.n), s.at
  FROM made_lines s JOIN made_variants USING (v) ORDER BY l`;

/** Accounts; and what they have bought, and what that took from the stock, which is written behind the catalogue. */
export function sales(counts: Counts): { users: string; books: readonly string[] } {
  return { users: users(counts), books: [...BOOKS, LEDGER] };
}
