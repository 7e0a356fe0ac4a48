import type { Worker } from 'node:cluster';
import { closeWhatDidNotArrive } from './handed-over.js';
import { reportOf, RETIRE } from './worker-messages.js';

/** How a process has ended: its exit code, or the signal that ended it. */
export type End = number | NodeJS.Signals;

/** A worker has ended before it answered requests. */
export class WorkerEnded extends Error {
  constructor(
    readonly number: number,
    readonly end: End,
  ) {
    super(`Worker ${number} has ended (${end}) before it was open.`);
  }
}

/** One worker, as its primary sees it. `Report` is what it tells when it is open. */
export class WorkerProcess<Report> {
  readonly bornAt = performance.now();
  /** Resolves when it answers requests. Rejects with WorkerEnded when it ends before that. */
  readonly opened: Promise<Report>;
  /** Resolves when it is gone. */
  readonly ended: Promise<End>;

  /** @param number its place, from 1 */
  constructor(
    private readonly worker: Worker,
    readonly number: number,
  ) {
    closeWhatDidNotArrive(worker);
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) => resolve(signal ?? code ?? 1));
      // What cannot be born has no exit; what cannot be told is about to end.
      worker.on('error', () => this.pid === 0 && resolve(1));
    });
    this.opened = new Promise((resolve, reject) => {
      worker.on('message', (message) => {
        const report = reportOf(message);
        if (report !== null) resolve(report as Report);
      });
      void this.ended.then((end) => reject(new WorkerEnded(number, end)));
    });
    this.opened.catch(() => undefined);
  }

  /** Its process id, 0 when it could not be started. */
  get pid(): number {
    return this.worker.process.pid ?? 0;
  }

  /** Asks it to answer what it has begun, and to end then. */
  retire(): void {
    if (this.worker.isConnected()) this.worker.send(RETIRE);
  }

  signal(signal: NodeJS.Signals): void {
    this.worker.process.kill(signal);
  }
}
