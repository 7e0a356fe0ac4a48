import type { Db, Tx } from '../database/db.js';

/** Deadlocks since the server was started, and when that was. */
export async function databaseState(db: Db): Promise<{ deadlocks: number; startedAt: string }> {
  const [row] = await db.query<{ deadlocks: number; startedAt: string }>(
    'scratch.databaseState',
    `SELECT deadlocks, pg_postmaster_start_time()::text AS "startedAt" FROM pg_stat_database WHERE datname = current_database()`,
  );
  if (!row) throw new Error('PostgreSQL tells nothing about its database.');
  return row;
}

/** Version of PostgreSQL. */
export async function databaseVersion(db: Db): Promise<string> {
  const sql = `SELECT split_part(current_setting('server_version'), ' ', 1) AS version`;
  const [row] = await db.query<{ version: string }>('scratch.version', sql);
  return row?.version ?? '';
}

/** Adds accounts with these roles, who cannot sign in by a password, and answers their ids. */
export async function addAccounts(tx: Tx, count: number, roles: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'scratch.addAccounts',
    `INSERT INTO users (email, name, password_hash, roles)
     SELECT 'prove-' || uuidv7() || '@prove.example', 'Prove ' || n, '-', $2 FROM generate_series(1, $1::int) n RETURNING id`,
    [count, roles],
  );
  return rows.map(({ id }) => id);
}
