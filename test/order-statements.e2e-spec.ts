import { Role } from '../src/access/role.js';
import { toGlobalId } from '../src/graphql/global-id.js';
import { manyUsers, signUp, type Account } from './support/accounts.js';
import { makeCart } from './support/carts.js';
import { fillProducts, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import { anOrder, changed, makeGoods, ORDER, orderChanges, rowsOf, statementsOf, variantOf } from './support/orders.js';
import { makePromotion } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

type Change = keyof ReturnType<typeof orderChanges>;
type Made = Record<string, any>;

const STEPS = orderChanges('id number state total { amount } lines { sku quantity }');
const sandbox = (token: string): object => ({ payment: { method: 'sandbox', token } });

const LOCK = ['orders.lock', 'orders.byIds'];
const NOTE = ['orders.change', 'orders.byIds', 'events.append', 'COMMIT'];
const PRICE = ['pricing.sellable', 'pricing.terms', 'orders.newNames'];
/** What is sent in one go with the end. */
const SELL = [
  'pricing.holdSeen',
  'stock.takePlenty',
  'orders.insert',
  'payments.open',
  'events.appendCompleted',
  'COMMIT',
];
const KEEP = SELL.with(1, 'stock.reservePlenty');
/** The same in steps, where something depends on an answer. */
const TAKE = ['pricing.hold', 'orders.insert', 'stock.take', 'payments.open'];
const TOLD = ['events.append', 'COMMIT'];
/** The first question to the provider, its answer, and the order as it is then. */
const ASK = ['START', ...LOCK, 'payments.firstAttempt', 'COMMIT', 'START', ...LOCK, 'payments.lock', 'payments.answer'];
const TAKEN = ['orders.byIds', 'stock.takeReserved', ...NOTE, 'orders.byIds'];
const FIRST = ['START', 'refunds.firstAttempt', 'COMMIT', 'START', ...LOCK];
const END = ['orders.byIds', ...NOTE, 'orders.byIds'];
const REFUNDED = [...FIRST, 'payments.lock', 'refunds.end', 'payments.addRefunded', ...END];

let shop: Shop;
let staff: Account;
let buyer: Account;
let goods: MadeProduct[];
/** Lines of different products, as many as an order may have. */
let variants: string[];

beforeAll(async () => {
  // The statements of the resolvers; planned queries take one.
  shop = await startShop({ PLANNED_QUERIES: 'off' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
  goods = [await makeGoods(shop, staff, 999), await makeGoods(shop, staff, 999), await makeGoods(shop, staff, 999)];
  variants = goods.map(variantOf);
  await makePromotion(shop, staff, { code: 'TEN', usageLimit: 99 });
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

const linesOf = (count: number): { variantId: string; quantity: number }[] =>
  variants.slice(0, count).map((variantId) => ({ variantId, quantity: 1 }));
const an = (traits: object = {}): object => anOrder(linesOf(3), traits);
const made = (traits: object, ...steps: Change[]): Promise<Made> =>
  steps.reduce<Promise<Made>>(
    async (before, step) => changed(shop, STEPS[step], { orderId: (await before)['id'] }, staff),
    changed(shop, STEPS.place, an(traits), buyer),
  );
const cartOf = async (): Promise<object> => {
  const { id: cartId } = await makeCart(shop, Object.fromEntries(variants.slice(0, 3).map((id) => [id, 1])));
  return { ...an(), lines: undefined, cartId };
};
const byId = async (order: Promise<Made>, more: object = {}): Promise<object> => ({
  orderId: (await order)['id'],
  ...more,
});

/** Each change with the statements that it sends. */
const CHANGES: [
  what: string,
  change: Change,
  by: 'guest' | 'buyer' | 'staff',
  input: () => object | Promise<object>,
  statements: string[],
][] = [
  ['an order on account', 'place', 'guest', () => an(), ['START', ...PRICE, ...SELL]],
  [
    "an account's order to its own address",
    'place',
    'buyer',
    () => an({ email: null }),
    ['START', 'users.byIds', ...PRICE, ...SELL],
  ],
  [
    'an order with a coupon',
    'place',
    'guest',
    () => an({ coupons: ['TEN'] }),
    ['START', ...PRICE, ...TAKE, 'redemptions.redeem', ...TOLD],
  ],
  ['an order of a cart', 'place', 'guest', cartOf, ['START', 'carts.close', 'cartLines.of', ...PRICE, ...SELL]],
  [
    'an order that is paid',
    'place',
    'guest',
    () => an(sandbox('succeed')),
    ['START', ...PRICE, ...KEEP, ...ASK, ...TAKEN],
  ],
  [
    'an order that is declined',
    'place',
    'guest',
    () => an(sandbox('decline')),
    ['START', ...PRICE, ...KEEP, ...ASK, 'COMMIT', 'orders.byIds'],
  ],
  ['an order that is refused', 'place', 'guest', () => an({ payment: null }), ['START', ...PRICE, 'ROLLBACK']],
  [
    'cancelling what waits',
    'cancel',
    'buyer',
    () => byId(made(sandbox('pending'))),
    ['START', ...LOCK, 'payments.giveUp', 'pricing.lockOffers', 'stock.release', 'redemptions.giveBack', ...NOTE],
  ],
  [
    'cancelling what is paid',
    'cancel',
    'staff',
    () => byId(made(sandbox('succeed'))),
    [
      'START',
      ...LOCK,
      'payments.giveUp',
      'refunds.left',
      ...LOCK,
      'refunds.request',
      'pricing.lockOffers',
      'stock.giveBack',
      'redemptions.giveBack',
      ...NOTE,
      ...REFUNDED,
    ],
  ],
  [
    'packing',
    'fulfill',
    'staff',
    () => byId(made({})),
    ['START', ...LOCK, 'orders.pack', 'fulfillments.insert', ...NOTE],
  ],
  [
    'shipping',
    'ship',
    'staff',
    () => byId(made({}, 'fulfill')),
    ['START', ...LOCK, 'fulfillments.move', 'fulfillments.ofOrders', ...NOTE],
  ],
  [
    'delivering',
    'deliver',
    'staff',
    () => byId(made({}, 'fulfill', 'ship')),
    ['START', ...LOCK, 'fulfillments.move', 'fulfillments.ofOrders', ...NOTE],
  ],
  [
    'giving money back',
    'refund',
    'staff',
    () => byId(made(sandbox('succeed')), { amount: { amount: '1' } }),
    ['START', ...LOCK, 'refunds.left', ...LOCK, 'refunds.request', ...NOTE, ...REFUNDED],
  ],
  [
    'noting money',
    'capture',
    'staff',
    () => byId(made({})),
    ['START', ...LOCK, 'payments.lockCurrent', 'payments.book', 'orders.byIds', ...NOTE, 'orders.byIds'],
  ],
  [
    'paying again',
    'start',
    'buyer',
    async () => ({ order: { id: (await made(sandbox('decline')))['id'] }, ...sandbox('succeed') }),
    ['orders.byIds', 'START', ...LOCK, 'payments.open', 'COMMIT', ...ASK, ...TAKEN],
  ],
];

/** Each document of a reader with the statements that it takes. */
const READS: [what: string, document: string, by: 'buyer' | 'staff', statements: string[]][] = [
  [
    'all that there is to know of a page of orders',
    `{ orders(first: 50) { nodes { ${ORDER} } totalCount } }`,
    'staff',
    [
      'orders.page',
      'orders.count',
      'products.variantsByIds',
      'payments.byOrders',
      'refunds.byOrders',
      'fulfillments.ofOrders',
      'orders.history',
      'users.byIds',
      'users.byIds',
    ],
  ],
  [
    'a list of orders',
    '{ orders(first: 100) { nodes { number state total { amount } lines { sku } nextStates } } }',
    'staff',
    ['orders.page'],
  ],
  [
    'the orders of many accounts',
    '{ users(first: 100) { nodes { name orders(first: 3) { nodes { number lines { sku } payments { state } } totalCount } } } }',
    'staff',
    ['users.page', 'orders.pagesOfCustomers', 'orders.countsOfCustomers', 'payments.byOrders'],
  ],
  [
    "the viewer's own orders",
    '{ me { orders(first: 100) { nodes { number placedAt customer { name } history { type } } totalCount } } }',
    'buyer',
    ['users.byIds', 'orders.pagesOfCustomers', 'orders.countsOfCustomers', 'orders.history'],
  ],
];

describe.each<[string, () => Promise<void>]>([
  ['a small shop', async () => undefined],
  ['a shop with 1,000 products and 500 orders more', fillShop],
])('in %s', (_, fill) => {
  beforeAll(fill);

  it.each(CHANGES)('%s takes the same statements', async (__, change, by, input, statements) => {
    const token = { guest: undefined, buyer: buyer.token, staff: staff.token }[by];
    const answer = await shop.send(STEPS[change], { input: await input() }, token);
    expect(statementsOf(answer)).toEqual(statements);
    expect(answer.extensions.sql.statements).toBe(statements.length);
  });

  it.each([1, 3, 100])('an order of up to %i lines takes 10 statements', async (count) => {
    const answer = await shop.send(STEPS.place, { input: anOrder(linesOf(count)) });
    expect(answer.data['placeOrder'].order.lines).toHaveLength(Math.min(count, variants.length));
    expect(statementsOf(answer)).toEqual(['START', ...PRICE, ...SELL]);
  });

  it('an order that sells products out takes one more, and what is not there is refused before anything is written', async () => {
    const rare = { variantId: variantOf(await makeGoods(shop, staff, 1)), quantity: 1 };
    const input = anOrder([...linesOf(2), rare]);
    const sold = await shop.send(STEPS.place, { input });
    expect(statementsOf(sold)).toEqual(['START', ...PRICE, ...TAKE, 'products.stockChanged', ...TOLD]);
    const refused = await shop.send(STEPS.place, { input });
    expect(statementsOf(refused)).toEqual(['START', ...PRICE, 'ROLLBACK']);
  });

  it('a cart that was ordered before takes 6', async () => {
    const input = await cartOf();
    await changed(shop, STEPS.place, input);
    const again = await shop.send(STEPS.place, { input });
    expect(statementsOf(again)).toEqual([
      'START',
      'carts.close',
      'cartLines.of',
      'carts.usable',
      'orders.byIds',
      'COMMIT',
    ]);
  });

  it.each(READS)('%s is read with the same statements', async (__, document, by, statements) => {
    const answer = await shop.send(document, {}, by === 'staff' ? staff.token : buyer.token);
    expect(answer.errors).toBeUndefined();
    expect(statementsOf(answer).toSorted()).toEqual(statements.toSorted());
  });
});

/** Fills the shop straight in the database, and makes a hundred variants out of it that can be ordered. */
async function fillShop(): Promise<void> {
  const query = <Row extends object>(sql: string, params: unknown[] = []): Promise<Row[]> =>
    shop.database.query('test.fillShop', sql, params);
  await fillProducts(shop, 1_000, []);
  await query(`INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason)
    SELECT variant_id, on_hand, on_hand, 'IMPORT' FROM stock_levels s
    WHERE NOT EXISTS (SELECT FROM stock_movements m WHERE m.variant_id = s.variant_id)`);
  await manyUsers(shop, 100);
  await query(`WITH u AS (SELECT id, row_number() OVER () AS n FROM users), o AS (
      INSERT INTO orders (state, customer_id, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, tax_included, placed_at)
      SELECT 'DELIVERED', u.id, 'GBP', 100, 0, 0, 0, 100, true, now() - make_interval(hours => i)
      FROM generate_series(1, 500) i JOIN u ON u.n = 1 + i % 100
      RETURNING id
    )
    INSERT INTO order_lines (order_id, position, sku, product_name, variant_title, unit_price_minor, quantity)
    SELECT id, 0, 'OLD', 'Old goods', 'Default', 100, 1 FROM o`);
  const rows = await query<{ id: string }>(
    `SELECT v.id FROM product_variants v WHERE v.sku LIKE 'B-%-1' ORDER BY v.id LIMIT 100`,
  );
  variants = [...variants, ...rows.map(({ id }) => toGlobalId('variant', id))];
  await query('ANALYZE');
  expect(await rowsOf(shop, 'orders')).toBeGreaterThan(500);
}
