import { countOf } from './catalogue.js';
import type { Shop } from './shop.js';

// Orders of the shop itself: one that was imported has no units, money and events of its own.
const OWN = `own AS (SELECT * FROM orders WHERE email IS NOT NULL)`;

const STOCK = `
  SELECT 'ledger' AS what, s.variant_id AS id FROM stock_levels s
  WHERE s.on_hand <> (SELECT coalesce(sum(delta), 0) FROM stock_movements m WHERE m.variant_id = s.variant_id)
  UNION ALL
  SELECT 'reserved', s.variant_id FROM stock_levels s
  WHERE s.reserved <> (SELECT coalesce(sum(quantity), 0) FROM stock_reservations r WHERE r.variant_id = s.variant_id)
  UNION ALL
  SELECT 'ledger out of order', variant_id FROM (
    SELECT variant_id, on_hand_after, sum(delta) OVER (PARTITION BY variant_id ORDER BY id) AS running FROM stock_movements
  ) m WHERE running <> on_hand_after
  UNION ALL
  SELECT 'units without an order', h.holder_id FROM (
    SELECT holder_id FROM stock_movements UNION SELECT holder_id FROM stock_reservations
  ) h WHERE h.holder_id IS NOT NULL AND NOT EXISTS (SELECT FROM orders o WHERE o.id = h.holder_id)
  UNION ALL
  SELECT 'sold out', p.id FROM products p
  WHERE p.in_stock IS DISTINCT FROM EXISTS (
    SELECT FROM product_variants v JOIN stock_levels s ON s.variant_id = v.id WHERE v.product_id = p.id AND s.on_hand > s.reserved)`;

// Of a variant that was deleted the ledger is gone, too.
const UNITS = `
  SELECT 'units', u.id FROM (
    SELECT o.id, o.state, o.state = 'PENDING_PAYMENT' AND NOT o.on_account AS waits, sum(l.quantity) AS sold, sum(l.refunded) AS back,
      (SELECT coalesce(-sum(delta), 0) FROM stock_movements m WHERE m.holder_id = o.id AND m.variant_id = l.variant_id) AS taken,
      (SELECT coalesce(sum(quantity), 0) FROM stock_reservations r WHERE r.holder_id = o.id AND r.variant_id = l.variant_id) AS kept
    FROM own o JOIN order_lines l ON l.order_id = o.id WHERE l.variant_id IS NOT NULL
    GROUP BY o.id, o.state, o.on_account, l.variant_id
  ) u
  WHERE CASE WHEN waits THEN taken <> 0 OR kept <> sold
    WHEN state = 'CANCELLED' THEN kept <> 0 OR taken NOT BETWEEN 0 AND back
    ELSE kept <> 0 OR taken NOT BETWEEN sold - back AND sold END
  UNION ALL
  SELECT 'packed', o.id FROM own o JOIN order_lines l ON l.order_id = o.id
  WHERE l.fulfilled <> (SELECT coalesce(sum(quantity), 0) FROM fulfillment_lines f WHERE f.order_line_id = l.id)
    OR (o.state IN ('FULFILLED', 'SHIPPED', 'DELIVERED') AND l.fulfilled + l.unsent < l.quantity)
    OR (o.state = 'CANCELLED' AND l.fulfilled > 0 AND NOT o.on_account)
  UNION ALL
  SELECT 'parcels', o.id FROM own o JOIN fulfillments f ON f.order_id = o.id
  WHERE (o.state = 'SHIPPED' AND f.state = 'PACKED') OR (o.state = 'DELIVERED' AND f.state <> 'DELIVERED')`;

const MONEY = `
  SELECT 'total', o.id FROM own o, LATERAL (
    SELECT sum(unit_price_minor * quantity) AS subtotal, sum(discount_minor) AS discount, sum(tax_minor) AS tax
    FROM order_lines l WHERE l.order_id = o.id
  ) l
  WHERE (o.subtotal_minor, o.discount_minor) IS DISTINCT FROM (l.subtotal, l.discount) OR o.tax_minor < l.tax
    OR o.discount_minor <> (SELECT coalesce(sum((d ->> 'amountMinor')::bigint), 0) FROM jsonb_array_elements(o.discounts) d)
  UNION ALL
  SELECT 'money', o.id FROM own o, LATERAL (
    SELECT coalesce(sum(captured_minor), 0) AS paid, coalesce(sum(refunded_minor), 0) AS back
    FROM payments p WHERE p.order_id = o.id AND p.state NOT IN ('DECLINED', 'CANCELLED')
  ) p
  WHERE (o.paid_minor, o.refunded_minor) IS DISTINCT FROM (p.paid, p.back)
  UNION ALL
  SELECT 'refunds', p.order_id FROM payments p, LATERAL (
    SELECT coalesce(sum(amount_minor) FILTER (WHERE state = 'SUCCEEDED'), 0) AS done, coalesce(sum(amount_minor), 0) AS wanted
    FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'FAILED'
  ) r
  WHERE p.refunded_minor <> r.done OR r.wanted > p.captured_minor
  UNION ALL
  SELECT 'money kept of a payment that was given up', p.order_id FROM payments p
  WHERE p.state IN ('DECLINED', 'CANCELLED')
    AND p.captured_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM refunds r WHERE r.payment_id = p.id AND r.state <> 'FAILED')
  UNION ALL
  SELECT 'state of the money', o.id FROM own o
  WHERE CASE WHEN o.state = 'PENDING_PAYMENT' THEN o.paid_minor = o.total_minor
    WHEN o.state = 'REFUNDED' THEN o.refunded_minor <> o.total_minor OR o.total_minor = 0
    WHEN o.state = 'CANCELLED' THEN false
    ELSE o.paid_minor < o.total_minor AND (NOT o.on_account OR o.state = 'PAID') END
  UNION ALL
  SELECT 'promotion of a cancelled order', r.order_id FROM promotion_redemptions r JOIN orders o ON o.id = r.order_id
  WHERE o.state = 'CANCELLED'`;

const HISTORY = `
  SELECT 'history', o.id FROM own o, LATERAL (
    SELECT count(*) AS entries, bool_and(from_state = before) AS follows, (array_agg(to_state ORDER BY id DESC))[1] AS last FROM (
      SELECT id, from_state, to_state, lag(to_state, 1, from_state) OVER (ORDER BY id) AS before
      FROM order_history h WHERE h.order_id = o.id
    ) h
  ) h
  WHERE NOT coalesce(h.follows, true) OR o.version <> h.entries + 1 OR o.state <> coalesce(h.last, o.state)
  UNION ALL
  SELECT 'events', o.id FROM own o, LATERAL (
    SELECT array_agg(concat_ws(' ', payload #>> '{order,version}', type, payload ->> 'stateBefore', payload #>> '{order,state}') ORDER BY part, n) AS told
    FROM (
      SELECT 1 AS part, pos AS n, entity_id, type, payload FROM event_log
      UNION ALL SELECT 2, seq, entity_id, type, payload FROM event_outbox
    ) e WHERE e.entity_id = o.id
  ) e, LATERAL (
    SELECT array_agg(concat_ws(' ', version, what, from_state, to_state) ORDER BY version) AS entries FROM (
      SELECT 1 AS version, 'PLACED' AS what, NULL AS from_state,
        coalesce((SELECT from_state FROM order_history WHERE order_id = o.id ORDER BY id LIMIT 1), o.state) AS to_state
      UNION ALL
      SELECT 1 + row_number() OVER (ORDER BY id), what, from_state, to_state FROM order_history WHERE order_id = o.id
    ) h
  ) h
  WHERE e.told IS DISTINCT FROM h.entries
  UNION ALL
  SELECT 'cart', o.id FROM orders o LEFT JOIN carts c ON c.id = o.cart_id
  WHERE o.cart_id IS NOT NULL AND c.order_id IS DISTINCT FROM o.id`;

/** What is wrong with the books of a shop: stock, units, money, states, history and events; empty when everything adds up. */
export function wrongBooks(shop: Shop): Promise<object[]> {
  const parts = [STOCK, UNITS, MONEY, HISTORY].join(' UNION ALL ');
  return shop.database.query('test.wrongBooks', `WITH ${OWN} ${parts}`);
}

/** How many deadlocks there have been in the shop's database. @param connections size of the shop's pool */
export async function deadlocks(shop: Shop, connections: number): Promise<number> {
  // Each connection counts for itself and tells it by and by: all at once, each gets one of these.
  const telling = Array.from({ length: connections }, () =>
    shop.database.query('test.flush', 'SELECT pg_stat_force_next_flush(), pg_sleep(0.1)'),
  );
  await Promise.all(telling);
  const sql = 'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()';
  return countOf(shop, sql);
}
