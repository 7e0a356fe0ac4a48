import type { Db } from '../../src/database/db.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { EventsQueries, type Batch, type BatchBounds } from '../../src/events/events.queries.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { anotherServer, settled, until } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const MOST_BYTES = 256 * 1024;

let shop: Shop;
let other: Shop | null = null;
let queries: EventsQueries;
let sequence: EventsQueries['sequence'];

beforeAll(async () => {
  shop = await startShop();
  queries = shop.app.get(EventsQueries, { strict: false });
  sequence = queries.sequence.bind(queries);
  await settled(shop);
});

afterEach(() => {
  queries.sequence = sequence;
});

afterAll(async () => {
  await other?.close();
  await shop?.close();
});

/** Writes events whose payloads cannot be made smaller, all in one transaction. */
async function write(count: number, bytes: number): Promise<void> {
  await shop.database.query(
    'test.write',
    `INSERT INTO event_outbox (topic, entity_id, type, payload)
     SELECT 'other', uuidv7(), 'T', to_jsonb((SELECT string_agg(md5(n || ' ' || part), '') FROM generate_series(1, $2::int / 32) part))
     FROM generate_series(1, $1::int) n ORDER BY n`,
    [count, bytes],
  );
}

const positionOf = ({ app }: Shop): number => app.get(EventFeed, { strict: false }).position;

describe('the sequencer', () => {
  it('takes large events few at a time, and one that is larger than that alone', async () => {
    const sizes: number[] = [];
    queries.sequence = async (db: Db, bounds: BatchBounds): Promise<Batch> => {
      const batch = await sequence(db, bounds);
      if (batch.events.length > 0) sizes.push(batch.events.reduce((sum, { bytes }) => sum + bytes, 0));
      return batch;
    };
    const before = positionOf(shop);
    await write(30, 64 * 1024);
    await settled(shop);
    expect(positionOf(shop)).toBe(before + 30);
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...sizes)).toBeLessThan(MOST_BYTES + 66 * 1024);
    sizes.length = 0;
    await write(3, 2 * MOST_BYTES);
    await settled(shop);
    expect(sizes).toEqual([2 * MOST_BYTES + 2, 2 * MOST_BYTES + 2, 2 * MOST_BYTES + 2]);
  });

  it('takes half as much after each time-out, and more again when that works', async () => {
    const asked: BatchBounds[] = [];
    queries.sequence = (db: Db, bounds: BatchBounds): Promise<Batch> => {
      asked.push(bounds);
      const late = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
      return asked.length <= 2 ? Promise.reject(late) : sequence(db, bounds);
    };
    await write(2, 32);
    await until('it takes all again', () => asked.length >= 5);
    const part = (one: number): BatchBounds => ({ events: 1_000 / one, bytes: MOST_BYTES / one });
    expect(asked.slice(0, 5)).toEqual([part(1), part(2), part(4), part(2), part(1)]);
    await settled(shop);
  });

  it('that stands still shows in the figures of every server, by the age of what waits', async () => {
    const servers = [shop, (other = await anotherServer(shop))];
    const lags = (): Promise<number[]> =>
      Promise.all(
        servers.map(async ({ app }) => {
          const metric = app.get(Metrics, { strict: false }).registry.getSingleMetric('souk_events_lag_seconds');
          return (await metric?.get())?.values[0]?.value ?? -1;
        }),
      );
    const [held, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = shop.database.transaction(async (tx) => {
      await tx.query('test.hold', 'SELECT FROM event_state FOR UPDATE');
      held.resolve();
      await go.promise;
    });
    await held.promise;
    await write(1, 32);
    await until('all show it', async () => (await lags()).every((lag) => lag > 0));
    go.resolve();
    await holding;
    await until('nothing waits', async () => (await lags()).every((lag) => lag === 0));
    expect(positionOf(shop)).toBe((await queries.state(shop.database)).lastPos);
  });
});
