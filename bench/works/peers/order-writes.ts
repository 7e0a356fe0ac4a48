/** SQL of what an order is made of. */
interface OrderValues {
  customer: string;
  variants: string;
  quantities: string;
  email: string;
  address: string;
}

/**
 * One order as the parts of a WITH: `o` the order, `l` its lines, `paid` its payment, `wanted` what was bought. Stock is locked in
 * the order of the variants and guarded by the statement. When a unit is missing the subtotal is NULL, which the table refuses, so
 * that nothing is changed. It knows no promotions, no tax, no rates of shipping, and tells no events.
 */
export function orderWrites({ customer, variants, quantities, email, address }: OrderValues): string {
  return `wanted AS (
    SELECT w.variant_id, w.quantity, w.n, v.sku, v.title, v.price_minor, p.id AS product_id, p.name, p.slug, p.images
    FROM unnest(${variants}, ${quantities}) WITH ORDINALITY AS w (variant_id, quantity, n)
      JOIN product_variants v ON v.id = w.variant_id JOIN products p ON p.id = v.product_id AND p.status = 'ACTIVE'
  ), locked AS MATERIALIZED (
    SELECT s.variant_id FROM stock_levels s WHERE s.variant_id = ANY(${variants}) ORDER BY s.variant_id FOR NO KEY UPDATE
  ), taken AS (
    UPDATE stock_levels s SET on_hand = s.on_hand - w.quantity FROM locked JOIN wanted w USING (variant_id)
    WHERE s.variant_id = w.variant_id AND s.on_hand - s.reserved >= w.quantity RETURNING s.variant_id, w.quantity, s.on_hand
  ), sum AS (
    SELECT CASE WHEN (SELECT count(*) FROM taken) = cardinality(${variants}) THEN sum(w.price_minor * w.quantity) END AS total
    FROM wanted w
  ), o AS (
    INSERT INTO orders (state, customer_id, email, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor,
      tax_included, shipping_address, shipping_method, on_account)
    SELECT 'PENDING_PAYMENT', ${customer}, ${email}, 'GBP', sum.total, 0, 0, 0, sum.total, true, ${address},
      '{"code": "standard", "name": "Standard delivery"}', true
    FROM sum RETURNING *
  ), l AS (
    INSERT INTO order_lines (order_id, position, variant_id, product_id, sku, product_name, variant_title, unit_price_minor, quantity)
    SELECT o.id, w.n - 1, w.variant_id, w.product_id, w.sku, w.name, w.title, w.price_minor, w.quantity FROM o, wanted w ORDER BY w.n
    RETURNING *
  ), ledger AS (
    INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason, holder_id)
    SELECT t.variant_id, -t.quantity, t.on_hand, 'SOLD', o.id FROM o, taken t
  ), paid AS (
    INSERT INTO payments (order_id, provider, state, amount_minor, currency, idempotency_key)
    SELECT o.id, 'manual', 'PENDING', o.total_minor, o.currency, 'payment:' || o.id FROM o RETURNING *
  )`;
}
