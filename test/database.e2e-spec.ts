import pg from 'pg';
import { Database, DatabaseError } from '../src/database/database.js';
import { migrateDown, migrateUp, migrationStatus } from '../src/database/migrate.js';
import { ENTITIES } from '../src/entities.js';
import { scratchDatabase, type ScratchDatabase } from './support/postgres.js';

interface ColumnRow {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
}

const TYPES: Record<string, string> = {
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  _text: 'text[]',
  _uuid: 'uuid[]',
};

describe('database', () => {
  let scratch: ScratchDatabase;
  let database: Database;
  beforeAll(async () => {
    scratch = await scratchDatabase();
    database = await Database.open({ url: scratch.url, poolSize: 4, entities: ENTITIES });
  });
  afterAll(async () => {
    await database.close();
    await scratch.drop();
  });

  it('has exactly the columns that the entities know', async () => {
    const rows = await database.query<ColumnRow>(
      'test.columns',
      `SELECT table_name AS "table", column_name AS "column", udt_name AS type, is_nullable = 'YES' AS nullable
       FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name`,
    );
    const known = database.source.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => ({
        table: entity.tableName,
        column: column.databaseName,
        type: `${String(column.type)}${column.isArray ? '[]' : ''}`,
        nullable: column.isNullable,
      })),
    );
    const tables = new Set(known.map(({ table }) => table));
    const real = rows
      .filter(({ table }) => tables.has(table))
      .map((row) => ({ ...row, type: TYPES[row.type] ?? row.type }));
    const order = (a: ColumnRow, b: ColumnRow): number =>
      `${a.table}.${a.column}`.localeCompare(`${b.table}.${b.column}`);
    expect(known.toSorted(order)).toEqual(real.toSorted(order));
    expect(tables.size).toBe(ENTITIES.length);
  });

  it('goes down to nothing and up again', async () => {
    const own = await scratchDatabase();
    const other = await Database.open({ url: own.url, poolSize: 2 });
    try {
      const names = (await migrationStatus(other)).map(({ name }) => name);
      const reverted: (string | null)[] = [];
      for (let name = await migrateDown(other); name !== null; name = await migrateDown(other)) reverted.push(name);
      expect(reverted).toEqual(names.toReversed());
      const left = await other.query(
        'test.left',
        `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> 'migrations'`,
      );
      expect(left).toEqual([]);
      expect(await migrateUp(other)).toEqual(names);
      expect(await migrateUp(other)).toEqual([]);
      expect((await migrationStatus(other)).every(({ done }) => done)).toBe(true);
    } finally {
      await other.close();
      await own.drop();
    }
  });

  it('migrates once when two processes start together', async () => {
    const own = await scratchDatabase();
    const [one, two] = await Promise.all([1, 2].map(() => Database.open({ url: own.url, poolSize: 2 })));
    if (!one || !two) throw new Error('unreachable');
    try {
      while ((await migrateDown(one)) !== null);
      const done = await Promise.all([migrateUp(one), migrateUp(two)]);
      expect(done.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([
        0,
        (await migrationStatus(one)).length,
      ]);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await own.drop();
    }
  });

  it('rolls back everything when the work throws, and calls nobody', async () => {
    let called = false;
    const work = database.transaction(async (tx) => {
      tx.afterCommit(() => (called = true));
      await tx.query('test.insert', `INSERT INTO categories (slug, name) VALUES ('gone', 'Gone')`);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await database.query('test.gone', `SELECT FROM categories WHERE slug = 'gone'`)).toEqual([]);
    expect(called).toBe(false);
  });

  it('runs the loser of a deadlock again', async () => {
    const insert = `INSERT INTO categories (slug, name, position) VALUES ('a', 'A', 0), ('b', 'B', 0)`;
    await database.transaction((tx) => tx.query('test.two', insert));
    const add = `UPDATE categories SET position = position + 1 WHERE slug = $1`;
    let both = 0;
    let release: () => void = () => undefined;
    const met = new Promise<void>((resolve) => (release = resolve));
    const cross = (first: string, second: string): Promise<void> =>
      database.transaction(async (tx) => {
        await tx.query('test.add', add, [first]);
        if (++both >= 2) release();
        await met;
        await tx.query('test.add', add, [second]);
      });
    await Promise.all([cross('a', 'b'), cross('b', 'a')]);
    const sums = await database.query('test.sums', `SELECT slug, position FROM categories ORDER BY slug`);
    expect(sums).toEqual([
      { slug: 'a', position: 2 },
      { slug: 'b', position: 2 },
    ]);
    // Once each, and the loser at least once more.
    expect(both).toBeGreaterThanOrEqual(3);
  });

  it('outlives the death of its connections, lent out or idle', async () => {
    const own = await Database.open({ url: scratch.url, poolSize: 4 });
    const killer = new pg.Client({ connectionString: scratch.url });
    await killer.connect();
    try {
      const me = await own.query<{ pid: number }>('test.pid', 'SELECT pg_backend_pid() AS pid');
      await killer.query('SELECT pg_terminate_backend($1)', [me[0]?.pid]);
      const lent = own.transaction(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('test.pid', 'SELECT pg_backend_pid() AS pid');
        await killer.query('SELECT pg_terminate_backend($1)', [row?.pid]);
        await tx.query('test.after', 'SELECT 1');
      });
      await expect(lent).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await own.query('test.one', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await killer.end();
      await own.close();
    }
  });

  it('says where it looked for a database that is not there', async () => {
    const open = Database.open({ url: 'postgres://nobody:secret@127.0.0.1:1/none', poolSize: 2 });
    await expect(open).rejects.toThrow(DatabaseError);
    await expect(open).rejects.toThrow(/^PostgreSQL does not answer at 127\.0\.0\.1:1\/none: .*ECONNREFUSED/);
  });
});
