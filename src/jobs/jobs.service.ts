import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import { toConnection, type Connection } from '../graphql/page.js';
import { JobWorker } from './job-worker.js';
import type { JobsArgs } from './job.inputs.js';
import type { Job, NewJob } from './job.type.js';
import { JobIsOver, JobNotFound, MAX_JOBS, TooManyJobs } from './jobs.errors.js';
import { jobEvent, JobEventType } from './jobs.events.js';
import { JOBS_SORT, JobsQueries } from './jobs.queries.js';

/** Work that is done behind a request. */
@Injectable()
export class JobsService {
  constructor(
    private readonly database: Database,
    private readonly queries: JobsQueries,
    private readonly events: EventsService,
    private readonly worker: JobWorker,
  ) {}

  /** Makes a job in the transaction of who wants it: it begins after the commit, or never was. @throws TooManyJobs */
  async enqueue(tx: Tx, wanted: NewJob): Promise<Job> {
    await this.queries.takeTurn(tx);
    const job = await this.queries.insert(tx, wanted, MAX_JOBS);
    if (!job) throw new TooManyJobs();
    await this.events.append(tx, jobEvent(JobEventType.QUEUED, job));
    tx.afterCommit(() => this.worker.wake());
    return job;
  }

  /** One page of jobs, newest first. */
  async list({ filter, ...request }: JobsArgs): Promise<Connection<Job>> {
    const page = await this.queries.page(this.database, filter ?? {}, request);
    return toConnection(JOBS_SORT, page, () => this.queries.count(this.database, filter ?? {}));
  }

  /**
   * Ends a job that is not over. From the commit on nothing more is written for it; what was written stays.
   * @throws JobNotFound, JobIsOver
   */
  cancel(id: string): Promise<Job> {
    return this.database.transaction(async (tx) => {
      const job = await this.queries.cancel(tx, id);
      if (!job) throw (await this.queries.exists(tx, id)) ? new JobIsOver() : new JobNotFound();
      await this.events.append(tx, jobEvent(JobEventType.CANCELLED, job));
      return job;
    });
  }
}
