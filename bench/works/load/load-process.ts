/** Sends requests over keep-alive connections, and measures what that costs the server. A process of its own, told what to do by its parent. */
import { familyCpuOf } from '../../usage.ts';
import { Lane, type WireAnswer } from './lane.ts';
import type { LoadOrder, LoadReply, LoadResult, LoadRun } from './load-run.ts';

interface Loaded {
  bytes: Buffer;
  expected: number | string;
}

const LONGEST = 5;

let loaded: readonly Loaded[] = [];
let next = 0;

process.on('disconnect', () => process.exit());
process.on('message', (order: LoadOrder) => {
  if ('requests' in order) {
    loaded = order.requests.map(({ bytes, expected }) => ({ bytes: Buffer.from(bytes, 'base64'), expected }));
    return;
  }
  run(order.run).then(
    (result) => reply({ result }),
    (error: Error) => reply({ failure: error.message }),
  );
});

function reply(message: LoadReply): void {
  process.send?.(message);
}

async function run(wanted: LoadRun): Promise<LoadResult> {
  const lanes = await Promise.all(Array.from({ length: wanted.connections }, () => Lane.open(wanted.port)));
  try {
    return await measure(lanes, wanted);
  } finally {
    for (const lane of lanes) lane.close();
  }
}

/** CPU seconds by now. */
function used({ server, database }: LoadRun['pids']): Used {
  const { user, system } = process.cpuUsage();
  return [familyCpuOf(server), familyCpuOf(database), (user + system) / 1e6];
}

function measure(lanes: readonly Lane[], { seconds, atLeast, pids }: LoadRun): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let [due, underWay] = [false, lanes.length];
    let result: LoadResult | null = null;
    const [before, begun] = [used(pids), performance.now()];
    const end = (): void => {
      clearTimeout(latest);
      result ??= resultOf(times, (performance.now() - begun) / 1_000, before, used(pids));
    };
    const drive = (lane: Lane): void => {
      const { bytes, expected } = loaded[next++ % loaded.length] as Loaded;
      const sent = performance.now();
      const take = (answer: WireAnswer): void => {
        if (!isRight(answer, expected)) {
          reject(new Error(`A wrong answer (${answer.status}): ${answer.body.subarray(0, 1_000).toString()}`));
          return;
        }
        times.push(performance.now() - sent);
        if (due && times.length >= atLeast) end();
        if (!result) drive(lane);
        else if (--underWay === 0) resolve(result);
      };
      lane.send(bytes, take, reject);
    };
    const latest = setTimeout(end, seconds * LONGEST * 1_000);
    setTimeout(() => {
      due = true;
      if (times.length >= atLeast) end();
    }, seconds * 1_000);
    for (const lane of lanes) drive(lane);
  });
}

type Used = readonly [server: number, database: number, load: number];

function resultOf(times: readonly number[], seconds: number, before: Used, after: Used): LoadResult {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    requests: times.length,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    serverCpu: after[0] - before[0],
    databaseCpu: after[1] - before[1],
    loadCpu: after[2] - before[2],
  };
}

/** Each answer was compared whole before; here it is known again by its length, or by what an order says. */
function isRight({ status, body }: WireAnswer, expected: number | string): boolean {
  return status === 200 && (typeof expected === 'number' ? body.length === expected : body.includes(expected));
}
