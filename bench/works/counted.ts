import { setTimeout as sleep } from 'node:timers/promises';
import { Lane } from './load/lane.ts';
import type { Contestant } from './prepared.ts';
import type { Stage } from './stage.ts';
import { StatementCounter, type Statements } from './statement-counter.ts';
import type { Work } from './work.ts';

const FIRST = 30;
const COUNTED = 15;
const QUIET_MS = 60;
const IDLE_MS = 1_200;

/** Statements of one request. */
export interface Counted extends Statements {
  /** Those that were sent behind the answer, on average, without those that are sent at all times. */
  behind: number;
}

/** Counts the statements of each work, by each server that has a database. */
export async function counted(
  stage: Stage,
  contestants: ReadonlyMap<Work, readonly Contestant[]>,
): Promise<Map<string, Counted>> {
  const counts = new Map<string, Counted>();
  for (const [work, all] of contestants) {
    for (const contestant of all) {
      if (!contestant.peer || work.kept) continue;
      stage.signal.throwIfAborted();
      counts.set(countKey(work.name, contestant.name), await count(stage, work, contestant));
    }
  }
  return counts;
}

/** Under which a count is found. */
export function countKey(work: string, server: string): string {
  return `${work} ${server}`;
}

async function count(stage: Stage, work: Work, { peer, start, load }: Contestant): Promise<Counted> {
  const { cluster } = stage;
  const own = peer ? stage.databaseOf(peer) : '';
  const database = work.writes ? await cluster.copy(own) : own;
  const counter = await StatementCounter.start(cluster.urlOf(database));
  try {
    const server = await start(counter.url);
    const lane = await Lane.open(server.port);
    try {
      const bytes = load.slice(0, FIRST + COUNTED).map((request) => Buffer.from(request.bytes, 'base64'));
      // At first connections are made and their settings sent.
      for (const request of bytes.slice(0, FIRST)) await lane.ask(request);
      const idle = await idleCount(counter);
      const found: Counted[] = [];
      for (const request of bytes.slice(FIRST)) {
        await sleep(QUIET_MS);
        const before = counter.now();
        await lane.ask(request);
        const after = counter.now();
        await sleep(QUIET_MS);
        const behind = counter.now().count - after.count - idle;
        found.push({ count: after.count - before.count, roundTrips: after.roundTrips - before.roundTrips, behind });
      }
      return {
        // What a server sends by itself can only add to them.
        count: Math.min(...found.map((one) => one.count)),
        roundTrips: Math.min(...found.map((one) => one.roundTrips)),
        behind: Math.max(0, Math.round(found.reduce((sum, one) => sum + one.behind, 0) / found.length)),
      };
    } finally {
      lane.close();
      await server.stop();
    }
  } finally {
    await counter.stop();
    if (work.writes) await cluster.drop(database);
  }
}

/** What a server sends by itself in the time that is waited behind an answer. */
async function idleCount(counter: StatementCounter): Promise<number> {
  const before = counter.now().count;
  await sleep(IDLE_MS);
  return ((counter.now().count - before) * QUIET_MS) / IDLE_MS;
}
