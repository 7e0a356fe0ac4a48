import { setTimeout as sleep } from 'node:timers/promises';
import { apart } from '../database/once.js';
import { uncounted } from '../telemetry/statements.js';

/**
 * Runs a piece of work whenever it is woken, and at least every so often, never twice at once.
 * A wake-up during a run leads to one more run, so nothing that came in between is missed.
 */
export class WorkLoop {
  private running: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | null = null;
  private stopped = true;

  /**
   * @param work must not throw
   * @param everyMs longest time between two runs
   * @param restMs pause before the next run when there was a wake-up during the last: what comes meanwhile is done together
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly everyMs: number,
    private readonly restMs: () => number = () => 0,
  ) {}

  start(): void {
    this.stopped = false;
    this.wake();
  }

  wake(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    // What the loop does is neither counted for who wakes it, nor a part of their change.
    this.running = apart(() => uncounted(() => this.run()));
  }

  /** Resolves when the run under way, if any, has ended; no other begins. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    do {
      this.again = false;
      await this.work();
      const restMs = this.again ? this.restMs() : 0;
      if (restMs > 0) await sleep(restMs);
    } while (this.again && !this.stopped);
    this.running = null;
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), this.everyMs);
  }
}
