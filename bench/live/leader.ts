import type { Database } from '../../src/database/database.js';
import type { ServerProcess } from '../../src/scratch/server-process.js';
import type { LiveShop } from './live-shop.ts';

// The connection that holds the lock of the sequencer tells the id of its process in its name.
const HOLDER = `SELECT substring(a.application_name FROM '^souk sequencer (\\d+)$')::int AS pid
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND a.application_name ~ '^souk sequencer \\d+$'`;

/** The server that gives events their places just now. @throws Error when there is none, or more than one */
export async function leaderOf({ database, scratch }: LiveShop): Promise<ServerProcess> {
  const holders = await holdersIn(database);
  const leader = scratch.servers.find((server) => server.pid === holders[0]);
  if (!leader || holders.length > 1) throw new Error(`Which server is the sequencer? Holders: ${holders.join(' ')}`);
  return leader;
}

async function holdersIn(database: Database): Promise<number[]> {
  const rows = await database.query<{ pid: number }>('bench.sequencer', HOLDER);
  return [...new Set(rows.map(({ pid }) => pid))];
}
