import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { JobOutcome, JobStand, TakenJob } from './job-run.type.js';
import { MAX_PROBLEMS, type Job } from './job.type.js';
import { JOB_COLUMNS } from './jobs.columns.js';

const MAX_REASON = 200;

/** Which attempt at which job. */
export type RunKey = Pick<TakenJob, 'id' | 'run'>;

// A job that another worker has taken is in another run; one that was cancelled does not run.
const MINE = `j.id = $1 AND j.run = $2 AND j.state = 'RUNNING'`;

/** What workers write: every statement is refused to one that has lost the job. */
@Injectable()
export class JobRunsQueries {
  /** Whether a job of these kinds waits, or was left by a worker that is gone. */
  async isAnythingDue(db: Db, kinds: readonly string[]): Promise<boolean> {
    const sql = 'SELECT EXISTS (SELECT FROM jobs WHERE due_at <= now() AND kind = ANY($1)) AS due';
    const [row] = await db.query<{ due: boolean }>('jobs.isAnythingDue', sql, [kinds]);
    return row?.due ?? false;
  }

  /** Takes the job that has waited longest. One that was left counts as an attempt. `null` when there is none. */
  async take(tx: Tx, kinds: readonly string[], leaseSeconds: number): Promise<{ job: Job; taken: TakenJob } | null> {
    const [row] = await tx.query<Job & { taken: TakenJob }>(
      'jobs.take',
      `UPDATE jobs j SET state = 'RUNNING', run = run + 1, attempts = attempts + (state = 'RUNNING')::integer,
         due_at = now() + make_interval(secs => $2), started_at = coalesce(started_at, now()), version = version + 1
       WHERE j.id = (SELECT id FROM jobs WHERE due_at <= now() AND kind = ANY($1)
                     ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${JOB_COLUMNS}, jsonb_build_object('id', id, 'kind', kind, 'run', run, 'attempts', attempts,
         'input', input, 'checkpoint', checkpoint, 'createdById', created_by) AS taken`,
      [kinds, leaseSeconds],
    );
    if (!row) return null;
    const { taken, ...job } = row;
    return { job, taken };
  }

  /** Says that the worker is alive. Answers whether the job is still its. */
  async extend(tx: Tx, { id, run }: RunKey, leaseSeconds: number): Promise<boolean> {
    const rows = await tx.query(
      'jobs.extend',
      `UPDATE jobs j SET due_at = now() + make_interval(secs => $3) WHERE ${MINE} RETURNING id`,
      [id, run, leaseSeconds],
    );
    return rows.length > 0;
  }

  /** `null` when the worker has lost the job. */
  async keep(tx: Tx, { id, run }: RunKey, stand: JobStand & { checkpoint: object }): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.keep',
        `UPDATE jobs j SET done = $3, problems = $4, result = $5, checkpoint = $6, attempts = 0, version = version + 1
         WHERE ${MINE} RETURNING ${JOB_COLUMNS}`,
        [id, run, ...valuesOf(stand), JSON.stringify(stand.checkpoint)],
      ),
    );
  }

  /** `null` when the worker has lost the job. */
  async finish(tx: Tx, { id, run }: RunKey, outcome: JobOutcome): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.finish',
        `UPDATE jobs j SET state = CASE WHEN $6::text IS NULL THEN 'SUCCEEDED' ELSE 'FAILED' END, done = $3, problems = $4,
           result = $5, failure = $6, input = NULL, checkpoint = NULL, due_at = NULL, finished_at = now(),
           version = version + 1
         WHERE ${MINE} RETURNING ${JOB_COLUMNS}`,
        [id, run, ...valuesOf(outcome), outcome.failure],
      ),
    );
  }

  /** Ends a job that nobody can do, as it stands. `null` when the worker has lost it. */
  async giveUp(tx: Tx, { id, run }: RunKey, failure: string): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.giveUp',
        `UPDATE jobs j SET state = 'FAILED', failure = $3, input = NULL, checkpoint = NULL, due_at = NULL,
           finished_at = now(), version = version + 1
         WHERE ${MINE} RETURNING ${JOB_COLUMNS}`,
        [id, run, failure],
      ),
    );
  }

  /** Lets the job be taken again after so many seconds. `null` when the worker has lost it. */
  async putBack(
    tx: Tx,
    { id, run }: RunKey,
    { attempts, seconds }: { attempts: number; seconds: number },
  ): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.putBack',
        `UPDATE jobs j SET state = 'QUEUED', attempts = $3, due_at = now() + make_interval(secs => $4),
           version = version + 1
         WHERE ${MINE} RETURNING ${JOB_COLUMNS}`,
        [id, run, attempts, seconds],
      ),
    );
  }

  /** Deletes up to `limit` jobs that have been over for so many days. Answers how many went. */
  async forget(tx: Tx, days: number, limit: number): Promise<number> {
    const rows = await tx.query(
      'jobs.forget',
      `DELETE FROM jobs WHERE id IN (
         SELECT id FROM jobs WHERE finished_at < now() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       RETURNING id`,
      [days, limit],
    );
    return rows.length;
  }
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}

function valuesOf({ done, problems, result }: JobStand): unknown[] {
  const kept = problems.slice(0, MAX_PROBLEMS).map(({ line, reason }) => ({
    line,
    reason: reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason,
  }));
  return [done, JSON.stringify(kept), result && JSON.stringify(result)];
}
