import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  bought,
  buyingDump,
  changed,
  eventsOf,
  makeGoods,
  ORDER_CHANGES,
  readOrder,
  refusedOrder,
  stockEventsOf,
  stockOf,
  trailOf,
} from './support/orders.js';
import { startShop, type Shop } from './support/shop.js';

type Made = Record<string, any>;

const { fulfill, ship, deliver, capture, cancel, refund } = ORDER_CHANGES;
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };
const NO_PARCEL = 'fulfillment_0198f2c4d1e27abc8def0123456789ab';
const NO_LINE = 'orderline_0198f2c4d1e27abc8def0123456789ab';
const WHEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let admin: Account;
let buyer: Account;
let goods: MadeProduct;
let others: MadeProduct;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  buyer = await signUp(shop);
  goods = await makeGoods(shop, staff, 999);
  others = await makeGoods(shop, staff, 999);
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

/** The buyer's order of three units of one product and one of another. */
const ordered = (traits: object = PAID): Promise<Made> =>
  bought(
    shop,
    [
      [goods, 3],
      [others, 1],
    ],
    traits,
    buyer,
  );
const lineOf = (order: Made, index: number): string => order['lines'][index].id;
const units = (order: Made, ...quantities: number[]): object[] =>
  quantities
    .map((quantity, index) => ({ orderLineId: lineOf(order, index), quantity }))
    .filter(({ quantity }) => quantity > 0);
const packed = (order: Made): number[] => order['lines'].map((line: Made) => line['fulfilledQuantity']);
const parcels = (order: Made): string[] => order['fulfillments'].map(({ state }: Made) => state);

describe('packing', () => {
  it('puts all that is left into one parcel, with who carries it', async () => {
    const order = await ordered();
    const tracking = { carrier: 'Mail', trackingNumber: '1Z', trackingUrl: 'https://mail.example/1Z' };
    const after = await changed(shop, fulfill, { orderId: order['id'], ...tracking }, staff);
    expect(after).toMatchObject({ state: 'FULFILLED', version: 3, nextStates: ['SHIPPED', 'REFUNDED'] });
    expect(packed(after)).toEqual([3, 1]);
    expect(after['fulfillments']).toEqual([
      {
        id: expect.stringMatching(/^fulfillment_[0-9a-f]{32}$/),
        state: 'PACKED',
        carrier: 'Mail',
        trackingNumber: '1Z',
        lines: units(order, 3, 1),
        shippedAt: null,
        deliveredAt: null,
      },
    ]);
    const link = await readOrder(shop, { id: order['id'] }, buyer, 'fulfillments { trackingUrl createdAt }');
    expect(link).toEqual({
      fulfillments: [{ trackingUrl: 'https://mail.example/1Z', createdAt: expect.stringMatching(WHEN) }],
    });
    expect((await readOrder(shop, { id: order['id'] }, buyer))?.['fulfillments']).toEqual(after['fulfillments']);
  });

  it('moves no stock: the units were taken when they were paid', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await bought(shop, [[mine, 3]], PAID);
    expect(await stockOf(shop, mine)).toEqual([2, 0]);
    await changed(shop, fulfill, { orderId: order['id'] }, staff);
    expect(await stockOf(shop, mine)).toEqual([2, 0]);
  });

  it('refuses what is not there to pack, all or nothing', async () => {
    const order = await ordered();
    const other = await ordered();
    const attempt = (lines: object[]): Promise<string> =>
      refusedOrder(shop, fulfill, { orderId: order['id'], lines }, staff);
    expect(await attempt(units(order, 4))).toBe('AMOUNT_TOO_HIGH input.lines.0.quantity');
    expect(await attempt(units(order, 1, 2))).toBe('AMOUNT_TOO_HIGH input.lines.1.quantity');
    const foreign = 'NOT_FOUND input.lines.1.orderLineId';
    expect(await attempt([...units(order, 1), { orderLineId: NO_LINE, quantity: 1 }])).toBe(foreign);
    expect(await attempt([...units(order, 1), { orderLineId: lineOf(other, 0), quantity: 1 }])).toBe(foreign);
    await changed(shop, fulfill, { orderId: order['id'], lines: units(order, 2) }, staff);
    expect(await attempt(units(order, 2))).toBe('AMOUNT_TOO_HIGH input.lines.0.quantity');
    expect(packed((await readOrder(shop, { id: order['id'] }, staff)) ?? {})).toEqual([2, 0]);
  });

  it.each<[string, (order: Made) => object]>([
    ['input.lines.1.orderLineId', (order) => ({ lines: [...units(order, 1), ...units(order, 1)] })],
    ['input.lines', () => ({ lines: [] })],
    ['input.lines.0.quantity', (order) => ({ lines: [{ orderLineId: lineOf(order, 0), quantity: 0 }] })],
    ['input.lines.0.orderLineId', ({ id }) => ({ lines: [{ orderLineId: id, quantity: 1 }] })],
    ['input.carrier', () => ({ carrier: 'x'.repeat(101) })],
    ['input.orderId', () => ({ orderId: goods.id })],
  ])('refuses malformed input at %s (%#)', async (path, traits) => {
    const order = await ordered();
    const before = await buyingDump(shop);
    const input = { orderId: order['id'], ...traits(order) };
    const { data, errors } = await shop.send(fulfill, { input }, staff.token);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    expect(await buyingDump(shop)).toBe(before);
  });
});

describe('parcels', () => {
  it('are packed, shipped and delivered one by one; the order follows the last of them', async () => {
    const order = await ordered();
    const orderId: string = order['id'];
    const one = await changed(shop, fulfill, { orderId, lines: units(order, 1) }, staff);
    expect([one['state'], packed(one), parcels(one)]).toEqual(['PAID', [1, 0], ['PACKED']]);
    const [first] = one['fulfillments'];
    const away = await changed(shop, ship, { orderId, fulfillmentId: first.id, carrier: 'Mail' }, staff);
    expect([away['state'], parcels(away)]).toEqual(['PAID', ['SHIPPED']]);
    expect(away['fulfillments'][0]).toMatchObject({ carrier: 'Mail', shippedAt: expect.stringMatching(WHEN) });
    const two = await changed(shop, fulfill, { orderId, lines: units(order, 1, 1) }, staff);
    const three = await changed(shop, fulfill, { orderId }, staff);
    expect([two['state'], three['state'], packed(three)]).toEqual(['PAID', 'FULFILLED', [3, 1]]);
    expect(three['fulfillments'].map(({ lines }: Made) => lines.length)).toEqual([1, 2, 1]);

    const there = await changed(shop, deliver, { orderId, fulfillmentId: first.id }, admin);
    expect([there['state'], parcels(there)]).toEqual(['FULFILLED', ['DELIVERED', 'PACKED', 'PACKED']]);
    const [, second, third] = three['fulfillments'];
    const some = await changed(shop, ship, { orderId, fulfillmentId: third.id }, staff);
    expect([some['state'], parcels(some)]).toEqual(['FULFILLED', ['DELIVERED', 'PACKED', 'SHIPPED']]);
    const gone = await changed(shop, ship, { orderId, fulfillmentId: second.id }, staff);
    expect([gone['state'], parcels(gone)]).toEqual(['SHIPPED', ['DELIVERED', 'SHIPPED', 'SHIPPED']]);
    const half = await changed(shop, deliver, { orderId, fulfillmentId: second.id }, staff);
    expect([half['state'], parcels(half)]).toEqual(['SHIPPED', ['DELIVERED', 'DELIVERED', 'SHIPPED']]);
    const all = await changed(shop, deliver, { orderId }, staff);
    expect([all['state'], parcels(all)]).toEqual(['DELIVERED', ['DELIVERED', 'DELIVERED', 'DELIVERED']]);
    expect(all['fulfillments'][2].deliveredAt).toMatch(WHEN);

    const trail = [
      'PLACED >PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PAID',
      'PACKED PAID>PAID',
      'SHIPPED PAID>PAID',
      'PACKED PAID>PAID',
      'PACKED PAID>FULFILLED',
      'DELIVERED FULFILLED>FULFILLED',
      'SHIPPED FULFILLED>FULFILLED',
      'SHIPPED FULFILLED>SHIPPED',
      'DELIVERED SHIPPED>SHIPPED',
      'DELIVERED SHIPPED>DELIVERED',
    ];
    expect([trailOf(all), await eventsOf(shop, all)]).toEqual([trail, trail]);
  });

  it('are all shipped, and all delivered, when none is named', async () => {
    const order = await ordered();
    const orderId: string = order['id'];
    await changed(shop, fulfill, { orderId, lines: units(order, 2), carrier: 'Mail', trackingNumber: '1' }, staff);
    await changed(shop, fulfill, { orderId }, staff);
    const shipped = await changed(shop, ship, { orderId, trackingNumber: '2' }, staff);
    expect(shipped['fulfillments']).toMatchObject([
      { state: 'SHIPPED', carrier: 'Mail', trackingNumber: '2' },
      { state: 'SHIPPED', carrier: null, trackingNumber: '2' },
    ]);
    expect(shipped['fulfillments'][0].shippedAt).toBe(shipped['fulfillments'][1].shippedAt);
    const delivered = await changed(shop, deliver, { orderId }, staff);
    expect([delivered['state'], parcels(delivered)]).toEqual(['DELIVERED', ['DELIVERED', 'DELIVERED']]);
  });

  it('do nothing twice, and are found in their own order only', async () => {
    const order = await ordered();
    const other = await changed(shop, fulfill, { orderId: (await ordered())['id'] }, staff);
    const orderId: string = order['id'];
    const mine = await changed(shop, fulfill, { orderId, lines: units(order, 1) }, staff);
    const [{ id: fulfillmentId }] = mine['fulfillments'];
    const attempt = (document: string, more: object = {}): Promise<string> =>
      refusedOrder(shop, document, { orderId, ...more }, staff);
    const foreign = other['fulfillments'][0].id;
    for (const id of [NO_PARCEL, foreign]) {
      expect(await attempt(ship, { fulfillmentId: id })).toBe('NOT_FOUND input.fulfillmentId');
      expect(await attempt(deliver, { fulfillmentId: id })).toBe('NOT_FOUND input.fulfillmentId');
    }
    // Packed is not on its way.
    expect(await attempt(deliver, { fulfillmentId })).toBe('ILLEGAL_TRANSITION');
    expect(await attempt(deliver)).toBe('ILLEGAL_TRANSITION');
    await changed(shop, ship, { orderId, fulfillmentId }, staff);
    expect(await attempt(ship, { fulfillmentId })).toBe('ILLEGAL_TRANSITION');
    expect(await attempt(ship)).toBe('ILLEGAL_TRANSITION');
    await changed(shop, deliver, { orderId, fulfillmentId }, staff);
    expect(await attempt(deliver, { fulfillmentId })).toBe('ILLEGAL_TRANSITION');
  });

  it.each([
    ['packed', []],
    ['on their way', [ship]],
    ['delivered', [ship, deliver]],
  ])('are all of an order whose other units were given back when they were %s', async (_, documents) => {
    const order = await ordered();
    const orderId: string = order['id'];
    const attempt = (document: string): Promise<string> => refusedOrder(shop, document, { orderId }, staff);
    await changed(shop, fulfill, { orderId, lines: units(order, 2) }, staff);
    for (const document of documents) await changed(shop, document, { orderId }, staff);
    const unsent = units(order, 1, 1).map((line) => ({ ...line, unsent: true }));
    await changed(shop, refund, { orderId, lines: unsent }, staff);
    const found: string[] = [];
    for (const document of [fulfill, ship, deliver]) {
      const after = await changed(shop, document, { orderId }, staff);
      found.push(after['state']);
      expect(parcels(after)).toHaveLength(1);
      expect(await attempt(document)).toBe('ILLEGAL_TRANSITION');
    }
    expect(found).toEqual(['FULFILLED', 'SHIPPED', 'DELIVERED']);
  });
});

describe('an order on account', () => {
  it('is packed before it is paid, and paid in parts on its way', async () => {
    const order = await ordered({});
    const orderId: string = order['id'];
    const part = await changed(shop, capture, { orderId, amount: gbp('7.50') }, staff);
    expect(part).toMatchObject({ state: 'PENDING_PAYMENT', paidTotal: gbp('7.50'), payments: [{ state: 'PENDING' }] });
    const some = await changed(shop, fulfill, { orderId, lines: units(order, 1) }, staff);
    expect([some['state'], some['nextStates']]).toEqual(['PENDING_PAYMENT', ['PAID', 'FULFILLED']]);
    expect(await refusedOrder(shop, cancel, { orderId }, buyer)).toBe('ILLEGAL_TRANSITION');
    await changed(shop, fulfill, { orderId }, staff);
    const more = await changed(shop, capture, { orderId, amount: gbp('2.50') }, admin);
    expect(more).toMatchObject({ state: 'FULFILLED', paidTotal: gbp('10.00') });
    await changed(shop, ship, { orderId }, staff);
    const tooMuch = { orderId, amount: gbp('30.01') };
    expect(await refusedOrder(shop, capture, tooMuch, staff)).toBe('AMOUNT_TOO_HIGH input.amount');
    const whole = await changed(shop, capture, { orderId }, admin);
    expect(whole).toMatchObject({ state: 'SHIPPED', paidTotal: gbp('40.00'), payments: [{ state: 'CAPTURED' }] });
    expect(trailOf(await changed(shop, deliver, { orderId }, staff))).toEqual([
      'PLACED >PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PENDING_PAYMENT',
      'PACKED PENDING_PAYMENT>PENDING_PAYMENT',
      'PACKED PENDING_PAYMENT>FULFILLED',
      'PAYMENT_RECEIVED FULFILLED>FULFILLED',
      'SHIPPED FULFILLED>SHIPPED',
      'PAYMENT_RECEIVED SHIPPED>SHIPPED',
      'DELIVERED SHIPPED>DELIVERED',
    ]);
    expect(await refusedOrder(shop, capture, { orderId }, staff)).toBe('ILLEGAL_TRANSITION');
  });

  it('is one whose payment was declined when its customer says so: its units are taken then', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const { id } = await bought(shop, [[mine, 2]], { payment: { method: 'sandbox', token: 'decline' } }, buyer);
    expect(await stockOf(shop, mine)).toEqual([5, 2]);
    const after = await changed(shop, ORDER_CHANGES.start, { order: { id }, payment: { method: 'manual' } }, buyer);
    expect(after).toMatchObject({ state: 'PENDING_PAYMENT', onAccount: true, payments: [{}, { provider: 'manual' }] });
    const trail = ['PLACED >PENDING_PAYMENT', 'UPDATED PENDING_PAYMENT>PENDING_PAYMENT'];
    expect([trailOf(after), await eventsOf(shop, after)]).toEqual([trail, trail]);
    expect(after['history'][1]).toMatchObject({ reason: 'To be paid on account.', actor: { id: buyer.id } });
    expect([await stockOf(shop, mine), await stockEventsOf(shop, mine)]).toEqual([[3, 0], [[5, 3]]]);
  });

  it('is PAID with the last of its money, and takes none that is not of the shop or nothing', async () => {
    const order = await ordered({});
    const orderId: string = order['id'];
    const euros = { orderId, amount: { amount: '5', currency: 'EUR' } };
    expect(await refusedOrder(shop, capture, euros, staff)).toMatch(/^CURRENCY_MISMATCH input\.amount/);
    for (const amount of ['0', '-1', '0.001']) {
      const answer = await shop.send(capture, { input: { orderId, amount: gbp(amount) } }, staff.token);
      expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    }
    const whole = await changed(shop, capture, { orderId, amount: gbp('40') }, staff);
    expect(whole).toMatchObject({ state: 'PAID', version: 2, nextStates: ['FULFILLED', 'CANCELLED', 'REFUNDED'] });
  });
});
