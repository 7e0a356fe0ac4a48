import type { Database } from '../../src/database/database.js';
import type { ServerProcess } from '../../src/scratch/server-process.js';
import { now } from './clock.ts';
import type { LiveShop } from './live-shop.ts';
import type { Stage } from './stage.ts';

const NEXT_LEADER_MS = 20_000;
const POLL_MS = 50;

// The connection that holds the lock of the sequencer tells the id of its process in its name.
const HOLDER = `SELECT substring(a.application_name FROM '^souk sequencer (\\d+)$')::int AS pid
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND a.application_name ~ '^souk sequencer \\d+$'`;

/** The server that gives events their places just now; between two, the next one is waited for. @throws Error when none comes, or there are several */
export async function leaderOf({ database, scratch }: LiveShop, stage: Stage): Promise<ServerProcess> {
  for (const deadline = now() + NEXT_LEADER_MS; ; await stage.pause(POLL_MS)) {
    const holders = await holdersIn(database);
    const leader = scratch.servers.find((server) => server.pid === holders[0]);
    if (leader && holders.length === 1) return leader;
    if (holders.length > 1) throw new Error(`There are several sequencers: ${holders.join(' ')}`);
    if (now() > deadline) throw new Error('No server is the sequencer.');
  }
}

async function holdersIn(database: Database): Promise<number[]> {
  const rows = await database.query<{ pid: number }>('bench.sequencer', HOLDER);
  return [...new Set(rows.map(({ pid }) => pid))];
}
