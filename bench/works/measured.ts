import { loadavg } from 'node:os';
import type { LoadResult } from './load/load-run.ts';
import type { Contestant } from './prepared.ts';
import type { Stage } from './stage.ts';
import type { Work } from './work.ts';

const WARM_CONNECTIONS = 16;
const WARM_REQUESTS = 800;
const REQUESTS_AT_LEAST = 200;

/** One measurement: a work, by one server, under the load of so many clients, in one round. */
export interface Sample extends LoadResult {
  work: string;
  server: string;
  connections: number;
  round: number;
  /** Memory of the server right after, in bytes. */
  resident: number;
  /** How busy the machine was: processes that wanted to run in the last minute. */
  load: number;
}

/**
 * Measures all works in rounds. In each round every work is done by every server, one after the other and each time by another one first, so
 * that what else the machine does falls on all alike; each time by a fresh process.
 */
export async function measured(stage: Stage, contestants: ReadonlyMap<Work, readonly Contestant[]>): Promise<Sample[]> {
  const samples: Sample[] = [];
  const { rounds } = stage.choices;
  for (let round = 1; round <= rounds; round += 1) {
    for (const [work, all] of contestants) {
      const first = round % all.length;
      for (const contestant of [...all.slice(first), ...all.slice(0, first)]) {
        stage.signal.throwIfAborted();
        const fresh = await play(stage, work, contestant);
        samples.push(...fresh.map((sample) => ({ ...sample, round })));
        const figures = fresh.map(lineOf).join(' · ');
        console.error(`Round ${round} of ${rounds}: ${work.name.padEnd(3)} ${contestant.name.padEnd(12)} ${figures}`);
      }
    }
  }
  return samples;
}

async function play(stage: Stage, work: Work, contestant: Contestant): Promise<Omit<Sample, 'round'>[]> {
  const { choices, cluster, load, signal } = stage;
  const own = contestant.peer ? stage.databaseOf(contestant.peer) : null;
  const database = own !== null && work.writes ? await cluster.copy(own) : own;
  const server = await contestant.start(database === null ? '' : cluster.urlOf(database));
  try {
    load.prepare(contestant.load);
    const run = { port: server.port, pids: { server: server.pid, database: cluster.pid } };
    await load.run(
      { ...run, connections: WARM_CONNECTIONS, seconds: choices.warmSeconds, atLeast: WARM_REQUESTS },
      signal,
    );
    const samples: Omit<Sample, 'round'>[] = [];
    for (const connections of choices.connections) {
      const result = await load.run(
        { ...run, connections, seconds: choices.seconds, atLeast: REQUESTS_AT_LEAST },
        signal,
      );
      const [busy = 0] = loadavg();
      const about = { work: work.name, server: contestant.name, connections, load: busy };
      samples.push({ ...result, ...about, resident: server.residentBytes() });
    }
    return samples;
  } finally {
    await server.stop();
    if (database !== null && database !== own) await cluster.drop(database);
  }
}

function lineOf({ connections, requests, seconds, serverCpu, databaseCpu }: Omit<Sample, 'round'>): string {
  const each = (cpu: number): string => ((cpu * 1_000) / Math.max(requests, 1)).toFixed(2);
  return `c=${connections} ${Math.round(requests / seconds)}/s ${each(serverCpu)} + ${each(databaseCpu)} ms`;
}
