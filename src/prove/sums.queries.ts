import type { Db } from '../database/db.js';
import { KEY_ADDRESSES } from '../scratch/buyers.js';

/** Something that must hold over all that is in the database. */
export interface Sum {
  /** What holds. */
  title: string;
  /** Answers what it does not hold for. */
  wrong: (db: Db, told: readonly string[]) => Promise<object[]>;
}

const sum = (title: string, name: string, sql: string): Sum => ({
  title,
  wrong: (db) => db.query(`prove.${name}`, `${sql} LIMIT 20`),
});

// Units by order and variant: as ordered, and as stock knows them.
const UNITS = `WITH ordered AS (
    SELECT l.order_id, l.variant_id, sum(l.quantity) AS units FROM order_lines l JOIN orders o ON o.id = l.order_id
    WHERE o.state <> 'CANCELLED' GROUP BY l.order_id, l.variant_id
  ), moved AS (
    SELECT holder_id AS order_id, variant_id, -delta AS units FROM stock_movements
    WHERE reason IN ('SOLD', 'CANCELLED') OR holder_id IS NOT NULL
    UNION ALL SELECT holder_id, variant_id, quantity FROM stock_reservations
  ), held AS (
    SELECT order_id, variant_id, sum(units) AS units FROM moved GROUP BY order_id, variant_id HAVING sum(units) <> 0
  )`;
const LOG = `FROM event_log e WHERE e.topic = 'order'`;

// The price that the log told last before an order was placed. A product without a change has no price to compare.
const OLD_PRICES = `SELECT e.pos, e.payload #>> '{order,number}' AS "order", l."unitPriceMinor" AS price, p.price AS "priceOfThen"
  FROM event_log e, jsonb_to_recordset(e.payload #> '{order,lines}') AS l ("variantId" uuid, "unitPriceMinor" bigint),
  LATERAL (
    SELECT (c.payload #>> '{priceChange,after}')::bigint AS price FROM event_log c
    WHERE c.type = 'PRICE_CHANGED' AND c.pos < e.pos AND c.payload ->> 'variantId' = l."variantId"::text
    ORDER BY c.pos DESC LIMIT 1
  ) p
  WHERE e.topic = 'order' AND e.type = 'PLACED' AND l."unitPriceMinor" <> p.price`;

/** Orders at another price than the last one before them. */
export function ordersAtOldPrices(db: Db): Promise<object[]> {
  return db.query('prove.oldPrices', OLD_PRICES);
}

/** In the order of the report. */
export const SUMS: readonly Sum[] = [
  sum(
    'units sold = units taken + units promised, over everything',
    'unitsInAll',
    `${UNITS} SELECT * FROM (SELECT (SELECT coalesce(sum(units), 0) FROM ordered) AS sold,
       (SELECT coalesce(sum(units), 0) FROM moved) AS "takenAndPromised") t WHERE sold <> "takenAndPromised"`,
  ),
  sum(
    'no order without its units',
    'ordersWithoutUnits',
    `${UNITS} SELECT (SELECT number FROM orders WHERE id = o.order_id) AS "order", v.sku, o.units AS ordered, coalesce(h.units, 0) AS held
     FROM ordered o LEFT JOIN held h USING (order_id, variant_id) LEFT JOIN product_variants v ON v.id = o.variant_id
     WHERE o.units IS DISTINCT FROM h.units`,
  ),
  sum(
    'no units without their order',
    'unitsWithoutOrder',
    `${UNITS} SELECT h.order_id AS holder, v.sku, h.units AS held
     FROM held h LEFT JOIN ordered o USING (order_id, variant_id) LEFT JOIN product_variants v ON v.id = h.variant_id
     WHERE o.order_id IS NULL`,
  ),
  sum(
    'units on hand = sum of the ledger, entry by entry',
    'ledger',
    `SELECT sku, on_hand AS "onHand", ledger FROM (
       SELECT s.*, (SELECT coalesce(sum(delta), 0) FROM stock_movements m WHERE m.variant_id = s.variant_id) AS ledger,
         (SELECT coalesce(bool_or(on_hand_after <> running), false) FROM (
            SELECT m.on_hand_after, sum(m.delta) OVER (ORDER BY m.id) AS running FROM stock_movements m WHERE m.variant_id = s.variant_id
          ) r) AS broken
       FROM stock_levels s) l JOIN product_variants v ON v.id = l.variant_id
     WHERE on_hand <> ledger OR on_hand < 0 OR broken`,
  ),
  sum(
    'units promised = sum of the reservations',
    'reserved',
    `SELECT v.sku, s.reserved, r.units FROM stock_levels s JOIN product_variants v ON v.id = s.variant_id,
       LATERAL (SELECT coalesce(sum(quantity), 0) AS units FROM stock_reservations r WHERE r.variant_id = s.variant_id) r
     WHERE s.reserved <> r.units OR s.reserved < 0 OR s.reserved > s.on_hand`,
  ),
  sum(
    'one order per key',
    'ordersPerKey',
    `SELECT email AS key, count(*)::int AS orders, array_agg(number) AS numbers FROM orders
     WHERE email LIKE '${KEY_ADDRESSES}' GROUP BY email HAVING count(*) > 1`,
  ),
  {
    title: 'every order that was acknowledged is there',
    wrong: (db, told) =>
      db.query(
        'prove.lost',
        `SELECT t.number AS "order" FROM unnest($1::text[]) AS t (number)
         WHERE NOT EXISTS (SELECT FROM orders o WHERE o.number = t.number) LIMIT 20`,
        [told],
      ),
  },
  {
    title: 'every order that is there was acknowledged',
    wrong: (db, told) =>
      db.query(
        'prove.untold',
        `SELECT o.number AS "order", o.email FROM orders o
         WHERE NOT EXISTS (SELECT FROM unnest($1::text[]) AS t (number) WHERE t.number = o.number) LIMIT 20`,
        [told],
      ),
  },
  sum(
    'totals = their lines',
    'totals',
    `SELECT o.number AS "order", o.subtotal_minor AS subtotal, l.subtotal AS lines, o.discount_minor AS discount, l.discount AS "lineDiscounts",
       o.total_minor AS total FROM orders o, LATERAL (
         SELECT coalesce(sum(unit_price_minor * quantity), 0) AS subtotal, coalesce(sum(discount_minor), 0) AS discount,
           coalesce(sum(tax_minor), 0) AS tax FROM order_lines l WHERE l.order_id = o.id) l
     WHERE o.subtotal_minor <> l.subtotal OR o.discount_minor <> l.discount OR (o.shipping_minor = 0 AND o.tax_minor <> l.tax)
       OR o.total_minor <> o.subtotal_minor - o.discount_minor + o.shipping_minor + CASE WHEN o.tax_included THEN 0 ELSE o.tax_minor END`,
  ),
  sum(
    'paid = collected, and money of cancelled orders goes back',
    'money',
    `SELECT o.number AS "order", o.state, o.total_minor AS total, o.paid_minor AS paid, p.captured, r.returning FROM orders o,
       LATERAL (SELECT coalesce(sum(captured_minor) FILTER (WHERE state <> 'CANCELLED'), 0) AS captured,
         coalesce(sum(captured_minor), 0) AS ever FROM payments p WHERE p.order_id = o.id) p,
       LATERAL (SELECT coalesce(sum(amount_minor) FILTER (WHERE state <> 'FAILED'), 0) AS returning FROM refunds r WHERE r.order_id = o.id) r
     WHERE o.paid_minor <> p.captured OR (o.state = 'PAID' AND o.paid_minor <> o.total_minor)
       OR (o.state = 'CANCELLED' AND p.ever <> r.returning) OR p.ever - r.returning > o.total_minor`,
  ),
  sum(
    'coupons: counted = noted, within their limits',
    'coupons',
    `SELECT p.code, p.usage_limit AS "limit", p.used, r.uses, r.most FROM promotions p, LATERAL (
       SELECT coalesce(sum(uses), 0) AS uses, coalesce(max(uses), 0) AS most, coalesce(bool_or(c.used IS DISTINCT FROM uses), false) AS wrong
       FROM (SELECT customer, count(*) AS uses FROM promotion_redemptions r WHERE r.promotion_id = p.id GROUP BY customer) u
       LEFT JOIN promotion_customers c ON c.promotion_id = p.id AND c.customer = u.customer) r
     WHERE (p.usage_limit IS NOT NULL AND p.used <> r.uses) OR r.uses > p.usage_limit OR r.most > p.usage_limit_per_customer OR r.wrong`,
  ),
  sum(
    'coupons: each use belongs to an order that has the discount',
    'uses',
    `SELECT r.order_id AS holder, p.code, o.state FROM promotion_redemptions r JOIN promotions p ON p.id = r.promotion_id
       LEFT JOIN orders o ON o.id = r.order_id
     WHERE o.id IS NULL OR o.state = 'CANCELLED' OR NOT o.discounts @> jsonb_build_array(jsonb_build_object('code', p.code))
     UNION ALL
     SELECT o.id, p.code, o.state FROM orders o JOIN promotions p ON o.discounts @> jsonb_build_array(jsonb_build_object('code', p.code))
     WHERE o.state <> 'CANCELLED' AND NOT EXISTS (
       SELECT FROM promotion_redemptions r WHERE (r.promotion_id, r.order_id) = (p.id, o.id))`,
  ),
  sum(
    'the log tells each order once, without gaps',
    'events',
    `SELECT 'gap before' AS what, pos::text AS at FROM (SELECT pos, lag(pos) OVER (ORDER BY pos) AS before FROM event_log) e
     WHERE pos <> coalesce(before, 0) + 1
     UNION ALL
     SELECT 'end', last_pos::text FROM event_state WHERE last_pos <> (SELECT coalesce(max(pos), 0) FROM event_log)
     UNION ALL
     SELECT 'not in the log', seq::text FROM event_outbox
     UNION ALL
     SELECT 'times told: ' || count(e.pos), o.number FROM orders o
       LEFT JOIN event_log e ON e.entity_id = o.id AND e.topic = 'order' AND e.type = 'PLACED'
     GROUP BY o.id HAVING count(e.pos) <> 1
     UNION ALL
     SELECT 'told of no order', e.entity_id::text ${LOG} AND NOT EXISTS (SELECT FROM orders o WHERE o.id = e.entity_id)`,
  ),
  sum(
    'the log has the order of the commits',
    'chains',
    `SELECT what, id, pos, was, expected FROM (
       SELECT 'order' AS what, e.entity_id::text AS id, e.pos, e.payload ->> 'stateBefore' AS was,
         lag(e.payload #>> '{order,state}') OVER (PARTITION BY e.entity_id ORDER BY e.pos) AS expected, e.type = 'PLACED' AS first ${LOG}
       UNION ALL
       SELECT lower(e.type), e.payload ->> 'variantId', e.pos, e.payload #>> ARRAY[c.name, 'before'],
         lag(e.payload #>> ARRAY[c.name, 'after']) OVER (PARTITION BY e.payload ->> 'variantId', e.type ORDER BY e.pos), false
       FROM event_log e JOIN (VALUES ('STOCK_CHANGED', 'stockChange'), ('PRICE_CHANGED', 'priceChange')) AS c (type, name) USING (type)
     ) e
     WHERE CASE WHEN what = 'order' THEN was IS DISTINCT FROM expected OR first <> (expected IS NULL) ELSE was <> expected END
     UNION ALL
     SELECT 'last state', o.number, 0, last.state, o.state FROM orders o, LATERAL (
       SELECT e.payload #>> '{order,state}' AS state ${LOG} AND e.entity_id = o.id ORDER BY e.pos DESC LIMIT 1) last
     WHERE last.state <> o.state`,
  ),
  { title: 'every order has the price of its moment', wrong: ordersAtOldPrices },
];

/** How much there is to add up. */
export async function figuresOf(
  db: Db,
): Promise<Record<'orders' | 'cancelled' | 'units' | 'taken' | 'promised' | 'events', number>> {
  const [row] = await db.query<Record<'orders' | 'cancelled' | 'units' | 'taken' | 'promised' | 'events', number>>(
    'prove.figures',
    `SELECT count(*) AS orders, count(*) FILTER (WHERE state = 'CANCELLED') AS cancelled,
       (SELECT coalesce(sum(quantity), 0) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.state <> 'CANCELLED') AS units,
       (SELECT coalesce(-sum(delta), 0) FROM stock_movements WHERE holder_id IS NOT NULL) AS taken,
       (SELECT coalesce(sum(quantity), 0) FROM stock_reservations) AS promised,
       (SELECT count(*) FROM event_log) AS events FROM orders`,
  );
  if (!row) throw new Error('There are no figures.');
  return row;
}
