import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOf } from '../usage.ts';
import { now } from './clock.ts';
import type { Answered, CrowdOrders, Opening, Verdict } from './crowd-orders.ts';

const PROCESS = fileURLToPath(new URL('crowd-process.ts', import.meta.url));
const POLL_MS = 20;
const COMING_IN_MS = 90_000;
/** What is told twice may come late. */
const AFTERWARDS_MS = 500;

/** Where the log ends for who watches one product, and under `*` for all. */
export type LastCursors = Readonly<Record<string, string>>;

/** Subscribers in a process of their own. */
export class Crowd {
  private count = 0;
  private asked = 0;
  private readonly waiting = new Map<number, PromiseWithResolvers<unknown>>();
  private readonly child: ChildProcess;
  private readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
    this.child = fork(PROCESS, { serialization: 'advanced', execArgv: ['--max-semi-space-size=32'] });
    this.child.on('message', (answered: Answered) => this.answered(answered));
    this.child.once('exit', () => this.fail(new Error('The process of subscribers has ended.')));
    signal.addEventListener('abort', () => this.fail(signal.reason), { once: true });
  }

  /** Lets subscribers come in, and resolves when all are. Those of before are forgotten. */
  async open(opening: Omit<Opening, 'fault' | 'products' | 'documents'> & Partial<Opening>): Promise<void> {
    this.count = opening.count;
    await this.ask('open', { fault: null, products: [], documents: 1, ...opening });
    const everybody = async (): Promise<boolean> => (await this.ask('progress', {})).in === this.count;
    if (!(await this.until(everybody, COMING_IN_MS))) {
      throw new Error(`Not all subscribers came in: ${JSON.stringify(await this.progress())}`);
    }
  }

  /** Where servers run now: who has lost his socket goes there. */
  async servers(urls: readonly string[]): Promise<void> {
    await this.ask('servers', urls);
  }

  /** Cuts a share (0 to 1) of the sockets, by chance. */
  async cut(share: number): Promise<void> {
    await this.ask('cut', share);
  }

  /** A share of the subscribers reads nothing any more. */
  async stall(share: number): Promise<void> {
    await this.ask('stall', share);
  }

  /** All read again. */
  async unstall(): Promise<void> {
    await this.ask('unstall', null);
  }

  /** All leave for good, in these ways by turns. */
  async leave(...how: CrowdOrders['leave'][0]): Promise<void> {
    await this.ask('leave', how);
  }

  /** How many are in, how many of them have seen the last event, and how many deliveries there were. */
  progress(last: LastCursors = {}): Promise<CrowdOrders['progress'][1]> {
    return this.ask('progress', last);
  }

  /** Resolves when so many, all unless told otherwise, have seen the last event: the moment on the shared clock, or `null` when it took too long. */
  async caughtUp(last: LastCursors, timeoutMs: number, count = this.count): Promise<number | null> {
    const enough = async (): Promise<boolean> => (await this.ask('progress', last)).caughtUp >= count;
    return (await this.until(enough, timeoutMs)) ? now() : null;
  }

  /** Compares what was received with the book, a moment later. */
  async verdict(question: CrowdOrders['verdict'][0]): Promise<Verdict> {
    await sleep(AFTERWARDS_MS, undefined, { signal: this.signal });
    return this.ask('verdict', question);
  }

  /** CPU seconds of its process by now. */
  cpu(): number {
    return cpuOf(this.child.pid ?? 0);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  private async until(condition: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
    for (const deadline = now() + timeoutMs; !(await condition());) {
      if (now() > deadline) return false;
      await sleep(POLL_MS, undefined, { signal: this.signal });
    }
    return true;
  }

  private ask<K extends keyof CrowdOrders>(order: K, argument: CrowdOrders[K][0]): Promise<CrowdOrders[K][1]> {
    this.signal.throwIfAborted();
    const id = (this.asked += 1);
    const answer = Promise.withResolvers<unknown>();
    this.waiting.set(id, answer);
    this.child.send({ id, order, argument }, (error) => error && this.answered({ id, error: error.message }));
    return answer.promise as Promise<CrowdOrders[K][1]>;
  }

  private answered({ id, answer, error }: Answered): void {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(error));
  }

  private fail(reason: unknown): void {
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
