import { Role } from '../../src/access/role.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { signUp, type Account } from '../support/accounts.js';
import {
  aVariant,
  change,
  makeProduct,
  pick,
  PRODUCT_CHANGES,
  seeded,
  type MadeProduct,
} from '../support/catalogue.js';
import { anotherServer, LiveClient, openStreams, readEvents, settled, until, type Stream } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const { update } = PRODUCT_CHANGES;
const EVENTS = `subscription ($after: Cursor, $ids: [ID!]) {
  productEvents(after: $after, productIds: $ids) { cursor productId product { version } }
}`;

interface Told {
  cursor: string;
  productId: string;
  product: { version: number } | null;
}

let shop: Shop;
let staff: Account;
const clients: LiveClient[] = [];
const servers: Shop[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await until('no stream is left', () => openStreams(shop) === 0);
  for (const server of servers.splice(0)) await server.close();
});

afterAll(() => shop?.close());

async function open(server = shop): Promise<LiveClient> {
  const client = await LiveClient.open(server, staff);
  clients.push(client);
  return client;
}

type Watched = Stream<{ productEvents: Told }>;

const watch = async (variables: Record<string, unknown>, server = shop): Promise<Watched> =>
  (await open(server)).watch<{ productEvents: Told }>(EVENTS, variables);

async function told(stream: Watched, count: number): Promise<Told[]> {
  return (await stream.take(count)).map(({ data }) => data.productEvents);
}

async function another(): Promise<Shop> {
  const server = await anotherServer(shop);
  servers.push(server);
  return server;
}

const make = (name: string): Promise<MadeProduct> => makeProduct(shop, staff, { name, variants: [aVariant()] });
const touch = (id: string, server = shop): Promise<object> => change(server, staff, update, { id, description: 'New' });

async function liveCursor(server = shop): Promise<string> {
  await settled(server);
  return (await server.send('{ liveCursor }')).data['liveCursor'];
}

/** Versions that were told, by product, in the order of the telling. */
function versions(events: readonly Told[]): Record<string, (number | undefined)[]> {
  const lists: Record<string, (number | undefined)[]> = {};
  for (const { productId, product } of events) (lists[productId] ??= []).push(product?.version);
  return lists;
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

const epochOf = (cursor: string): [string, number] => {
  const [epoch = '', pos = ''] = Buffer.from(cursor, 'base64url').toString().split(':');
  return [epoch, Number(pos)];
};
const made = (text: string): string => Buffer.from(text).toString('base64url');

/** Lets so many things happen to something else, more than a server keeps in memory; each event holds its number. */
async function manyEvents(count: number): Promise<void> {
  // The outbox is empty when PostgreSQL looks at it, and must be emptied as fast when it is not.
  await shop.database.query('test.analyze', 'ANALYZE event_outbox');
  await shop.database.query(
    'test.manyEvents',
    `INSERT INTO event_outbox (topic, entity_id, type, payload)
     SELECT 'other', uuidv7(), 'COUNTED', to_jsonb(n) FROM generate_series(1, $1::int) n ORDER BY n`,
    [count],
  );
  await settled(shop);
}

describe('order', () => {
  it('of the events of one product is the order of its versions, however many write at once', async () => {
    const [one, two] = [await make('One'), await make('Two')];
    const streams = [await watch({ after: await liveCursor() }), await watch({})];
    await Promise.all(Array.from({ length: 100 }, (_, n) => touch(n % 2 === 0 ? one.id : two.id)));
    const [first, second] = [await told(streams[0] as Watched, 100), await told(streams[1] as Watched, 100)];
    expect(versions(first)).toEqual({ [one.id]: upTo(51, 2), [two.id]: upTo(51, 2) });
    expect(second).toEqual(first);
    expect(new Set(first.map(({ cursor }) => cursor)).size).toBe(100);
  });

  it('is the same on every server of a deployment', async () => {
    const product = await make('Shared');
    const other = await another();
    const after = await liveCursor();
    const streams = [await watch({ after }), await watch({ after }, other)];
    const writes = Array.from({ length: 60 }, (_, n) => touch(product.id, n % 2 === 0 ? shop : other));
    await Promise.all(writes);
    const [here, there] = [await told(streams[0] as Watched, 60), await told(streams[1] as Watched, 60)];
    expect(versions(here)).toEqual({ [product.id]: upTo(61, 2) });
    expect(there).toEqual(here);
  });

  it('has neither gap nor repeat for two who watch 200 events', async () => {
    const products = await Promise.all(Array.from({ length: 10 }, (_, n) => make(`Many ${n}`)));
    const after = await liveCursor();
    const streams = [await watch({ after }), await watch({ after })];
    await Promise.all(products.flatMap(({ id }) => Array.from({ length: 20 }, () => touch(id))));
    const expected = Object.fromEntries(products.map(({ id }) => [id, upTo(21, 2)]));
    for (const stream of streams) {
      expect(versions(await told(stream, 200))).toEqual(expected);
      expect(stream.waiting).toBe(0);
    }
  });
});

describe('resuming after a cursor', () => {
  it('goes on where a lost connection stopped', async () => {
    const { id } = await make('Lost');
    const client = await open();
    const stream = await client.watch<{ productEvents: Told }>(EVENTS, { after: await liveCursor() });
    for (let n = 0; n < 3; n += 1) await touch(id);
    const before = await told(stream, 3);
    client.cut();
    await until('the server has noticed', () => openStreams(shop) === 0);
    for (let n = 0; n < 4; n += 1) await touch(id);
    const resumed = await watch({ after: before[2]?.cursor });
    await touch(id);
    expect(versions(await told(resumed, 5))).toEqual({ [id]: upTo(9, 5) });
    const again = await watch({ after: before[0]?.cursor });
    expect(versions(await told(again, 7))).toEqual({ [id]: upTo(9, 3) });
  });

  it('has neither gap nor repeat over many cuts, while others write', async () => {
    const random = seeded(12);
    const products = [await make('Cut 1'), await make('Cut 2'), await make('Cut 3')];
    let after = await liveCursor();
    const writers = Array.from({ length: 4 }, async (_unused, writer) => {
      const chance = seeded(writer);
      for (let n = 0; n < 25; n += 1) await touch(pick(chance, products).id);
    });
    const seen: Told[] = [];
    while (seen.length < 100) {
      const client = await open();
      const stream = await client.watch<{ productEvents: Told }>(EVENTS, { after });
      const events = await told(stream, Math.min(1 + Math.floor(random() * 15), 100 - seen.length));
      client.cut();
      // What had arrived unseen is thrown away, as a page that crashed would.
      seen.push(...events);
      after = events.at(-1)?.cursor ?? after;
    }
    await Promise.all(writers);
    const counts = await shop.send('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Product { version } } }', {
      ids: products.map(({ id }) => id),
    });
    const nodes = counts.data['nodes'] as { id: string; version: number }[];
    expect(nodes.reduce((sum, { version }) => sum + version - 1, 0)).toBe(100);
    expect(versions(seen)).toEqual(Object.fromEntries(nodes.map(({ id, version }) => [id, upTo(version, 2)])));
  });

  it('loses nothing between data and stream when the cursor was read with the data', async () => {
    const { id } = await make('Snapshot');
    for (let round = 0; round < 8; round += 1) {
      const writing = Array.from({ length: 10 }, () => touch(id));
      const { data } = await shop.send(
        'query ($id: ID!) { product(by: { id: $id }) { version } liveCursor after: product(by: { id: $id }) { slug } }',
        { id },
      );
      const known: number = data['product'].version;
      const stream = await watch({ after: data['liveCursor'], ids: [id] });
      await Promise.all(writing);
      const last = 1 + 10 * (round + 1);
      // It may begin with what the data shows already, but never behind the version that follows.
      const first = known < last ? ((await told(stream, 1))[0]?.product?.version ?? 0) : last;
      expect(first).toBeLessThanOrEqual(known + 1);
      const rest = versions(await told(stream, last - first));
      expect(rest).toEqual(first < last ? { [id]: upTo(last, first + 1) } : {});
      stream.stop();
    }
  });

  it('works on another server, and behind all that a server remembers', async () => {
    const [epoch, pos] = epochOf(await liveCursor());
    await manyEvents(11_000);
    const after = made(`${epoch}:${pos}`);
    for (const server of [shop, await another()]) {
      const seen = await readEvents(server, { topic: 'other', after, count: 11_000 });
      expect(seen.map(({ payload }) => payload)).toEqual(upTo(11_000));
    }
  });
});

describe('a cursor', () => {
  it('is refused that this log never made', async () => {
    const [epoch, pos] = epochOf(await liveCursor());
    const client = await open();
    const page = (await shop.send('{ products { pageInfo { endCursor } } }')).data['products'].pageInfo.endCursor;
    const wrong = [
      'garbage',
      '',
      made(`${epoch}:${pos + 1}`),
      made(`00000000:${pos}`),
      made(`${epoch}:-1`),
      made(epoch),
      page,
    ];
    for (const after of wrong) {
      const errors = await client.refusals(EVENTS, { after });
      expect([after, errors?.map(({ extensions }) => extensions['code'])]).toEqual([after, ['CURSOR_INVALID']]);
    }
    expect(openStreams(shop)).toBe(0);
    const [, last] = epochOf(await liveCursor());
    expect(last).toBe(pos);
  });

  it('has expired when events after it are no longer kept', async () => {
    const { id } = await make('Forgotten');
    await touch(id);
    const [epoch, pos] = epochOf(await liveCursor());
    await shop.database.query('test.forget', 'DELETE FROM event_log WHERE pos < $1', [pos]);
    // This server remembers them; a new one has only what the log has kept.
    const server = await another();
    const client = await open(server);
    const errors = await client.refusals(EVENTS, { after: made(`${epoch}:${pos - 2}`) });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['CURSOR_EXPIRED']);
    expect(openStreams(server)).toBe(0);
    expect(versions(await told(await watch({ after: made(`${epoch}:${pos - 1}`) }, server), 1))).toEqual({ [id]: [2] });
    await shop.database.query('test.forgetAll', 'DELETE FROM event_log');
    const empty = await another();
    expect(
      (await (await open(empty)).refusals(EVENTS, { after: made(`${epoch}:${pos - 1}`) }))?.[0]?.extensions,
    ).toMatchObject({ code: 'CURSOR_EXPIRED' });
    const stream = await watch({ after: made(`${epoch}:${pos}`) }, empty);
    await touch(id);
    expect(versions(await told(stream, 1))).toEqual({ [id]: [3] });
  });

  it('that expires under a slow reader ends its stream with an error and leaves none behind', async () => {
    const [epoch, pos] = epochOf(await liveCursor());
    await manyEvents(9_000);
    const server = await another();
    const feed = server.app.get(EventFeed, { strict: false });
    // To the end of a page of 64.
    const end = (Math.floor(pos / 64) + 1) * 64;
    expect((await feed.read(pos)).map((event) => event.pos)).toEqual(upTo(end, pos + 1));
    await shop.database.query('test.forget', 'DELETE FROM event_log WHERE pos < $1', [pos + 2_000]);
    const resumed = (at: number): Promise<number> => feed.resume(made(`${epoch}:${pos + at}`));
    await expect(resumed(1_998)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    await expect(resumed(1_999)).resolves.toBe(pos + 1_999);
    await expect(feed.read(pos + 1_000)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    // A watcher that had begun in time meets the gap on its way.
    const resume = feed.resume.bind(feed);
    feed.resume = () => Promise.resolve(pos + 1_000);
    const client = await open(server);
    const stream = await client.watch(EVENTS, { after: made(`${epoch}:${pos + 1_000}`) });
    expect(await stream.end()).toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
    feed.resume = resume;
    expect(openStreams(server)).toBe(0);
  });
});
