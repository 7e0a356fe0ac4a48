import { randomBytes } from 'node:crypto';
import { Database } from '../src/database/database.js';
import type { Tx } from '../src/database/db.js';
import { apart, currentIdempotencyKey, once, repeatable, type OnceKey } from '../src/database/once.js';
import { WorkLoop } from '../src/events/work-loop.js';
import { onceKeyOf } from '../src/server/idempotency-key.js';
import { until } from './support/live.js';
import { scratchDatabase, type ScratchDatabase } from './support/postgres.js';

let scratch: ScratchDatabase;
let database: Database;

beforeAll(async () => {
  scratch = await scratchDatabase();
  database = await Database.open({ url: scratch.url, poolSize: 4 });
});

afterAll(async () => {
  await database?.close();
  await scratch?.drop();
});

/** A key that nothing was done with yet. */
function aKey(args: Record<string, unknown> = {}, key = randomBytes(8).toString('hex')): OnceKey {
  return onceKeyOf({ secret: 'a secret', viewerId: null, key, field: 'test', args });
}

/** Adds a category and answers its row. */
async function add(tx: Tx, slug: string): Promise<object> {
  const sql = `INSERT INTO categories (slug, name) VALUES ($1, 'Once') RETURNING id, slug, created_at AS "createdAt"`;
  const [row] = await tx.query('test.add', sql, [slug]);
  return row ?? {};
}

async function slugs(): Promise<string[]> {
  const rows = await database.query<{ slug: string }>('test.slugs', 'SELECT slug FROM categories ORDER BY id');
  await database.transaction((tx) => tx.query('test.clear', 'DELETE FROM categories'));
  return rows.map(({ slug }) => slug);
}

const adding = (key: OnceKey, slug: string): Promise<object> =>
  once(key, () => database.transaction((tx) => add(tx, slug)));

describe('once', () => {
  it('makes the first transaction once and answers the same rows, dates and all', async () => {
    const key = aKey();
    const first = await adding(key, 'one');
    expect(first).toEqual({ id: expect.any(String), slug: 'one', createdAt: expect.any(Date) });
    expect(await adding(key, 'one')).toEqual(first);
    expect(await slugs()).toEqual(['one']);
  });

  it.each([undefined, null, false, 0, '', [], { of: [Buffer.from('b')] }])(
    'gives back the answer %j',
    async (answer) => {
      const key = aKey();
      const answering = (value: unknown): Promise<unknown> =>
        once(key, () => database.transaction(() => Promise.resolve(value)));
      expect(await answering(answer)).toEqual(answer);
      expect(await answering('another')).toEqual(answer);
    },
  );

  it('lets later transactions run every time', async () => {
    const key = aKey();
    const both = (): Promise<unknown> =>
      once(key, async () => {
        await database.transaction((tx) => add(tx, 'first'));
        await database.transaction((tx) => add(tx, `later-${randomBytes(4).toString('hex')}`));
      });
    await both();
    await both();
    expect(await slugs()).toEqual(['first', expect.stringMatching(/^later-/), expect.stringMatching(/^later-/)]);
  });

  it('leaves the key to the next transaction when one fails, but not to what is written down apart', async () => {
    const key = aKey();
    const again = (): Promise<object> =>
      once(key, async () => {
        await database.transaction(() => Promise.reject(new Error('no'))).catch(() => undefined);
        await apart(() => database.transaction((tx) => add(tx, `note-${randomBytes(4).toString('hex')}`)));
        return database.transaction((tx) => add(tx, 'at last'));
      });
    const first = await again();
    expect(first).toMatchObject({ slug: 'at last' });
    // The first transaction of the repetition answers as the one that has made the change.
    const repeated = await once(key, () => database.transaction(() => Promise.reject(new Error('no'))));
    expect(repeated).toEqual(first);
    expect(await slugs()).toEqual([expect.stringMatching(/^note-/), 'at last']);
  });

  it('calls those who wait for the commit when the change is made, and not when it is repeated', async () => {
    const key = aKey();
    let called = 0;
    const work = (): Promise<void> =>
      once(key, () =>
        database.transaction((tx) => {
          tx.afterCommit(() => (called += 1));
          return Promise.resolve();
        }),
      );
    await work();
    await work();
    expect(called).toBe(1);
  });

  it('claims again when the transaction lost a deadlock', async () => {
    const key = aKey();
    let attempts = 0;
    const work = (): Promise<number> =>
      once(key, () =>
        database.transaction(async (tx) => {
          attempts += 1;
          await add(tx, 'deadlocked');
          const lost = `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$`;
          if (attempts === 1) await tx.query('test.lose', lost);
          return attempts;
        }),
      );
    expect([await work(), await work()]).toEqual([2, 2]);
    expect(await slugs()).toEqual(['deadlocked']);
  });

  it('refuses another change under the same key, and one whose answer is too long', async () => {
    await adding(aKey({ a: 1 }, 'shared'), 'mine');
    await expect(adding(aKey({ a: 2 }, 'shared'), 'other')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const long = once(aKey(), () =>
      database.transaction(async (tx) => ({ ...(await add(tx, 'long')), text: 'x'.repeat(1024 * 1024) })),
    );
    await expect(long).rejects.toThrow('too long to be kept');
    expect(await slugs()).toEqual(['mine']);
  });

  it('names the change in progress, and nothing outside of it', async () => {
    const name = await once(aKey({}, 'named'), () => Promise.resolve(currentIdempotencyKey()));
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(await once(aKey({ other: 1 }, 'named'), () => Promise.resolve(currentIdempotencyKey()))).toBe(name);
    expect(currentIdempotencyKey()).toBeNull();
  });

  it('does not take what it has started for the change: a loop that it wakes, work behind its answer', async () => {
    const key = aKey();
    let ran = 0;
    const loop = new WorkLoop(async () => {
      await database.transaction((tx) => add(tx, `loop-${ran}`));
      ran += 1;
    }, 60_000);
    let late: Promise<object> | undefined;
    let answered: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => (answered = resolve));
    await once(key, async () => {
      loop.start();
      await until('the loop ran', () => ran === 1);
      late = answer.then(() => database.transaction((tx) => add(tx, 'late')));
    });
    answered();
    await late;
    await loop.stop();
    expect((await slugs()).toSorted()).toEqual(['late', 'loop-0']);
    const keys = 'SELECT FROM idempotency_keys WHERE key_hash = $1';
    expect(await database.query('test.key', keys, [key.hash])).toEqual([]);
  });
});

describe('repeatable', () => {
  const checked = (key: OnceKey, passes: boolean): Promise<object> =>
    once(key, () =>
      repeatable(database, async () => {
        if (!passes) throw new Error('the check fails');
        return database.transaction((tx) => add(tx, 'checked'));
      }),
    );

  it('answers as the first time where the checks before the change fail', async () => {
    const key = aKey({ a: 1 }, 'checked');
    await expect(checked(key, false)).rejects.toThrow('the check fails');
    const first = await checked(key, true);
    expect(await checked(key, false)).toEqual(first);
    await expect(checked(aKey({ a: 2 }, 'checked'), false)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await slugs()).toEqual(['checked']);
  });

  it('knows no answer that has expired, and does nothing without a key', async () => {
    const key = aKey();
    await checked(key, true);
    const age = `UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 second' WHERE key_hash = $1`;
    await database.transaction((tx) => tx.query('test.age', age, [key.hash]));
    await expect(checked(key, false)).rejects.toThrow('the check fails');
    await expect(repeatable(database, () => Promise.reject(new Error('plain')))).rejects.toThrow('plain');
    expect(await slugs()).toEqual(['checked']);
  });
});
