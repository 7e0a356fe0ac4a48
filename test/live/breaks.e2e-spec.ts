import { EventFeed } from '../../src/events/event-feed.js';
import { signUp } from '../support/accounts.js';
import { EventStream } from '../support/event-stream.js';
import { anotherServer, LiveClient, openStreams, settled, until } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

/** A server, and what its feed has told. */
interface Follower {
  server: Shop;
  feed: EventFeed;
  breaks: number;
  told: number[];
}

let shop: Shop;
let other: Shop;
const followers: Follower[] = [];

beforeAll(async () => {
  shop = await startShop();
  other = await anotherServer(shop);
  for (const server of [shop, other]) {
    const feed = server.app.get(EventFeed, { strict: false });
    const follower: Follower = { server, feed, breaks: 0, told: [] };
    feed.onBreak(() => (follower.breaks += 1));
    feed.onEvents((events) => follower.told.push(...events.map(({ pos }) => pos)));
    followers.push(follower);
  }
});

beforeEach(async () => {
  await write(3);
  for (const follower of followers) Object.assign(follower, { breaks: 0, told: [] });
});

afterAll(async () => {
  await other?.close();
  await shop?.close();
});

async function write(count: number): Promise<void> {
  await shop.database.query(
    'test.write',
    `INSERT INTO event_outbox (topic, entity_id, type, payload)
     SELECT 'other', uuidv7(), 'COUNTED', to_jsonb(n) FROM generate_series(1, $1::int) n ORDER BY n`,
    [count],
  );
  for (const server of [shop, other]) await settled(server);
}

const broken = (): Promise<void> => until('all have noticed', () => followers.every(({ breaks }) => breaks > 0));

const decoded = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

describe('a server whose log does not go on where it was', () => {
  it('because an older state of the database was restored, says so once and follows what comes then', async () => {
    const before = followers[0]?.feed.position ?? 0;
    await shop.database.query(
      'test.restore',
      `WITH restored AS (UPDATE event_state SET last_pos = last_pos - 2 RETURNING last_pos)
       DELETE FROM event_log USING restored WHERE pos > last_pos`,
    );
    await broken();
    for (const { feed } of followers)
      expect([feed.position, await feed.read(before - 3)]).toMatchObject([before - 2, [{ pos: before - 2 }]]);
    await write(3);
    for (const { breaks, told } of followers) {
      expect(breaks).toBe(1);
      expect(told).toEqual([before - 1, before, before + 1]);
    }
  });

  it('because its epoch was changed, takes no cursor from before', async () => {
    const before = followers[0]?.feed.position ?? 0;
    const cursor = followers[0]?.feed.cursor() ?? '';
    await shop.database.query('test.epoch', `UPDATE event_state SET epoch = '0badcafe'`);
    await broken();
    for (const { feed } of followers) {
      expect(decoded(feed.cursor())).toBe(`0badcafe:${before}`);
      await expect(feed.resume(cursor)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    }
    await write(1);
    for (const { breaks, told } of followers) expect([breaks, told]).toEqual([1, [before + 1]]);
  });

  it('because events were forgotten before they were told, tells those behind them', async () => {
    const before = followers[0]?.feed.position ?? 0;
    const cursor = followers[0]?.feed.cursor() ?? '';
    await shop.database.query('test.forgotten', 'UPDATE event_state SET last_pos = last_pos + 5');
    await broken();
    await write(1);
    for (const { feed, breaks, told } of followers) {
      expect([breaks, told]).toEqual([1, [before + 6]]);
      await expect(feed.resume(cursor).then((pos) => feed.read(pos))).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    }
  });

  it('learns what accounts have lost in what it was not told', async () => {
    const { token, uuid } = await signUp(shop);
    await write(1);
    const me = (server: Shop): Promise<unknown> =>
      server.send('{ me { id } }', {}, token).then(({ data }) => data?.['me']);
    for (const server of [shop, other]) expect(await me(server)).toEqual({ id: expect.any(String) });
    await shop.database.query(
      'test.disabled',
      `WITH restored AS (UPDATE event_state SET epoch = 'cafebabe', last_pos = last_pos + 1 RETURNING last_pos)
       INSERT INTO event_log (pos, topic, entity_id, type, payload, at)
       SELECT last_pos, 'account', $1, 'DISABLED', '{}', now() FROM restored`,
      [uuid],
    );
    await broken();
    for (const server of [shop, other]) await until('the token is refused', async () => (await me(server)) == null);
    for (const { told } of followers) expect(told.length).toBeLessThanOrEqual(3);
  });

  it('ends every live query, which would otherwise wait for what does not come', async () => {
    const client = await LiveClient.open(other);
    const streams = await Promise.all(
      ['types: [CREATED]', 'types: [ARCHIVED]'].map((args) =>
        client.watch(`subscription { productEvents(${args}) { cursor } }`),
      ),
    );
    const events = await EventStream.open(other, { query: 'subscription { productEvents { cursor } }' });
    await until('all watch', () => openStreams(other) === 3);
    await shop.database.query('test.epoch', `UPDATE event_state SET epoch = 'deadbeef'`);
    for (const stream of streams)
      expect(await stream.end()).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
    expect(await events.results(1)).toMatchObject([{ errors: [{ extensions: { code: 'CURSOR_INVALID' } }] }]);
    expect(await events.ended).toBe(true);
    expect(openStreams(other)).toBe(0);
    await client.close();
  });
});
