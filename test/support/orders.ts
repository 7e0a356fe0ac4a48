import { uuidOf } from '../../src/graphql/global-id.js';
import { OrderSales } from '../../src/orders/order-sales.js';
import { PaymentWorker } from '../../src/payments/payment-worker.js';
import { OrderExpiry } from '../../src/returns/order-expiry.js';
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
    id sku productName variantTitle quantity fulfilledQuantity refundedQuantity unsentQuantity taxRate
    unitPrice { amount } discount { amount } lineTotal { amount } tax { amount } variant { id }
  }
  payments { id provider state amount { amount } capturedAmount { amount } refundedAmount { amount } }
  refunds { id state reason amount { amount } }
  fulfillments { id state carrier trackingNumber lines { orderLineId quantity } shippedAt deliveredAt }
  history { type fromState toState reason at actor { id } }`;

const PAYMENT = 'payment { id provider state failure amount { amount } capturedAmount { amount } }';

type OrderChange = 'place' | 'cancel' | 'fulfill' | 'ship' | 'deliver' | 'refund' | 'retry' | 'start' | 'capture';

/** The changes of orders that answer the given fields. */
export function orderChanges(fields: string): Record<OrderChange, string> {
  const changing = (field: string, input: string, more = ''): string =>
    `mutation ($input: ${input}!) { ${field}(input: $input) { order { ${fields} } ${more} userErrors { code field message } } }`;
  return {
    place: changing('placeOrder', 'PlaceOrderInput', `${PAYMENT} currentTotal { amount currency }`),
    cancel: changing('cancelOrder', 'CancelOrderInput'),
    fulfill: changing('fulfillOrder', 'FulfillOrderInput'),
    ship: changing('shipOrder', 'ShipOrderInput'),
    deliver: changing('deliverOrder', 'DeliverOrderInput'),
    refund: changing('refundOrder', 'RefundOrderInput'),
    retry: changing('retryRefund', 'RetryRefundInput'),
    start: changing('startPayment', 'StartPaymentInput', PAYMENT),
    capture: changing('capturePayment', 'CapturePaymentInput', PAYMENT),
  };
}

/** The changes of orders, each answering everything. */
export const ORDER_CHANGES = orderChanges(ORDER);

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

/** Orders so many units of products in one call, and answers the order. */
export function bought(
  shop: Shop,
  units: readonly [product: MadeProduct, quantity: number][],
  traits: object = {},
  by?: Account,
): Promise<Record<string, any>> {
  const lines = units.map(([product, quantity]) => ({ variantId: variantOf(product), quantity }));
  return placed(shop, anOrder(lines, traits), by);
}

/** Sends a change that must not be refused, and answers the order as it is then. */
export async function changed(shop: Shop, document: string, input: object, by?: Account): Promise<Record<string, any>> {
  const payload = await order(shop, document, input, by);
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors));
  return payload['order'];
}

/** The order as somebody sees it; `null` when they do not. */
export async function readOrder(
  shop: Shop,
  by: object,
  viewer?: Account,
  fields = ORDER,
): Promise<Record<string, any> | null> {
  const document = `query ($by: OrderBy!) { order(by: $by) { ${fields} } }`;
  const { data, errors } = await shop.send(document, { by }, viewer?.token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data['order'];
}

/** The history of an order in short: `PACKED PAID>FULFILLED`. */
export function trailOf({ history }: Record<string, any>): string[] {
  return history.map(
    (entry: Record<string, any>) => `${entry['type']} ${entry['fromState'] ?? ''}>${entry['toState']}`,
  );
}

/** What watchers of an order are told, in short: `PACKED PAID>FULFILLED`. */
export async function eventsOf(shop: Shop, { id }: { id?: string }): Promise<string[]> {
  const rows = await shop.database.query<{ text: string }>(
    'test.eventsOf',
    `SELECT concat(type, ' ', payload ->> 'stateBefore', '>', payload #>> '{order,state}') AS text FROM (
       SELECT 1 AS part, pos AS n, entity_id, type, payload FROM event_log
       UNION ALL SELECT 2, seq, entity_id, type, payload FROM event_outbox
     ) e WHERE entity_id = $1 ORDER BY part, n`,
    [uuidOf('order', id ?? '')],
  );
  return rows.map(({ text }) => text);
}

/** Units that could be bought before and after each change of a product's stock, oldest first. */
export async function stockEventsOf(shop: Shop, { id }: MadeProduct): Promise<[before: number, after: number][]> {
  const rows = await shop.database.query<{ before: number; after: number }>(
    'test.stockEventsOf',
    `SELECT (payload #>> '{stockChange,before}')::int AS before, (payload #>> '{stockChange,after}')::int AS after FROM (
       SELECT 1 AS part, pos AS n, entity_id, type, payload FROM event_log
       UNION ALL SELECT 2, seq, entity_id, type, payload FROM event_outbox
     ) e WHERE entity_id = $1 AND type = 'STOCK_CHANGED' ORDER BY part, n`,
    [uuidOf('product', id)],
  );
  return rows.map(({ before, after }) => [before, after]);
}

/** Ends what the shop does by itself: it expires, counts and repairs only when the test says so. */
export async function leaveToTheTest(shop: Shop): Promise<void> {
  await shop.app.get(OrderExpiry, { strict: false }).onApplicationShutdown();
  await shop.app.get(OrderSales, { strict: false }).onApplicationShutdown();
  await shop.app.get(PaymentWorker, { strict: false }).pause();
}

/** Lets the shop ask providers whatever there is to ask, as if its time had come. */
export async function askProviders(shop: Shop): Promise<void> {
  for (const table of ['payments', 'refunds']) {
    await shop.database.query('test.due', `UPDATE ${table} SET attempt_at = now() WHERE attempt_at IS NOT NULL`);
  }
  await shop.app.get(PaymentWorker, { strict: false }).run();
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

const TRACES =
  `orders order_lines order_history stock_levels stock_reservations stock_movements payments refunds payment_notices
  fulfillments fulfillment_lines promotions promotion_customers promotion_redemptions carts cart_lines idempotency_keys`.split(
    /\s+/,
  );
// Without the units that were sold: those are counted by and by.
const PRODUCTS = `SELECT json_agg(to_jsonb(p) - 'units_sold' ORDER BY p.id) FROM products p`;

/** Everything that buying writes, row by row, and how many events there are: equal texts mean that nothing changed. */
export async function buyingDump(shop: Shop): Promise<string> {
  const columns = TRACES.map((table) => `(SELECT json_agg(t ORDER BY t::text) FROM ${table} t) AS ${table}`);
  const [row] = await shop.database.query<object>(
    'test.buyingDump',
    `SELECT ${columns.join(', ')}, (${PRODUCTS}) AS products, (SELECT count(*) FROM event_outbox) + (SELECT count(*) FROM event_log) AS events`,
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

/** Rows of a table. */
export function rowsOf(shop: Shop, table: string): Promise<number> {
  return countOf(shop, `SELECT count(*)::int AS n FROM ${table}`);
}

/** Statements that an answer took. */
export function statementsOf({ extensions }: Answer): string[] {
  return extensions.sql.names;
}
