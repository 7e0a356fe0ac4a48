import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Unavailable } from '../errors/request-errors.js';
import { ShopError } from '../errors/shop-error.js';
import { WorkLoop } from '../events/work-loop.js';
import { JobHandlers } from './job-handlers.service.js';
import type { JobRun, TakenJob } from './job-run.type.js';
import { JobRuns } from './job-runs.service.js';
import { JobLost } from './jobs.errors.js';

const POLL_MS = 2_000;
const ALIVE_EVERY_MS = 2_000;
const TELL_EVERY_MS = 250;
const FORGET_EVERY_MS = 3_600_000;

/** The reason for which a handler is stopped when the server stops. */
class WorkerStops extends Error {}

/**
 * Does jobs, one at a time. Every server has a worker; they share the jobs of the deployment. One that is lost is noticed
 * because it no longer says that it is alive, and another goes on from what it has kept.
 */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(JobWorker.name);
  private readonly loop = new WorkLoop(() => this.runQuietly(), POLL_MS);
  private readonly stopping = new AbortController();
  private forgottenAt = -Infinity;

  constructor(
    private readonly handlers: JobHandlers,
    private readonly runs: JobRuns,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new WorkerStops());
    await this.pause();
  }

  /** There is something to do. Returns at once. */
  wake(): void {
    this.loop.wake();
  }

  /** Resolves when the jobs under way, if any, are done; none begins by itself any more. */
  async pause(): Promise<void> {
    await this.loop.stop();
  }

  /** Does every job that is due. */
  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const job = await this.runs.take(this.handlers.kinds);
      if (!job) break;
      await this.attempt(job);
    }
    if (performance.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = performance.now();
    await this.runs.forget();
  }

  private async runQuietly(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.logger.warn(`Jobs wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async attempt(job: TakenJob): Promise<void> {
    const lost = new AbortController();
    const alive = new WorkLoop(() => this.extend(job, lost), ALIVE_EVERY_MS);
    alive.start();
    try {
      const run = this.runOf(job, AbortSignal.any([lost.signal, this.stopping.signal]));
      await this.runs.finish(job, await this.handlers.of(job.kind)(run));
    } catch (error) {
      await this.ended(job, error);
    } finally {
      await alive.stop();
    }
  }

  private runOf(job: TakenJob, signal: AbortSignal): JobRun {
    const { input, checkpoint, createdById } = job;
    let toldAt = -Infinity;
    return {
      input,
      checkpoint,
      createdById,
      signal,
      keep: async (tx, stand) => {
        const isTold = performance.now() - toldAt >= TELL_EVERY_MS;
        await this.runs.keep(tx, job, stand, isTold);
        tx.afterCommit(() => {
          job.attempts = 0;
          if (isTold) toldAt = performance.now();
        });
      },
    };
  }

  private async extend(job: TakenJob, lost: AbortController): Promise<void> {
    try {
      if (!(await this.runs.extend(job))) lost.abort(new JobLost());
    } catch (error) {
      this.logger.debug(`Job ${job.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** @throws Unavailable when even that cannot be written down; then the job is taken when the worker counts as lost */
  private async ended(job: TakenJob, error: unknown): Promise<void> {
    try {
      if (error instanceof WorkerStops) await this.runs.release(job);
      else if (error instanceof Unavailable) await this.waits(job, error);
      else if (!(error instanceof JobLost)) await this.failed(job, error);
    } catch (failure) {
      if (!(failure instanceof JobLost)) throw failure;
    }
  }

  private async waits(job: TakenJob, { message }: Unavailable): Promise<void> {
    this.logger.warn(`Job ${job.id} waits: ${message}`);
    await this.runs.waits(job);
  }

  private async failed(job: TakenJob, error: unknown): Promise<void> {
    this.logger.error(`Job ${job.id} has failed.`, error instanceof Error ? error.stack : String(error));
    await this.runs.failed(job, error instanceof ShopError ? error.message : 'A fault of the server: see its log.');
  }
}
