import type { Database } from '../../src/database/database.js';
import type { ServerProcess } from '../../src/scratch/server-process.js';
import { now } from './clock.ts';
import type { LiveShop } from './live-shop.ts';
import { writeBulk } from './outbox-writer.ts';
import type { Stage } from './stage.ts';

const NEXT_LEADER_MS = 20_000;
const POLL_MS = 50;
const TAKEOVER_POLL_MS = 10;
const BATCH_MS = 1_000;
const ATTEMPTS = 5;
/** Three batches of 8 MB each. */
const BULK_EVENTS = 3_000;

// The connection that holds the lock of the sequencer tells the id of its process in its name.
const HOLDER = `SELECT substring(a.application_name FROM '^souk sequencer (\\d+)$')::int AS pid
  FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND a.application_name ~ '^souk sequencer \\d+$'`;

// The statement of a batch of one event takes less.
const BUSY = `SELECT state = 'active' AND clock_timestamp() - query_start > interval '10 ms' AS busy
  FROM pg_stat_activity WHERE application_name = $1`;

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

/** A leader that was struck. */
export interface Struck {
  pid: number;
  /** When, on the shared clock. */
  at: number;
  /** How long another one is waited for. */
  waitMs: number;
}

/** Milliseconds from the strike until another process is the sequencer; `Infinity` when none is by then. */
export async function takeover({ database }: LiveShop, stage: Stage, { pid, at, waitMs }: Struck): Promise<number> {
  for (; now() - at <= waitMs; await stage.pause(TAKEOVER_POLL_MS)) {
    const holders = await holdersIn(database);
    if (holders.some((holder) => holder !== pid)) return now() - at;
  }
  return Infinity;
}

/** Gives a sequencer large batches, and resolves in the middle of one. @throws Error when each was over before it was seen */
export async function inABatch({ database }: LiveShop, pid: number): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await writeBulk(database, BULK_EVENTS);
    for (const deadline = now() + BATCH_MS; now() < deadline;) {
      const [session] = await database.query<{ busy: boolean }>('bench.busy', BUSY, [`souk sequencer ${pid}`]);
      if (session?.busy) return;
    }
  }
  throw new Error('No large batch of the sequencer was seen under way.');
}

async function holdersIn(database: Database): Promise<number[]> {
  const rows = await database.query<{ pid: number }>('bench.sequencer', HOLDER);
  return [...new Set(rows.map(({ pid }) => pid))];
}
