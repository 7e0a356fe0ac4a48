import { Role } from '../../src/access/role.js';
import { LiveMetrics } from '../../src/live/live-metrics.js';
import { signUp, type Account } from '../support/accounts.js';
import type { MadeProduct } from '../support/catalogue.js';
import { LiveClient, openStreams, settled, until, type Stream } from '../support/live.js';
import { bought, changed, leaveToTheTest, makeGoods, ORDER_CHANGES } from '../support/orders.js';
import { startShop, type Shop } from '../support/shop.js';

type Made = Record<string, any>;

const { fulfill, ship, deliver, cancel } = ORDER_CHANGES;
const EVENTS = `subscription ($after: Cursor, $orderId: ID, $states: [OrderState!]) {
  orderEvents(after: $after, orderId: $orderId, states: $states) {
    cursor type orderId stateAfter actor { id email } order { id email nextStates customer { id } history { actor { id } } }
  }
}`;
const UNKNOWN = 'order_0198f2c4d1e27abc8def0123456789ab';
const SANDBOX = { payment: { method: 'sandbox', token: 'pending' } };
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };

let shop: Shop;
let staff: Account;
let admin: Account;
let buyer: Account;
let other: Account;
let goods: MadeProduct;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  buyer = await signUp(shop);
  other = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
  goods = await makeGoods(shop, staff, 999);
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await until('no stream is left', () => openStreams(shop) === 0);
});

afterAll(() => shop?.close());

async function open(by?: Account): Promise<LiveClient> {
  await settled(shop);
  const client = await LiveClient.open(shop, by);
  clients.push(client);
  return client;
}

const watch = async (by: Account, variables: Record<string, unknown> = {}): Promise<Stream> =>
  (await open(by)).watch(EVENTS, variables);

async function told(stream: Stream, count: number): Promise<Made[]> {
  return (await stream.take(count)).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return data['orderEvents'];
  });
}

const ordered = (by?: Account, payment: object = SANDBOX): Promise<Made> => bought(shop, [[goods, 1]], payment, by);
const statesOf = (events: readonly Made[]): string[] => events.map(({ stateAfter }) => stateAfter);

async function liveCursor(): Promise<string> {
  await settled(shop);
  return (await shop.send('{ liveCursor }')).data['liveCursor'];
}

describe('who may watch orders', () => {
  it('is nobody without an account', async () => {
    const client = await open();
    for (const variables of [{}, { orderId: UNKNOWN }, { after: 'x' }, { states: ['PAID'] }]) {
      const [error] = (await client.refusals(EVENTS, variables)) ?? [];
      expect(error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(openStreams(shop)).toBe(0);
  });

  it('are customers, of their own orders, and staff, of all of them', async () => {
    const streams = {
      buyer: await watch(buyer),
      other: await watch(other),
      staff: await watch(staff),
      admin: await watch(admin),
    };
    const made = { guest: await ordered(), buyer: await ordered(buyer), other: await ordered(other) };
    await changed(shop, cancel, { orderId: made.guest['id'] }, staff);
    await changed(shop, cancel, { orderId: made.buyer['id'] }, staff);
    await changed(shop, cancel, { orderId: made.other['id'] }, other);
    const whose = new Map(Object.entries(made).map(([who, { id }]) => [id, who]));
    const tellings: Record<string, string> = {};
    for (const [who, stream] of Object.entries(streams)) {
      const events = await told(stream, who === 'buyer' || who === 'other' ? 2 : 6);
      tellings[who] = events.map(({ type, orderId }) => `${type} ${whose.get(orderId)}`).join(', ');
      expect(stream.waiting).toBe(0);
    }
    const all = 'PLACED guest, PLACED buyer, PLACED other, CANCELLED guest, CANCELLED buyer, CANCELLED other';
    expect(tellings).toEqual({
      buyer: 'PLACED buyer, CANCELLED buyer',
      other: 'PLACED other, CANCELLED other',
      staff: all,
      admin: all,
    });
  });

  it('are told no more of people than they may know', async () => {
    const [atHome, atDesk] = [await watch(buyer), await watch(staff)];
    const { id: orderId } = await ordered(buyer);
    await changed(shop, cancel, { orderId }, staff);
    const [, seen] = await told(atHome, 2);
    const [, known] = await told(atDesk, 2);
    const order = { id: orderId, nextStates: [], customer: { id: buyer.id } };
    expect(seen).toMatchObject({
      actor: null,
      order: { ...order, history: [{ actor: { id: buyer.id } }, { actor: null }] },
    });
    const history = [{ actor: { id: buyer.id } }, { actor: { id: staff.id } }];
    expect(known).toMatchObject({ actor: { id: staff.id, email: staff.email }, order: { ...order, history } });
  });
});

describe('one order', () => {
  it('is followed by its customer and staff; others hear of it as little as of one that is not there', async () => {
    const after = await liveCursor();
    const [mine, second] = [await ordered(buyer), await ordered(buyer)];
    const orderId: string = mine['id'];
    const theirs = await open(other);
    const silent = [
      await theirs.watch(EVENTS, { orderId }),
      await theirs.watch(EVENTS, { orderId, after }),
      await theirs.watch(EVENTS, { orderId: UNKNOWN }),
      await watch(staff, { orderId: UNKNOWN, after }),
      await watch(buyer, { orderId: UNKNOWN, after }),
    ];
    const heard = [await watch(buyer, { orderId }), await watch(staff, { orderId })];
    await changed(shop, cancel, { orderId: second['id'] }, buyer);
    await changed(shop, cancel, { orderId }, buyer);
    for (const stream of heard) {
      const events = await told(stream, 1);
      expect(events).toMatchObject([{ type: 'CANCELLED', orderId }]);
    }
    const own = await theirs.watch(EVENTS, { after });
    await ordered(other);
    expect(await told(own, 1)).toMatchObject([{ type: 'PLACED', order: { customer: { id: other.id } } }]);
    expect([...heard, ...silent, own].map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('must be named by the id of an order', async () => {
    const client = await open(staff);
    for (const orderId of [goods.id, 'order_x', '']) {
      const [error] = (await client.refusals(EVENTS, { orderId })) ?? [];
      const fields = [{ path: 'orderId', message: 'must be the id of a order' }];
      expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields });
    }
    const [error] = (await client.refusals(EVENTS, { after: 'x' })) ?? [];
    expect(error?.extensions).toMatchObject({ code: 'CURSOR_INVALID' });
    expect(openStreams(shop)).toBe(0);
  });
});

describe('states', () => {
  it('narrow the stream to what leads to them, or happens in them', async () => {
    const after = await liveCursor();
    const { id: orderId, lines } = await bought(shop, [[goods, 2]], PAID, buyer);
    await changed(shop, fulfill, { orderId, lines: [{ orderLineId: lines[0].id, quantity: 1 }] }, staff);
    for (const document of [fulfill, ship, deliver]) await changed(shop, document, { orderId }, staff);
    const { id: elsewhere } = await ordered(buyer, PAID);
    const paid = await told(await watch(staff, { after, states: ['PAID'] }), 3);
    expect(paid.map(({ type, orderId: id }) => [type, id])).toEqual([
      ['PAYMENT_RECEIVED', orderId],
      ['PACKED', orderId],
      ['PAYMENT_RECEIVED', elsewhere],
    ]);
    const ends = await told(await watch(buyer, { after, states: ['DELIVERED', 'SHIPPED', 'CANCELLED'] }), 2);
    expect(statesOf(ends)).toEqual(['SHIPPED', 'DELIVERED']);
    const here = await told(await watch(staff, { after, orderId: elsewhere, states: ['PAID', 'PENDING_PAYMENT'] }), 2);
    expect(statesOf(here)).toEqual(['PENDING_PAYMENT', 'PAID']);
    const none = await watch(staff, { after, states: [] });
    const all = await watch(staff, { after, states: null });
    expect(await told(all, 8)).toHaveLength(8);
    expect([none.waiting, all.waiting]).toEqual([0, 0]);
  });
});

describe('a stream', () => {
  it('goes on behind the last event where a lost connection stopped', async () => {
    const client = await open(buyer);
    const { id: orderId } = await ordered(buyer, PAID);
    const after = await liveCursor();
    const stream = await client.watch(EVENTS, { after, orderId });
    await changed(shop, fulfill, { orderId }, staff);
    const [packed] = await told(stream, 1);
    client.cut();
    await until('the server has noticed', () => openStreams(shop) === 0);
    await changed(shop, ship, { orderId }, staff);
    const resumed = await watch(buyer, { orderId, after: packed?.['cursor'] });
    await changed(shop, deliver, { orderId }, staff);
    expect(statesOf(await told(resumed, 2))).toEqual(['SHIPPED', 'DELIVERED']);
    const again = await watch(buyer, { orderId, after });
    expect(statesOf(await told(again, 3))).toEqual(['FULFILLED', 'SHIPPED', 'DELIVERED']);
    expect([resumed.waiting, again.waiting]).toEqual([0, 0]);
  });

  it('is told each of two at the desk, and made once for two windows of one of them', async () => {
    const metrics = shop.app.get(LiveMetrics, { strict: false });
    const streams = [await watch(staff), await watch(staff), await watch(admin)];
    const [executions, deliveries] = [metrics.executions, metrics.deliveries];
    const made = await ordered(buyer);
    const events = await Promise.all(streams.map((stream) => told(stream, 1)));
    expect(events[0]).toMatchObject([{ type: 'PLACED', orderId: made['id'], actor: { id: buyer.id } }]);
    expect([events[1], events[2]]).toEqual([events[0], events[0]]);
    expect([metrics.executions - executions, metrics.deliveries - deliveries]).toEqual([2, 3]);
  });
});
