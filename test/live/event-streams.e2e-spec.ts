import { Role } from '../../src/access/role.js';
import { EventStreams } from '../../src/server/event-streams.js';
import { signUp, type Account } from '../support/accounts.js';
import { change, countOf, makeProduct, pick, PRODUCT_CHANGES, seeded, type MadeProduct } from '../support/catalogue.js';
import { askStream, EventStream, type StreamRequest } from '../support/event-stream.js';
import { insidesOf, metricsOf, NOBODY_THERE } from '../support/live-insides.js';
import { anotherServer, settled, until } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const EVENTS = `subscription ($after: Cursor, $ids: [ID!]) {
  productEvents(after: $after, productIds: $ids) { cursor productId product { version } }
}`;
const { create, update } = PRODUCT_CHANGES;

interface Told {
  cursor: string;
  productId: string;
  product: { version: number } | null;
}

let shop: Shop;
let staff: Account;
const streams: EventStream[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.cut();
  await until('nobody is there', () => insidesOf(shop).connections === 0);
  expect(insidesOf(shop)).toEqual(NOBODY_THERE);
});

afterAll(() => shop?.close());

async function open(options: StreamRequest, server: Pick<Shop, 'url'> = shop): Promise<EventStream> {
  const stream = await EventStream.open(server, options);
  streams.push(stream);
  return stream;
}

/** A stream of events that has begun: what happens from now on is told. */
async function watch(options: StreamRequest = {}): Promise<EventStream> {
  await settled(shop);
  const { watchers } = insidesOf(shop);
  const stream = await open({ query: EVENTS, ...options });
  await until('it has begun', () => insidesOf(shop).watchers === watchers + 1);
  return stream;
}

const touch = (id: string): Promise<object> => change(shop, staff, update, { id, description: 'New' });
const codes = ({ errors }: Pick<Answer, 'errors'>): unknown[] =>
  (errors ?? []).map(({ extensions }) => extensions['code']);

async function liveCursor(): Promise<string> {
  await settled(shop);
  return (await shop.send('{ liveCursor }')).data['liveCursor'];
}

describe('a stream', () => {
  it('is written as the protocol says, byte for byte', async () => {
    const query = await open({ query: '{ shop { name } }' });
    await query.ended;
    expect([query.status, query.text]).toEqual([
      200,
      'event: next\ndata: {"data":{"shop":{"name":"Souk"}}}\n\nevent: complete\ndata:\n\n',
    ]);
    const from = await liveCursor();
    const stream = await watch({ query: 'subscription { productEvents { type product { name } } }' });
    await makeProduct(shop, staff, { name: 'Line one\nline two\r\u2028' });
    await stream.take(1);
    const data = '{"data":{"productEvents":{"type":"CREATED","product":{"name":"Line one\\nline two\\r\u2028"}}}}';
    // The first id comes without an event: it is where a browser goes on that has heard of nothing.
    expect(stream.text).toBe(`id: ${from}\n\nid: ${await liveCursor()}\nevent: next\ndata: ${data}\n\n`);
  });

  it('has the headers that browsers and proxies need', async () => {
    const { headers } = await watch({ headers: { origin: 'https://shop.example' } });
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': 'https://shop.example',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is opened by GET as well, as browsers do it', async () => {
    const { id } = await makeProduct(shop, staff, { name: 'By GET' });
    const stream = await watch({ method: 'GET', variables: { ids: [id] } });
    await makeProduct(shop, staff, { name: 'Not asked for' });
    await touch(id);
    const [{ data } = { data: null }] = await stream.results<{ productEvents: Told }>(1);
    expect(data?.productEvents).toMatchObject({ productId: id, product: { version: 2 } });
    expect(stream.waiting).toBe(0);
  });

  it('goes on behind the last event that was seen, on whatever server, and not from the start of the address', async () => {
    const { id } = await makeProduct(shop, staff, { name: 'Resumed' });
    const after = await liveCursor();
    for (let n = 0; n < 4; n += 1) await touch(id);
    const stream = await open({ method: 'GET', query: EVENTS, variables: { after } });
    const [first, second] = await stream.take(2);
    expect([first?.id, second?.id]).toEqual(
      [first, second].map((event) => JSON.parse(event?.data ?? '').data.productEvents.cursor),
    );
    stream.cut();
    const other = await anotherServer(shop);
    for (const server of [shop, other]) {
      const headers = { 'last-event-id': second?.id ?? '' };
      const resumed = await open({ method: 'GET', query: EVENTS, variables: { after }, headers }, server);
      const told = await resumed.results<{ productEvents: Told }>(2);
      expect(told.map(({ data }) => data.productEvents.product?.version)).toEqual([4, 5]);
    }
    await other.close();
  });

  it('has neither gap nor repeat over many cuts, while others write', async () => {
    const random = seeded(7);
    const products: MadeProduct[] = [];
    for (const name of ['One', 'Two', 'Three']) products.push(await makeProduct(shop, staff, { name }));
    let last = await liveCursor();
    const writers = Array.from({ length: 3 }, async (_unused, writer) => {
      const chance = seeded(writer);
      for (let n = 0; n < 20; n += 1) await touch(pick(chance, products).id);
    });
    const seen: string[] = [];
    while (seen.length < 60) {
      const stream = await open({ query: EVENTS, headers: { 'last-event-id': last } });
      for (const { id, data } of await stream.take(Math.min(1 + Math.floor(random() * 9), 60 - seen.length))) {
        const { productId, product } = JSON.parse(data).data.productEvents as Told;
        seen.push(`${productId} ${product?.version}`);
        last = id ?? '';
      }
      stream.cut();
    }
    await Promise.all(writers);
    expect(new Set(seen).size).toBe(60);
    for (const { id } of products) {
      const versions = seen.filter((line) => line.startsWith(id)).map((line) => Number(line.split(' ')[1]));
      expect(versions).toEqual(Array.from({ length: versions.length }, (_, n) => n + 2));
    }
  });

  it('tells of a cursor that was never made, or is too old, and ends', async () => {
    for (const cursor of ['nonsense', Buffer.from('00000000:1').toString('base64url')]) {
      const result = await askStream(shop, { query: EVENTS, headers: { 'last-event-id': cursor } });
      expect(codes(result)).toEqual(['CURSOR_INVALID']);
    }
    const old = await liveCursor();
    for (let n = 0; n < 2; n += 1) await makeProduct(shop, staff, { name: `Forgotten ${n}` });
    await settled(shop);
    await shop.database.query('test.forget', 'DELETE FROM event_log');
    // A new server has only what the log has kept.
    const other = await anotherServer(shop);
    expect(codes(await askStream(other, { query: EVENTS, headers: { 'last-event-id': old } }))).toEqual([
      'CURSOR_EXPIRED',
    ]);
    await other.close();
  });

  it('knows who asks', async () => {
    const query = 'query { me { id } }';
    const customer = await signUp(shop);
    expect(await askStream(shop, { query, by: customer })).toEqual({ data: { me: { id: customer.id } } });
    expect(await askStream(shop, { query })).toEqual({ data: { me: null } });
    expect(codes(await askStream(shop, { query: EVENTS, by: { token: 'wrong' } }))).toEqual(['UNAUTHENTICATED']);
    const told = { query: 'subscription { productEvents { product { name } } }' };
    const [forStaff, forCustomer] = [await watch({ ...told, by: staff }), await watch({ ...told, by: customer })];
    await makeProduct(shop, staff, { name: 'Secret', status: 'DRAFT' });
    await makeProduct(shop, staff, { name: 'Open' });
    const names = async (stream: EventStream, count: number): Promise<string[]> =>
      (await stream.results(count)).map(({ data }) => data['productEvents'].product.name);
    expect(await names(forStaff, 2)).toEqual(['Secret', 'Open']);
    expect(await names(forCustomer, 1)).toEqual(['Open']);
  });
});

describe('a mutation', () => {
  const mutation = { query: create, variables: { input: { name: 'Made' } } };
  const count = (): Promise<number> => countOf(shop, `SELECT count(*) AS n FROM products WHERE name = 'Made'`);

  it('is made by POST and never by GET', async () => {
    const before = await count();
    expect(codes(await askStream(shop, { ...mutation, method: 'GET', by: staff }))).toEqual(['BAD_REQUEST']);
    expect(await count()).toBe(before);
    const { data } = await askStream(shop, { ...mutation, by: staff });
    expect(data['createProduct']).toMatchObject({ product: { name: 'Made' }, userErrors: [] });
    expect(await count()).toBe(before + 1);
  });

  it('is not taken in a form that a foreign page may send without asking', async () => {
    const before = await count();
    const bodies = {
      'text/plain': JSON.stringify(mutation),
      'application/x-www-form-urlencoded': new URLSearchParams({ query: create, variables: '{}' }).toString(),
    };
    for (const [type, body] of Object.entries(bodies)) {
      const headers = { accept: 'text/event-stream', 'content-type': type, authorization: `Bearer ${staff.token}` };
      const response = await fetch(shop.url, { method: 'POST', headers, body });
      expect([type, response.status, codes((await response.json()) as Answer)]).toEqual([type, 415, ['BAD_REQUEST']]);
    }
    expect(await count()).toBe(before);
  });
});

describe('what a stream holds', () => {
  it('is free when its client is gone, also before it was answered', async () => {
    const gone = Array.from({ length: 20 }, async (_unused, n) => {
      const stream = await EventStream.open(shop, { query: EVENTS, by: n % 2 === 0 ? staff : { token: '' } });
      stream.cut();
    });
    await Promise.all(gone);
    const aborted = Array.from({ length: 20 }, () => {
      const abort = new AbortController();
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
      const request = fetch(shop.url, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: EVENTS }),
        signal: abort.signal,
      });
      setImmediate(() => abort.abort());
      return request.catch(() => null);
    });
    await Promise.all(aborted);
  });

  it('is one connection, one group with equal sockets and streams, and one watcher', async () => {
    const both = [await watch(), await watch({ method: 'GET' })];
    expect(insidesOf(shop)).toMatchObject({ streams: 2, connections: 2, groups: 1, watchers: 2 });
    const { executions } = metricsOf(shop);
    await makeProduct(shop, staff, { name: 'For both' });
    const [first, second] = await Promise.all(both.map((stream) => stream.take(1)));
    expect(first).toEqual(second);
    expect(metricsOf(shop).executions - executions).toBe(1);
  });

  it('hears now and then how far it is, so that no proxy takes it for dead and a browser need not go far back', async () => {
    const from = await liveCursor();
    const stream = await watch({ query: 'subscription { productEvents(types: [ARCHIVED]) { type } }' });
    const server = shop.app.get(EventStreams, { strict: false });
    await makeProduct(shop, staff, { name: 'Not archived' });
    const to = await liveCursor();
    for (let tick = 0; tick < 24; tick += 1) server['tick']();
    await until('it is there', () => stream.text.split('\n\n').length === 3);
    expect([to === from, stream.text, stream.waiting]).toEqual([false, `id: ${from}\n\nid: ${to}\n\n`, 0]);
  });
});
