/** A row of `order_lines l` as JSON, an OrderLineRow. */
const LINE = `jsonb_build_object('id', l.id, 'variantId', l.variant_id, 'productId', l.product_id, 'sku', l.sku,
  'productName', l.product_name, 'variantTitle', l.variant_title, 'unitPriceMinor', l.unit_price_minor, 'quantity', l.quantity,
  'discountMinor', l.discount_minor, 'taxBp', l.tax_bp, 'taxMinor', l.tax_minor, 'fulfilledQuantity', l.fulfilled,
  'refundedQuantity', l.refunded, 'unsentQuantity', l.unsent)`;

/** The columns of `orders o`, with their lines, that make an OrderRow. */
export const ORDER_COLUMNS = `o.id, o.number, o.state, o.customer_id AS "customerId", o.email, o.currency,
  o.subtotal_minor AS "subtotalMinor", o.discount_minor AS "discountMinor", o.shipping_minor AS "shippingMinor",
  o.tax_minor AS "taxMinor", o.total_minor AS "totalMinor", o.tax_included AS "taxIncluded", o.paid_minor AS "paidMinor",
  o.refunded_minor AS "refundedMinor", o.shipping_address AS "shippingAddress", o.billing_address AS "billingAddress",
  o.shipping_method AS "shippingMethod", o.discounts, o.on_account AS "onAccount", o.customer_reference AS "customerReference",
  EXISTS (SELECT FROM payments p WHERE p.order_id = o.id AND p.state = 'AUTHORIZED') AS authorized,
  o.placed_at AS "placedAt", o.updated_at AS "updatedAt", o.version,
  (SELECT coalesce(jsonb_agg(${LINE} ORDER BY l.position), '[]') FROM order_lines l WHERE l.order_id = o.id) AS lines`;
