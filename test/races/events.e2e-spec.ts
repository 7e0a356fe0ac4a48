import { randomUUID } from 'node:crypto';
import { EventFeed } from '../../src/events/event-feed.js';
import { EventsService } from '../../src/events/events.service.js';
import { pick, seeded } from '../support/catalogue.js';
import { anotherServer, readEvents, settled } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const WRITERS = 24;
const TRANSACTIONS = 12;

let shop: Shop;
let other: Shop;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: '30' });
  other = await anotherServer(shop);
});

afterAll(async () => {
  await other?.close();
  await shop?.close();
});

/** Changes that take their numbers at once and commit in another order, some of them never. Answers what was committed. */
async function writer(server: Shop, id: string, random: () => number): Promise<string[]> {
  const events = server.app.get(EventsService, { strict: false });
  const committed: string[] = [];
  for (let n = 0; n < TRANSACTIONS; n += 1) {
    const seconds = random() * 0.02;
    const fails = random() < 0.25;
    const [first, second] = [`${n}`, `${n} again`];
    const change = server.database.transaction(async (tx) => {
      for (const payload of [first, second])
        await events.append(tx, { topic: 'raced', entityId: id, type: 'T', payload });
      await tx.query('test.sleep', 'SELECT pg_sleep($1)', [seconds]);
      if (fails) throw new Error('undone');
    });
    if (
      await change.then(
        () => true,
        () => false,
      )
    )
      committed.push(first, second);
  }
  return committed;
}

it('loses, doubles and swaps no event of 24 writers who are slow and give up at will, on two servers', async () => {
  await settled(shop);
  const after = shop.app.get(EventFeed, { strict: false }).cursor();
  const random = seeded(24);
  const ids = Array.from({ length: WRITERS }, () => randomUUID());
  const written = await Promise.all(ids.map((id, n) => writer(pick(random, [shop, other]), id, seeded(n))));
  const expected = Object.fromEntries(ids.map((id, n) => [id, written[n]]));
  const total = written.flat().length;
  expect(total).toBeGreaterThan(WRITERS * TRANSACTIONS);
  expect(total).toBeLessThan(2 * WRITERS * TRANSACTIONS);
  await settled(shop);
  for (const server of [shop, other]) {
    const seen = await readEvents(server, { topic: 'raced', after, count: total });
    const byWriter = Object.groupBy(seen, ({ entityId }) => entityId);
    const told = Object.fromEntries(ids.map((id) => [id, byWriter[id]?.map(({ payload }) => payload) ?? []]));
    expect(told).toEqual(expected);
    const places = seen.map(({ pos }) => pos);
    expect(places).toEqual(Array.from({ length: total }, (_, index) => (places[0] ?? 0) + index));
  }
});
