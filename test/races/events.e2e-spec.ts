import { randomUUID } from 'node:crypto';
import { EventFeed } from '../../src/events/event-feed.js';
import { EventsService } from '../../src/events/events.service.js';
import { pick, seeded } from '../support/catalogue.js';
import { faultsOf, NaiveReader, type Written } from '../support/event-readers.js';
import { anotherServer, settled } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const WRITERS = 24;
const TRANSACTIONS = 12;
const NONE = { lost: 0, doubled: 0, outOfOrder: 0 };

let shop: Shop;
let other: Shop;
let naive: NaiveReader;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: '30' });
  other = await anotherServer(shop);
  naive = await NaiveReader.on(shop.database);
});

afterAll(async () => {
  await naive?.stop();
  await other?.close();
  await shop?.close();
});

/** Changes that take their numbers at once and commit in another order, some of them never. Answers what was committed. */
async function writer(server: Shop, id: string, random: () => number): Promise<Written[]> {
  const events = server.app.get(EventsService, { strict: false });
  const committed: Written[] = [];
  for (let n = 0; n < TRANSACTIONS; n += 1) {
    const pair = [`${n}`, `${n} again`].map((payload) => ({ entityId: id, payload }));
    const [seconds, fails] = [random() * 0.02, random() < 0.25];
    const change = server.database.transaction(async (tx) => {
      for (const written of pair) {
        await events.append(tx, { topic: 'raced', type: 'T', ...written });
        await naive.write(tx, written);
      }
      await tx.query('test.sleep', 'SELECT pg_sleep($1)', [seconds]);
      if (fails) throw new Error('undone');
    });
    await change.then(
      () => committed.push(...pair),
      () => undefined,
    );
  }
  return committed;
}

/** What a server tells its listeners of the topic from now on. */
function listen({ app }: Shop): { seen: Written[]; places: number[]; stop: () => void } {
  const seen: Written[] = [];
  const places: number[] = [];
  const stop = app.get(EventFeed, { strict: false }).onEvents((events) => {
    for (const { pos, topic, entityId, payload } of events) {
      if (topic === 'raced') seen.push({ entityId, payload: payload as string });
      places.push(pos);
    }
  });
  return { seen, places, stop };
}

it('loses, doubles and swaps no event of 24 writers who are slow and give up at will, beside an open transaction', async () => {
  await settled(shop);
  await settled(other);
  const told = [listen(shop), listen(other)];
  const random = seeded(24);
  const ids = Array.from({ length: WRITERS }, () => randomUUID());
  // It has written first and commits last.
  const open = Promise.withResolvers<void>();
  const events = shop.app.get(EventsService, { strict: false });
  const late = { entityId: randomUUID(), payload: 'late' };
  const begun = Promise.withResolvers<void>();
  const long = shop.database.transaction(async (tx) => {
    await events.append(tx, { topic: 'raced', type: 'T', ...late });
    await naive.write(tx, late);
    begun.resolve();
    await open.promise;
  });
  await begun.promise;
  const lists = await Promise.all(ids.map((id, n) => writer(pick(random, [shop, other]), id, seeded(n))));
  const written = lists.flat();
  expect(written.length).toBeGreaterThan(WRITERS * TRANSACTIONS);
  expect(written.length).toBeLessThan(2 * WRITERS * TRANSACTIONS);
  // Nobody waits for the open one.
  for (const server of [shop, other]) await settled(server);
  for (const { seen } of told) expect(faultsOf(written, seen)).toEqual(NONE);
  open.resolve();
  await long;
  for (const server of [shop, other]) await settled(server);
  await naive.catchUp();
  for (const { seen, places, stop } of told) {
    expect(faultsOf([...written, late], seen)).toEqual(NONE);
    expect(places).toEqual(Array.from({ length: places.length }, (_, index) => (places[0] ?? 0) + index));
    stop();
  }
  // The same writers and the same count find out a reader that takes a sequence for a cursor.
  expect(faultsOf([...written, late], naive.seen).lost).toBeGreaterThan(WRITERS);
});
