import type { Database } from '../database/database.js';

/** How many connections PostgreSQL lets in, without those that it keeps for superusers. */
export async function connectionsOf(database: Database): Promise<number> {
  const [row] = await database.query<{ connections: number }>(
    'start.connections',
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - current_setting('reserved_connections')::int AS connections`,
  );
  return row?.connections ?? 0;
}
