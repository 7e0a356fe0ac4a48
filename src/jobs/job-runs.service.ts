import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { JobOutcome, JobStand, TakenJob } from './job-run.type.js';
import { JobRunsQueries, type RunKey } from './job-runs.queries.js';
import { JobLost } from './jobs.errors.js';
import { jobEvent, JobEventType } from './jobs.events.js';
import { JobState, type Job } from './job.type.js';

/** A worker that says nothing for so long has lost its job to another one. It says something three times as often. */
const LEASE_SECONDS = 6;
const MAX_ATTEMPTS = 8;
const LONGEST_PAUSE_SECONDS = 60;
const KEPT_DAYS = 30;
const FORGOTTEN_AT_ONCE = 500;

/** The steps of a job as workers make them. Each is one transaction with its event. */
@Injectable()
export class JobRuns {
  constructor(
    private readonly database: Database,
    private readonly queries: JobRunsQueries,
    private readonly events: EventsService,
  ) {}

  /**
   * Takes the job that has waited longest, or that another worker has left; `null` when there is none. Gives up, on the way,
   * those whose workers were lost too often: what ends every worker would end this one too.
   */
  async take(kinds: readonly string[]): Promise<TakenJob | null> {
    for (;;) {
      if (!(await this.queries.isAnythingDue(this.database, kinds))) return null;
      const job = await this.database.transaction(async (tx) => {
        const found = await this.queries.take(tx, kinds, LEASE_SECONDS);
        if (found) await this.events.append(tx, jobEvent(JobEventType.STARTED, found.job));
        return found?.taken ?? null;
      });
      if (!job || job.attempts < MAX_ATTEMPTS) return job;
      await this.giveUp(job, job.attempts, 'The servers that did it were lost.');
    }
  }

  /** Says that the worker is alive. Answers whether the job is still its. */
  extend(key: RunKey): Promise<boolean> {
    return this.database.transaction((tx) => this.queries.extend(tx, key, LEASE_SECONDS));
  }

  /**
   * Writes down how far the work has come.
   * @param isTold whether watchers are told of it
   * @throws JobLost
   */
  async keep(tx: Tx, key: RunKey, stand: JobStand & { checkpoint: object }, isTold: boolean): Promise<void> {
    const job = await this.queries.keep(tx, key, stand);
    if (!job) throw new JobLost();
    if (isTold) await this.events.append(tx, jobEvent(JobEventType.PROGRESSED, job));
  }

  /** @throws JobLost */
  async finish(key: RunKey, outcome: JobOutcome): Promise<void> {
    await this.change((tx) => this.queries.finish(tx, key, outcome));
  }

  /** Leaves the job to any worker, at once: this one stops. @throws JobLost */
  async release(job: TakenJob): Promise<void> {
    await this.change((tx) => this.queries.putBack(tx, job, { attempts: job.attempts, seconds: 0 }));
  }

  /** Another attempt after a pause that grows, or the end of the job. @throws JobLost */
  async failed(job: TakenJob, failure: string): Promise<void> {
    const attempts = job.attempts + 1;
    if (attempts >= MAX_ATTEMPTS) await this.giveUp(job, attempts, failure);
    else await this.pause(job, attempts);
  }

  /** Another attempt after such a pause, however often: what the shop stands on does not answer now. @throws JobLost */
  async waits(job: TakenJob): Promise<void> {
    await this.pause(job, Math.min(job.attempts + 1, MAX_ATTEMPTS - 1));
  }

  /** Deletes jobs that have been over for long. */
  async forget(): Promise<void> {
    const forget = (): Promise<number> =>
      this.database.transaction((tx) => this.queries.forget(tx, KEPT_DAYS, FORGOTTEN_AT_ONCE));
    while ((await forget()) === FORGOTTEN_AT_ONCE);
  }

  private async pause(job: TakenJob, attempts: number): Promise<void> {
    const seconds = Math.min(2 ** job.attempts, LONGEST_PAUSE_SECONDS);
    await this.change((tx) => this.queries.putBack(tx, job, { attempts, seconds }));
  }

  private async giveUp(key: RunKey, attempts: number, failure: string): Promise<void> {
    await this.change((tx) => this.queries.giveUp(tx, key, `Given up after ${attempts} attempts. ${failure}`));
  }

  private async change(write: (tx: Tx) => Promise<Job | null>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const job = await write(tx);
      if (!job) throw new JobLost();
      await this.events.append(tx, jobEvent(EVENT_OF[job.state], job));
    });
  }
}

const EVENT_OF: Readonly<Record<JobState, JobEventType>> = {
  [JobState.QUEUED]: JobEventType.QUEUED,
  [JobState.RUNNING]: JobEventType.STARTED,
  [JobState.SUCCEEDED]: JobEventType.SUCCEEDED,
  [JobState.FAILED]: JobEventType.FAILED,
  [JobState.CANCELLED]: JobEventType.CANCELLED,
};
