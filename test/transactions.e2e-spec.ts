import { Database } from '../src/database/database.js';
import type { Tx } from '../src/database/db.js';
import { insistOn, isInsistence } from '../src/database/pg-error.js';
import { CategoryEntity } from '../src/categories/category.entity.js';
import { countingStatements, statementLog } from '../src/telemetry/statements.js';
import { scratchDatabase, type ScratchDatabase } from './support/postgres.js';

const ADD = 'INSERT INTO categories (slug, name) VALUES ($1, $1)';

let scratch: ScratchDatabase;
let database: Database;

beforeAll(async () => {
  scratch = await scratchDatabase();
  database = await Database.open({ url: scratch.url, poolSize: 1, entities: [CategoryEntity] });
});
afterAll(async () => {
  await database.close();
  await scratch.drop();
});
beforeEach(() => database.transaction((tx) => tx.query('test.clear', 'DELETE FROM categories')));

const add = (tx: Tx, slug: string): Promise<object[]> => tx.query('test.add', ADD, [slug]);
const slugs = async (): Promise<string[]> => {
  const rows = await database.query<{ slug: string }>('test.slugs', 'SELECT slug FROM categories ORDER BY slug');
  return rows.map(({ slug }) => slug);
};
const codeOf = (error: unknown): unknown => (error as { code?: string }).code;

describe('statements that are asked for at once', () => {
  it('are done in their order, and counted with the beginning and the end', async () => {
    const log = statementLog();
    const answers = await countingStatements(log, () =>
      database.transaction((tx) =>
        Promise.all([
          add(tx, 'b'),
          tx.query('test.count', 'SELECT count(*) AS n FROM categories'),
          add(tx, 'a'),
          tx.query('test.count', 'SELECT count(*) AS n FROM categories'),
        ]),
      ),
    );
    expect(answers).toEqual([[], [{ n: 1 }], [], [{ n: 2 }]]);
    expect(log.names).toEqual(['START', 'test.add', 'test.count', 'test.add', 'test.count', 'COMMIT']);
  });

  it('are skipped behind one that fails, by the same error', async () => {
    const codes = await database
      .transaction(async (tx) => {
        const results = await Promise.allSettled([
          add(tx, 'a'),
          add(tx, 'a'),
          tx.query('test.nonsense', 'SELECT nonsense'),
        ]);
        // Sent one by one, the last would be told that the transaction is aborted (25P02), or that there is no such column.
        throw new Error(
          results.map((result) => (result.status === 'rejected' ? codeOf(result.reason) : 'done')).join(),
        );
      })
      .catch((error: Error) => error.message);
    expect(codes).toBe('23505,23505,23505');
    expect(await slugs()).toEqual([]);
  });

  it('can be sent again on the same connection after they were skipped', async () => {
    for (let time = 0; time < 4; time += 1) {
      const failing = database.transaction((tx) =>
        Promise.all([tx.query('test.fail', `SELECT ${insistOn('$1::int > 1')} AS n`, [time]), add(tx, `n${time}`)]),
      );
      const outcome = await failing.then(
        () => 'done',
        (error: unknown) => isInsistence(error),
      );
      expect(outcome).toBe(time > 1 ? 'done' : true);
    }
    expect(await slugs()).toEqual(['n2', 'n3']);
  });
});

describe('a statement that is queued', () => {
  it('goes with the next one, or with the end', async () => {
    const seen = await database.transaction(async (tx) => {
      tx.queue('test.add', ADD, ['a']);
      const rows = await tx.query('test.count', 'SELECT count(*) AS n FROM categories');
      tx.queue('test.add', ADD, ['b']);
      return rows;
    });
    expect(seen).toEqual([{ n: 1 }]);
    expect(await slugs()).toEqual(['a', 'b']);
  });

  it('undoes everything when it fails', async () => {
    const work = database.transaction(async (tx) => {
      await add(tx, 'a');
      tx.queue('test.add', ADD, ['a']);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await slugs()).toEqual([]);
  });
});

describe('the end', () => {
  it('is not reached when a failure was swallowed', async () => {
    const work = database.transaction(async (tx) => {
      await add(tx, 'a');
      await add(tx, 'a').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('in which a statement had failed');
    expect(await slugs()).toEqual([]);
  });

  it('comes in one go with what is asked for at the same time, and nothing comes behind it', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await database.transaction(async (tx) => {
      await Promise.all([add(tx, 'a'), tx.end()]);
      late = add(tx, 'b');
      await late.catch(() => undefined);
    });
    await expect(late).rejects.toThrow('The transaction is over.');
    expect(await slugs()).toEqual(['a']);
    const failing = database.transaction((tx) => Promise.all([add(tx, 'c'), add(tx, 'c'), tx.end()]));
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await slugs()).toEqual(['a']);
  });

  it('is not sent when nothing was', async () => {
    const log = statementLog();
    await countingStatements(log, () => database.transaction(async () => undefined));
    expect(log.names).toEqual([]);
  });

  it('leaves nothing behind that nobody has waited for', async () => {
    const work = database.transaction(async (tx) => {
      await add(tx, 'a');
      void add(tx, 'b');
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    // The one connection is asked: whatever was left would come before.
    expect(await slugs()).toEqual([]);
  });
});

it('TypeORM writes in the same transaction', async () => {
  const entity = (slug: string): Partial<CategoryEntity> => ({ slug, name: slug });
  await database.transaction(async (tx) => {
    await tx.manager.insert(CategoryEntity, entity('a'));
    expect(await tx.manager.countBy(CategoryEntity, { slug: 'a' })).toBe(1);
    await tx.manager.update(CategoryEntity, { slug: 'a' }, { name: 'Renamed' });
    await add(tx, 'b');
  });
  expect(await slugs()).toEqual(['a', 'b']);
  const work = database.transaction(async (tx) => {
    await tx.manager.insert(CategoryEntity, entity('c'));
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await slugs()).toEqual(['a', 'b']);
});
