import { openSocketsOf, residentBytesOf } from '../usage.ts';
import type { LiveShop } from './live-shop.ts';
import type { Stage } from './stage.ts';

const PROBE = new URL('memory-probe.ts', import.meta.url).href;
const LINE = /^memory (\d+) (\{.*\})$/;
const PROBE_MS = 20_000;
const POLL_MS = 250;
const SETTLED_POLLS = 12;
const SETTLED_BYTES = 512 * 1024;
const SETTLING_MS = 20_000;

/** Settings of a server whose memory is looked into. */
export const PROBED: NodeJS.ProcessEnv = { NODE_OPTIONS: `--import=${PROBE}` };

/** Memory of a server in bytes. */
export interface Memory {
  /** In RAM, as the kernel sees it. */
  resident: number;
  /** Objects, and buffers beside them, after the garbage was collected. */
  used: number;
  /** The most that waits in one socket for a reader, in this process; what the kernel holds is not in it. */
  unsent: number;
  /** Sockets that are open, those to PostgreSQL included. */
  sockets: number;
  /** Timers that run. */
  timers: number;
}

/** Waits until the server takes neither more nor less for 3 s, and answers what is in RAM then, in bytes. */
export async function settledResident(stage: Stage, { server }: LiveShop): Promise<number> {
  let [last, still] = [residentBytesOf(server.pid ?? 0), 0];
  for (const deadline = performance.now() + SETTLING_MS; still < SETTLED_POLLS && performance.now() < deadline;) {
    await stage.pause(POLL_MS);
    const size = residentBytesOf(server.pid ?? 0);
    still = Math.abs(size - last) < SETTLED_BYTES ? still + 1 : 0;
    if (still === 0) last = size;
  }
  return residentBytesOf(server.pid ?? 0);
}

/** Lets a probed server collect its garbage, and answers what is left. @throws Error when it does not tell */
export async function memoryOf(stage: Stage, { server }: LiveShop): Promise<Memory> {
  const pid = server.pid ?? 0;
  const told = (): [count: number, usage: string] => {
    const [, count = '0', usage = ''] = server.log.map((line) => LINE.exec(line)).findLast(Boolean) ?? [];
    return [Number(count), usage];
  };
  const [before] = told();
  process.kill(pid, 'SIGUSR2');
  for (const deadline = performance.now() + PROBE_MS; told()[0] === before;) {
    if (performance.now() > deadline) throw new Error('A server does not tell its memory.');
    await stage.pause(POLL_MS);
  }
  const { heapUsed, external, ...more } = JSON.parse(told()[1]) as NodeJS.MemoryUsage & Probed;
  const { unsent, timers } = more;
  return { resident: residentBytesOf(pid), used: heapUsed + external, unsent, timers, sockets: openSocketsOf(pid) };
}

interface Probed {
  unsent: number;
  timers: number;
}

/** Bytes in words. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1_024).toFixed(1)} KB`;
}

/** Bytes in words. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;
}
