import type { Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerProcess, type End } from './worker-process.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** Who has lived so long did not end because of how it began. */
const STEADY_MS = 30_000;
/** Migrations may take minutes. */
const OPEN_MS = 600_000;
const RETIRE_MS = 40_000;
const STOP_MS = 5_000;

/** What a group needs. */
export interface WorkerGroupOptions<Report> {
  /** Starts the process for a place, counted from 1. `prepares`: it is the first one of all. */
  fork: (number: number, prepares: boolean) => Worker;
  /** How many there shall be, by what the first one reports. */
  sizeBy: (report: Report) => number;
  /** Gets one line for each thing worth telling. */
  log: { log: (line: string) => void; warn: (line: string) => void };
}

interface Slot<Report> {
  number: number;
  current: WorkerProcess<Report> | null;
  /** The next one, on its way; does not reject. */
  starting: Promise<unknown> | null;
  /** How many in a row were started in place of one that did not live long. */
  failures: number;
  retry: NodeJS.Timeout | null;
}

/** Keeps so many workers going: replaces the one that dies, and all of them one by one when that is wanted. */
export class WorkerGroup<Report> {
  private readonly slots: Slot<Report>[] = [];
  private readonly alive = new Set<WorkerProcess<Report>>();
  private restarting: Promise<void> | null = null;
  private again = false;
  private closing = false;

  constructor(private readonly options: WorkerGroupOptions<Report>) {}

  /**
   * Starts the first worker, then all others. Answers what the first one reports when everybody is open.
   * @throws WorkerEnded when one of them did not open
   */
  async open(): Promise<Report> {
    const first = this.addSlot();
    const report = await this.start(first, true);
    while (this.slots.length < this.options.sizeBy(report)) this.addSlot();
    await Promise.all(this.slots.filter((slot) => slot !== first).map((slot) => this.start(slot)));
    return report;
  }

  get size(): number {
    return this.slots.length;
  }

  /**
   * Replaces all workers one by one: the new one is open before the old one stops listening. When a new one does not open,
   * those that run go on. Asked while it is under way, it is done once more.
   */
  restart(): Promise<void> {
    this.again = true;
    this.restarting ??= this.restartAll().finally(() => (this.restarting = null));
    return this.restarting;
  }

  /** Ends all workers; resolves when they are gone, within some seconds. */
  async close(): Promise<void> {
    this.closing = true;
    for (const { retry } of this.slots) if (retry) clearTimeout(retry);
    for (const worker of this.alive) worker.signal('SIGTERM');
    await Promise.all([...this.alive].map((worker) => this.endsIn(worker, STOP_MS)));
  }

  private addSlot(): Slot<Report> {
    const slot = { number: this.slots.length + 1, current: null, starting: null, failures: 0, retry: null };
    this.slots.push(slot);
    return slot;
  }

  private start(slot: Slot<Report>, prepares = false): Promise<Report> {
    const started = this.startOne(slot, prepares);
    slot.starting = started.catch(() => undefined).finally(() => (slot.starting = null));
    return started;
  }

  private async startOne(slot: Slot<Report>, prepares: boolean): Promise<Report> {
    const worker = new WorkerProcess<Report>(this.options.fork(slot.number, prepares), slot.number);
    this.alive.add(worker);
    void worker.ended.then((end) => this.left(slot, worker, end));
    const late = setTimeout(() => worker.signal('SIGKILL'), OPEN_MS);
    try {
      const report = await worker.opened;
      slot.current = worker;
      this.options.log.log(`Worker ${slot.number} (pid ${worker.pid}) is open.`);
      return report;
    } finally {
      clearTimeout(late);
    }
  }

  private left(slot: Slot<Report>, worker: WorkerProcess<Report>, end: End): void {
    this.alive.delete(worker);
    if (slot.current !== worker) return;
    slot.current = null;
    if (this.closing) return;
    const isSteady = performance.now() - worker.bornAt >= STEADY_MS;
    if (isSteady) slot.failures = 0;
    this.refill(slot, `Worker ${slot.number} (pid ${worker.pid}) has ended (${end}).`);
  }

  /** Unless another one is on its way. Who ends soon after the start is replaced more and more slowly. */
  private refill(slot: Slot<Report>, reason: string): void {
    if (this.closing || slot.starting || slot.retry) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** slot.failures, LONGEST_PAUSE_MS);
    slot.failures += 1;
    this.options.log.warn(`${reason} Another one is started in ${pause / 1_000} s.`);
    slot.retry = setTimeout(() => {
      slot.retry = null;
      void this.replace(slot);
    }, pause);
  }

  private async replace(slot: Slot<Report>): Promise<void> {
    try {
      await this.start(slot);
    } catch (error) {
      await slot.starting;
      this.refill(slot, (error as Error).message);
    }
  }

  private async restartAll(): Promise<void> {
    while (this.again && !this.closing) {
      this.again = false;
      for (const slot of this.slots) {
        await slot.starting;
        if (this.closing) return;
        if (!(await this.renew(slot))) break;
      }
    }
  }

  /** Answers whether it went well. */
  private async renew(slot: Slot<Report>): Promise<boolean> {
    if (slot.retry) clearTimeout(slot.retry);
    slot.retry = null;
    const old = slot.current;
    try {
      await this.start(slot);
    } catch (error) {
      this.options.log.warn(`${(error as Error).message} The restart is given up, the others go on.`);
      await slot.starting;
      if (!slot.current) this.refill(slot, `Worker ${slot.number} is missing.`);
      return false;
    }
    slot.failures = 0;
    old?.retire();
    if (old) await this.endsIn(old, RETIRE_MS);
    return true;
  }

  private async endsIn(worker: WorkerProcess<Report>, milliseconds: number): Promise<void> {
    const timer = new AbortController();
    const late = sleep(milliseconds, 'late', { signal: timer.signal, ref: false }).catch(() => '');
    if ((await Promise.race([worker.ended, late])) === 'late') worker.signal('SIGKILL');
    timer.abort();
    await worker.ended;
  }
}
