import type { MigrationInterface } from 'typeorm';
import type { Database } from './database.js';

/** One migration, and whether it has run on this database. */
export interface MigrationStatus {
  name: string;
  done: boolean;
}

// Any constant of our own: two processes that start together must not migrate at the same time.
const LOCK = 7_105_001;

/** Every known migration in order, with those that have run. */
export async function migrationStatus(database: Database): Promise<MigrationStatus[]> {
  const known = database.source.migrations.map(nameOf);
  const [table] = await database.query<{ there: boolean }>(
    'migrate.table',
    `SELECT to_regclass('migrations') IS NOT NULL AS there`,
  );
  const rows = table?.there
    ? await database.query<{ name: string }>('migrate.status', 'SELECT name FROM migrations')
    : [];
  const ran = new Set(rows.map((row) => row.name));
  return known.map((name) => ({ name, done: ran.has(name) }));
}

/** Runs all migrations that have not run, each in its own transaction. Answers their names, in order. */
export async function migrateUp(database: Database): Promise<string[]> {
  return locked(database, async () => {
    const done = await database.source.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  });
}

/** Reverts the newest migration that has run. Answers its name, or `null` when there is none. */
export async function migrateDown(database: Database): Promise<string | null> {
  return locked(database, async () => {
    const before = await migrationStatus(database);
    const newest = before.findLast((migration) => migration.done);
    if (!newest) return null;
    await database.source.undoLastMigration({ transaction: 'each' });
    return newest.name;
  });
}

function nameOf(migration: MigrationInterface): string {
  return migration.name ?? migration.constructor.name;
}

async function locked<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const runner = database.source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [LOCK]);
    try {
      return await work();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    }
  } finally {
    await runner.release();
  }
}
