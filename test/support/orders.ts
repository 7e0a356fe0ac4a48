import { uuidOf } from '../../src/graphql/global-id.js';
import type { Account } from './accounts.js';
import { aVariant, countOf, makeProduct, type MadeProduct } from './catalogue.js';
import type { Answer, Shop } from './shop.js';

/** All that the tests look at of an order. */
export const ORDER = `
  id number state email currency taxIncluded onAccount version placedAt customerReference
  subtotal { amount } discountTotal { amount } shippingTotal { amount } taxTotal { amount } total { amount }
  paidTotal { amount } refundedTotal { amount } discounts { name code amount { amount } }
  shippingAddress { fullName line1 city country } billingAddress { fullName } shippingMethod { code name }
  customer { id } nextStates
  lines {
    id sku productName variantTitle quantity fulfilledQuantity refundedQuantity taxRate
    unitPrice { amount } discount { amount } lineTotal { amount } tax { amount } variant { id }
  }
  payments { id provider state amount { amount } capturedAmount { amount } refundedAmount { amount } }
  refunds { id state reason amount { amount } }
  fulfillments { id state carrier trackingNumber lines { orderLineId quantity } shippedAt deliveredAt }
  history { type fromState toState reason at actor { id } }`;

const changing = (field: string, input: string, more = ''): string =>
  `mutation ($input: ${input}!) { ${field}(input: $input) { order { ${ORDER} } ${more} userErrors { code field message } } }`;
const PAYMENT = 'payment { id provider state failure amount { amount } capturedAmount { amount } }';

/** The changes of orders. */
export const ORDER_CHANGES = {
  place: changing('placeOrder', 'PlaceOrderInput', `${PAYMENT} currentTotal { amount currency }`),
  cancel: changing('cancelOrder', 'CancelOrderInput'),
  fulfill: changing('fulfillOrder', 'FulfillOrderInput'),
  ship: changing('shipOrder', 'ShipOrderInput'),
  deliver: changing('deliverOrder', 'DeliverOrderInput'),
  refund: changing('refundOrder', 'RefundOrderInput'),
  start: changing('startPayment', 'StartPaymentInput', PAYMENT),
  capture: changing('capturePayment', 'CapturePaymentInput', PAYMENT),
};

/** Where orders of the tests go. */
export const ADDRESS = { fullName: 'Ada Byron', line1: '12 St James Square', city: 'London', country: 'GB' };

/** A one-call order of so many units each, sent to London and paid by the method. */
export function anOrder(lines: readonly { variantId: string; quantity: number }[], traits: object = {}): object {
  return {
    lines,
    email: 'ada@example.com',
    shippingAddress: ADDRESS,
    shippingMethod: 'standard',
    payment: { method: 'manual' },
    ...traits,
  };
}

/** A product with one variant for 10.00 each. */
export async function makeGoods(shop: Shop, staff: Account, stock: number, traits: object = {}): Promise<MadeProduct> {
  return makeProduct(shop, staff, { name: 'Goods', variants: [aVariant({ stock, ...traits })] });
}

/** Id of a product's only variant. */
export function variantOf({ variants }: MadeProduct): string {
  return variants[0]?.id ?? '';
}

/** Sends a change of an order and answers its payload. */
export async function order(
  shop: Shop,
  document: string,
  input: object,
  by?: Account,
): Promise<Record<string, any> & { userErrors: { code: string; field: string[] | null }[] }> {
  const { data, errors } = await shop.send(document, { input }, by?.token);
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0];
}

/** Places an order that must not be refused, and answers it. */
export async function placed(shop: Shop, input: object, by?: Account): Promise<Record<string, any>> {
  const payload = await order(shop, ORDER_CHANGES.place, input, by);
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload['order'];
}

/** Units of a variant: in the warehouse, and promised. */
export async function stockOf(shop: Shop, product: MadeProduct): Promise<[onHand: number, reserved: number]> {
  const id = uuidOf('variant', variantOf(product));
  const row = await shop.database.query<{ onHand: number; reserved: number }>(
    'test.stock',
    'SELECT on_hand AS "onHand", reserved FROM stock_levels WHERE variant_id = $1',
    [id],
  );
  return [row[0]?.onHand ?? -1, row[0]?.reserved ?? -1];
}

const TRACES = [
  ...['orders', 'order_lines', 'order_history', 'stock_levels', 'stock_reservations', 'stock_movements', 'payments'],
  ...['refunds', 'fulfillments', 'promotion_redemptions', 'carts', 'cart_lines', 'idempotency_keys'],
];

/** Everything that buying writes, row by row, and how many events there are: equal texts mean that nothing changed. */
export async function buyingDump(shop: Shop): Promise<string> {
  const columns = TRACES.map((table) => `(SELECT json_agg(t ORDER BY t::text) FROM ${table} t) AS ${table}`);
  const [row] = await shop.database.query<object>(
    'test.buyingDump',
    `SELECT ${columns.join(', ')}, (SELECT count(*) FROM event_outbox) + (SELECT count(*) FROM event_log) AS events`,
  );
  return JSON.stringify(row, null, 1);
}

/** Sends a change that must be refused and leave no trace, and answers why and where: `OUT_OF_STOCK input.lines.0.variantId`. */
export async function refusedOrder(shop: Shop, document: string, input: object, by?: Account): Promise<string> {
  const before = await buyingDump(shop);
  const { userErrors, currentTotal: _, ...result } = await order(shop, document, input, by);
  expect(Object.values(result).filter((value) => value !== null)).toEqual([]);
  expect(userErrors).toHaveLength(1);
  expect(await buyingDump(shop)).toBe(before);
  const { code, field } = userErrors[0] ?? { code: 'DONE', field: null };
  return field ? `${code} ${field.join('.')}` : code;
}

/** What is wrong with the books; empty when everything adds up. */
export async function wrongBooks(shop: Shop): Promise<object[]> {
  return shop.database.query(
    'test.wrongBooks',
    `SELECT 'ledger' AS what, s.variant_id AS id FROM stock_levels s
       WHERE s.on_hand <> (SELECT coalesce(sum(delta), 0) FROM stock_movements m WHERE m.variant_id = s.variant_id)
     UNION ALL
     SELECT 'reserved', s.variant_id FROM stock_levels s
       WHERE s.reserved <> (SELECT coalesce(sum(quantity), 0) FROM stock_reservations r WHERE r.variant_id = s.variant_id)
     UNION ALL
     SELECT 'order without its units', o.id FROM orders o
       WHERE (SELECT sum(quantity) FROM order_lines l WHERE l.order_id = o.id AND o.state <> 'CANCELLED') IS DISTINCT FROM
         nullif(coalesce((SELECT -sum(delta) FROM stock_movements m WHERE m.holder_id = o.id), 0)
           + coalesce((SELECT sum(quantity) FROM stock_reservations r WHERE r.holder_id = o.id), 0), 0)
     UNION ALL
     SELECT 'units without an order', holder_id FROM stock_movements m
       WHERE holder_id IS NOT NULL AND NOT EXISTS (SELECT FROM orders o WHERE o.id = m.holder_id)
     UNION ALL
     SELECT 'total', o.id FROM orders o
       WHERE o.subtotal_minor <> (SELECT sum(unit_price_minor * quantity) FROM order_lines l WHERE l.order_id = o.id)
          OR o.discount_minor <> (SELECT sum(discount_minor) FROM order_lines l WHERE l.order_id = o.id)
     UNION ALL
     SELECT 'money', o.id FROM orders o
       WHERE o.paid_minor <> (SELECT coalesce(sum(captured_minor), 0) FROM payments p WHERE p.order_id = o.id AND p.state = 'CAPTURED')`,
  );
}

/** Rows of a table. */
export function rowsOf(shop: Shop, table: string): Promise<number> {
  return countOf(shop, `SELECT count(*)::int AS n FROM ${table}`);
}

/** Statements that an answer took. */
export function statementsOf({ extensions }: Answer): string[] {
  return extensions.sql.names;
}
