import { Role } from '../../src/access/role.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { OrderExpiry } from '../../src/returns/order-expiry.js';
import { signUp, type Account } from '../support/accounts.js';
import type { MadeProduct } from '../support/catalogue.js';
import { LiveClient, openStreams, settled, until, type Stream } from '../support/live.js';
import { wrongBooks } from '../support/order-books.js';
import {
  anOrder,
  bought,
  changed,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  refusedOrder,
  variantOf,
} from '../support/orders.js';
import { startShop, type Shop } from '../support/shop.js';

type Made = Record<string, any>;

const { fulfill, ship, deliver, capture, cancel, refund, start } = ORDER_CHANGES;
const EVENTS = `subscription ($after: Cursor, $orderId: ID) {
  orderEvents(after: $after, orderId: $orderId) {
    cursor occurredAt type orderId number stateBefore stateAfter reason amount { amount currency } actor { id }
    order {
      id number state version nextStates placedAt updatedAt email customer { id } shippingAddress { city }
      paidTotal { amount } refundedTotal { amount } lines { id fulfilledQuantity refundedQuantity variant { id } }
      payments { state } refunds { state } fulfillments { state } history { type }
    }
  }
}`;
const STOCK = `subscription ($id: ID!) {
  productEvents(productIds: [$id], types: [STOCK_CHANGED]) { cursor stock { before after } }
}`;
const WHEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const sandbox = (token: string): object => ({ payment: { method: 'sandbox', token } });
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

let shop: Shop;
let staff: Account;
let buyer: Account;
let goods: MadeProduct;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
  goods = await makeGoods(shop, staff, 999);
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await until('no stream is left', () => openStreams(shop) === 0);
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

async function watch(by: Account, variables: Record<string, unknown> = {}, document = EVENTS): Promise<Stream> {
  await settled(shop);
  const client = await LiveClient.open(shop, by);
  clients.push(client);
  return client.watch(document, variables);
}

/** The next events, without the name of their field. */
async function told(stream: Stream, count: number): Promise<Made[]> {
  return (await stream.take(count)).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return Object.values(data)[0];
  });
}

/** An event in short: `PACKED PAID>FULFILLED`, with the money that moved. */
const short = ({ type, stateBefore, stateAfter, amount }: Made): string =>
  [type, `${stateBefore ?? ''}>${stateAfter}`, ...(amount ? [amount.amount] : [])].join(' ');

const positionOf = ({ cursor }: Made): number => Number(Buffer.from(cursor, 'base64url').toString().split(':')[1]);

const ordered = (token: string, product = goods): Promise<Made> => bought(shop, [[product, 3]], sandbox(token), buyer);

describe('an order that is bought, sent and given back', () => {
  let seen: Made[];
  let bySnapshot: Made[];
  let atDesk: Made[];
  let stock: Made[];
  let made: Made;

  beforeAll(async () => {
    const mine = await makeGoods(shop, staff, 5);
    const streams = [await watch(buyer), await watch(staff)] as const;
    const units = await watch(staff, { id: mine.id }, STOCK);
    made = await ordered('succeed', mine);
    const orderId: string = made['id'];
    for (const document of [fulfill, ship, deliver]) await changed(shop, document, { orderId }, staff);
    const lines = [{ orderLineId: made['lines'][0].id, quantity: 1 }];
    await changed(shop, refund, { orderId, lines, restock: true, reason: 'Broken' }, staff);
    await changed(shop, refund, { orderId }, staff);
    seen = await told(streams[0], 9);
    atDesk = await told(streams[1], 9);
    stock = await told(units, 2);
    bySnapshot = seen.map(({ order: snapshot }) => snapshot);
  });

  it('tells each change once, in order, with the money that moved', () => {
    expect(seen.map(short)).toEqual([
      'PLACED >PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PAID 30.00',
      'PACKED PAID>FULFILLED',
      'SHIPPED FULFILLED>SHIPPED',
      'DELIVERED SHIPPED>DELIVERED',
      'REFUND_REQUESTED DELIVERED>DELIVERED',
      'REFUNDED DELIVERED>DELIVERED 10.00',
      'REFUND_REQUESTED DELIVERED>DELIVERED',
      'REFUNDED DELIVERED>REFUNDED 20.00',
    ]);
    expect(seen[6]).toEqual({
      cursor: expect.any(String),
      occurredAt: expect.stringMatching(WHEN),
      type: 'REFUNDED',
      orderId: made['id'],
      number: made['number'],
      stateBefore: 'DELIVERED',
      stateAfter: 'DELIVERED',
      reason: 'Broken',
      amount: gbp('10.00'),
      actor: null,
      order: expect.objectContaining({ id: made['id'], number: made['number'] }),
    });
  });

  it('tells staff who did it, and customers only what they did themselves', () => {
    const byStaff = { id: staff.id };
    const actors = [{ id: buyer.id }, null, ...Array.from({ length: 7 }, () => byStaff)];
    expect(atDesk.map(({ actor }) => actor)).toEqual(actors);
    expect(seen.map(({ actor }) => actor)).toEqual([{ id: buyer.id }, ...Array.from({ length: 8 }, () => null)]);
    expect(atDesk.map(({ cursor }) => cursor)).toEqual(seen.map(({ cursor }) => cursor));
  });

  it('tells the order as it was right after each change', () => {
    expect(bySnapshot.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(bySnapshot.map(({ state }) => state)).toEqual(seen.map(({ stateAfter }) => stateAfter));
    const money = bySnapshot.map(({ paidTotal, refundedTotal }) => `${paidTotal.amount} ${refundedTotal.amount}`);
    const paid = Array.from({ length: 5 }, () => '30.00 0.00');
    expect(money).toEqual(['0.00 0.00', ...paid, '30.00 10.00', '30.00 10.00', '30.00 30.00']);
    const units = bySnapshot.map(({ lines }) => [lines[0].fulfilledQuantity, lines[0].refundedQuantity].join(' '));
    expect(units).toEqual(['0 0', '0 0', '3 0', '3 0', '3 0', '3 1', '3 1', '3 1', '3 1']);
    expect(bySnapshot[0]).toMatchObject({
      placedAt: made['placedAt'],
      updatedAt: expect.stringMatching(WHEN),
      email: 'ada@example.com',
      customer: { id: buyer.id },
      shippingAddress: { city: 'London' },
      lines: [{ id: made['lines'][0].id, variant: { id: made['lines'][0].variant.id } }],
    });
    expect(atDesk.map(({ order: { nextStates } }) => nextStates.join(' '))).toEqual([
      'CANCELLED',
      'FULFILLED CANCELLED REFUNDED',
      'SHIPPED REFUNDED',
      'DELIVERED REFUNDED',
      ...Array.from({ length: 4 }, () => 'REFUNDED'),
      '',
    ]);
  });

  it('tells what happened to the stock before what happened to the order', () => {
    const all = [
      ...seen.map((event) => [positionOf(event), event['type']]),
      ...stock.map((event) => [positionOf(event), `${event['stock'].before}>${event['stock'].after}`]),
    ].toSorted(([a], [b]) => a - b);
    const sold = '5>2 PLACED PAYMENT_RECEIVED PACKED SHIPPED DELIVERED';
    const givenBack = '2>3 REFUND_REQUESTED REFUNDED REFUND_REQUESTED REFUNDED';
    expect(all.map(([, what]) => what).join(' ')).toBe(`${sold} ${givenBack}`);
  });

  it('tells who comes late the values of then, and what lies beside them as it is now', async () => {
    const late = await watch(buyer, { after: seen[0]?.['cursor'], orderId: made['id'] });
    const events = await told(late, 8);
    expect(events.map(short)).toEqual(seen.slice(1).map(short));
    expect(events.map(({ order: { version } }) => version)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    const now = { payments: [{ state: 'CAPTURED' }], refunds: [{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }] };
    const history = seen.map(({ type }) => ({ type }));
    expect(events[0]?.['order']).toMatchObject({ ...now, fulfillments: [{ state: 'DELIVERED' }], history });
  });
});

describe('the other ways of an order', () => {
  it('are told with why: cancelled by its customer, by staff, and by the shop', async () => {
    const streams = [await watch(buyer), await watch(staff)] as const;
    const [mine, theirs, late] = [await ordered('pending'), await ordered('succeed'), await ordered('pending')];
    await changed(shop, cancel, { orderId: mine['id'], reason: 'Changed my mind' }, buyer);
    await changed(shop, cancel, { orderId: theirs['id'], reason: 'Sold out' }, staff);
    const sql = `UPDATE stock_reservations SET expires_at = now() - interval '1 second' WHERE holder_id = $1`;
    await shop.database.query('test.runOut', sql, [uuidOf('order', late['id'])]);
    expect(await shop.app.get(OrderExpiry, { strict: false }).sweep()).toBe(1);
    const why = ({ type, stateBefore, reason, actor }: Made): unknown[] => [type, stateBefore, reason, actor?.id];
    const ends = [
      ['CANCELLED', 'PENDING_PAYMENT', 'Changed my mind', buyer.id],
      ['CANCELLED', 'PAID', 'Sold out', staff.id],
      ['REFUNDED', 'CANCELLED', 'Sold out', staff.id],
      ['CANCELLED', 'PENDING_PAYMENT', 'The payment did not come in time.', undefined],
    ];
    const [atHome, atDesk] = [await told(streams[0], 8), await told(streams[1], 8)];
    expect(atDesk.slice(4).map(why)).toEqual(ends);
    const hidden = ends.map(([type, from, reason, id]) => [type, from, reason, id === staff.id ? undefined : id]);
    expect(atHome.slice(4).map(why)).toEqual(hidden);
  });

  it('are told when money comes in parts, and when it is to come on account', async () => {
    const stream = await watch(buyer);
    const { id: orderId } = await ordered('decline');
    await changed(shop, start, { order: { id: orderId }, payment: { method: 'manual' } }, buyer);
    await changed(shop, capture, { orderId, amount: { amount: '7.50' } }, staff);
    await changed(shop, capture, { orderId }, staff);
    const events = await told(stream, 4);
    expect(events.map(short)).toEqual([
      'PLACED >PENDING_PAYMENT',
      'UPDATED PENDING_PAYMENT>PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PENDING_PAYMENT 7.50',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PAID 22.50',
    ]);
    expect(events[1]).toMatchObject({ reason: 'To be paid on account.', actor: { id: buyer.id } });
  });

  it('are told once, however often they are asked for, and not at all when they are refused', async () => {
    const stream = await watch(staff);
    const { place } = ORDER_CHANGES;
    const keyed = place.replace('(input: $input) {', '(input: $input) @idempotent(key: "told-once-0123456789") {');
    const input = anOrder([{ variantId: variantOf(goods), quantity: 1 }], sandbox('pending'));
    const made = await Promise.all([1, 2, 3].map(() => changed(shop, keyed, input, buyer)));
    const [orderId, ...others] = new Set(made.map(({ id }) => id));
    expect(others).toEqual([]);
    expect(await refusedOrder(shop, fulfill, { orderId }, staff)).toBe('ILLEGAL_TRANSITION');
    expect(await refusedOrder(shop, cancel, { orderId, expectedVersion: 9 }, buyer)).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    await changed(shop, cancel, { orderId }, buyer);
    const events = await told(stream, 2);
    expect(events.map(short)).toEqual(['PLACED >PENDING_PAYMENT', 'CANCELLED PENDING_PAYMENT>CANCELLED']);
    expect(stream.waiting).toBe(0);
  });

  it('have neither gap nor repeat, however many change one order at once', async () => {
    const { id: orderId } = await bought(shop, [[goods, 3]], {}, buyer);
    const streams = [await watch(buyer, { orderId }), await watch(staff, { orderId })];
    const parts = Array.from({ length: 29 }, () =>
      changed(shop, capture, { orderId, amount: { amount: '1.00' } }, staff),
    );
    await Promise.all([...parts, changed(shop, fulfill, { orderId }, staff)]);
    for (const stream of streams) {
      const events = await told(stream, 30);
      expect(events.map(({ order: { version } }) => version)).toEqual(Array.from({ length: 30 }, (_, n) => n + 2));
      const paid = events.filter(({ type }) => type === 'PAYMENT_RECEIVED');
      const sums = paid.map(({ order: { paidTotal } }) => paidTotal.amount);
      expect(sums).toEqual(Array.from({ length: 29 }, (_, n) => `${n + 1}.00`));
      expect(stream.waiting).toBe(0);
    }
  });
});
