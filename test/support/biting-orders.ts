import { AMOUNTS, insertRows, type BitingDraw, type Row } from './biting-draw.js';
import type { BitingCatalogue } from './biting-catalogue.js';
import type { Shop } from './shop.js';

const ORDERS = 120;
const STATES = [
  'PENDING_PAYMENT',
  'PENDING_PAYMENT',
  'PAID',
  'FULFILLED',
  'SHIPPED',
  'DELIVERED',
  'CANCELLED',
  'REFUNDED',
];
const CURRENCIES = ['GBP', 'JPY', 'KWD', 'EUR', 'BHD'];

/** An order as the random documents need to know it. */
export interface BitingOrder {
  id: string;
  number: string;
  email: string | null;
}

interface Surroundings {
  currency: string;
  customers: readonly string[];
  variants: BitingCatalogue['variants'];
}

/** Fills the tables of orders: in any state, with anything in them. */
export async function fillOrders(shop: Shop, draw: BitingDraw, around: Surroundings): Promise<BitingOrder[]> {
  const orders = Array.from({ length: ORDERS }, (_, n) => orderOf(draw, n, around));
  await insertRows(shop, 'orders', orders);
  const lines = orders.flatMap(({ id }) => draw.several(3, (position) => lineOf(draw, { id, position }, around)));
  await insertRows(shop, 'order_lines', lines);
  const history = orders.flatMap(({ id }) => draw.several(3, () => entryOf(draw, id, around)));
  await insertRows(shop, 'order_history', history);
  const payments = orders.flatMap(({ id, currency }) => draw.several(3, (n) => paymentOf(draw, { id, currency, n })));
  await insertRows(shop, 'payments', payments);
  await insertRows(
    shop,
    'refunds',
    payments.flatMap((payment) => draw.several(2, () => refundOf(draw, payment))),
  );
  // A parcel without lines does not exist.
  const packed = [...new Set(lines.map(({ order_id: id }) => id))];
  const parcels = packed.flatMap((id) => draw.several(2, () => parcelOf(draw, id)));
  await insertRows(shop, 'fulfillments', parcels);
  const contents = parcels.flatMap((parcel) => {
    const own = lines.filter(({ order_id: id }) => id === parcel.order_id);
    return own.map(({ id, quantity }) => ({ fulfillment_id: parcel.id, order_line_id: id, quantity }));
  });
  await insertRows(shop, 'fulfillment_lines', contents);
  return orders;
}

/** A postal address, as it is kept. */
export function addressOf(draw: BitingDraw): Row {
  const more = { company: draw.text(), line2: null, region: draw.text(), phone: '1' };
  return {
    fullName: draw.text(),
    line1: draw.text(),
    city: draw.text(),
    country: draw.some(['GB', 'JP']),
    ...(draw.random() < 0.5 ? more : {}),
  };
}

function orderOf(
  draw: BitingDraw,
  n: number,
  { currency, customers }: Surroundings,
): BitingOrder & { currency: string } & Row {
  const perhapsText = (): string | null => draw.perhaps(0.3, () => draw.text());
  return {
    id: draw.uuid(),
    number: n % 2 === 0 ? `A${n}-BC` : `a${n}-bc`,
    state: draw.some(STATES),
    customer_id: draw.perhaps(0.7, () => draw.some(customers)),
    email: draw.perhaps(0.8, () => `Guest${n % 3}@Example.com`),
    currency: draw.random() < 0.6 ? currency : draw.some(CURRENCIES),
    ...amountsOf(draw),
    shipping_address: draw.perhaps(0.8, () => addressOf(draw)),
    billing_address: draw.perhaps(0.3, () => addressOf(draw)),
    shipping_method: draw.perhaps(0.8, () => ({ code: 'standard', name: draw.text() })),
    discounts: draw.several(2, () => ({ name: draw.text(), code: perhapsText(), amountMinor: draw.some(AMOUNTS) })),
    on_account: draw.random() < 0.4,
    customer_reference: perhapsText(),
    placed_at: draw.instant(),
    updated_at: draw.instant(),
    version: 1 + draw.below(4),
  };
}

function amountsOf(draw: BitingDraw): Row {
  const [subtotal, shipping, tax] = [draw.some(AMOUNTS), draw.some([0, 399]), draw.some([0, 1, 77])];
  const discount = draw.some([0, Math.min(subtotal, 100), subtotal]);
  const included = draw.random() < 0.5;
  const total = subtotal - discount + shipping + (included ? 0 : tax);
  const paid = draw.some([0, Math.floor(total / 2), total]);
  return {
    subtotal_minor: subtotal,
    discount_minor: discount,
    shipping_minor: shipping,
    tax_minor: tax,
    total_minor: total,
    tax_included: included,
    paid_minor: paid,
    refunded_minor: draw.some([0, Math.floor(paid / 2), paid]),
  };
}

function lineOf(
  draw: BitingDraw,
  { id, position }: { id: string; position: number },
  { variants }: Surroundings,
): { id: string; order_id: string; quantity: number } & Row {
  const [quantity, unit] = [1 + draw.below(5), draw.some(AMOUNTS.slice(0, 7))];
  const unsent = draw.some([0, 0, 1, quantity]);
  const sold = draw.perhaps(0.8, () => draw.some(variants));
  return {
    id: draw.uuid(),
    order_id: id,
    position,
    variant_id: sold?.id ?? null,
    product_id: sold?.product_id ?? null,
    sku: draw.text(),
    product_name: draw.text(),
    variant_title: draw.text(),
    unit_price_minor: unit,
    quantity,
    discount_minor: draw.some([0, Math.min(unit, 3), unit * quantity]),
    tax_bp: draw.some([0, 5, 500, 1_250, 2_000, 10_000]),
    tax_minor: draw.below(500),
    fulfilled: draw.some([0, 0, quantity - unsent, draw.below(quantity - unsent + 1)]),
    refunded: unsent,
    unsent,
  };
}

function entryOf(draw: BitingDraw, orderId: string, { customers }: Surroundings): Row {
  return {
    id: draw.uuid(),
    order_id: orderId,
    from_state: draw.some(STATES),
    to_state: draw.some(STATES),
    what: draw.some(['PACKED', 'UPDATED', 'PAYMENT_RECEIVED']),
    reason: draw.perhaps(0.5, () => draw.text()),
    actor_id: draw.perhaps(0.5, () => draw.some(customers)),
    at: draw.instant(),
  };
}

/** The first payment of an order may be active, the others have failed. */
function paymentOf(
  draw: BitingDraw,
  { id, currency, n }: { id: string; currency: string; n: number },
): { id: string; order_id: string } & Row {
  const action = (): Row => ({ type: draw.some(['REDIRECT', 'CLIENT_SECRET']), value: draw.text() });
  return {
    id: draw.uuid(),
    order_id: id,
    provider: 'manual',
    state: n === 0 ? draw.some(['PENDING', 'AUTHORIZED', 'CAPTURED']) : draw.some(['DECLINED', 'CANCELLED']),
    amount_minor: 100 + draw.below(100),
    captured_minor: draw.below(100),
    refunded_minor: 0,
    currency,
    idempotency_key: 'key',
    next_action: draw.perhaps(0.5, action),
    failure: draw.perhaps(0.3, () => draw.text()),
    attempts: 0,
    version: 1,
    created_at: draw.instant(),
    updated_at: draw.instant(),
  };
}

function refundOf(draw: BitingDraw, payment: { id: string; order_id: string }): Row {
  return {
    id: draw.uuid(),
    payment_id: payment.id,
    order_id: payment.order_id,
    amount_minor: 1 + draw.below(5),
    state: draw.some(['PENDING', 'SUCCEEDED', 'FAILED']),
    reason: draw.perhaps(0.5, () => draw.text()),
    failure: draw.perhaps(0.3, () => draw.text()),
    attempts: 0,
    round: 0,
    asked_since: draw.instant(),
    created_at: draw.instant(),
    updated_at: draw.instant(),
  };
}

function parcelOf(draw: BitingDraw, orderId: string): { id: string; order_id: string } & Row {
  return {
    id: draw.uuid(),
    order_id: orderId,
    state: draw.some(['PACKED', 'SHIPPED', 'DELIVERED']),
    carrier: draw.perhaps(0.5, () => draw.text()),
    tracking_number: draw.perhaps(0.5, () => draw.text()),
    tracking_url: draw.perhaps(0.5, () => 'https://carrier.example/?a=1&b="'),
    created_at: draw.instant(),
    shipped_at: draw.perhaps(0.5, () => draw.instant()),
    delivered_at: draw.perhaps(0.5, () => draw.instant()),
  };
}
