import type { Tx } from '../database/db.js';
import type { JobProblem } from './job.type.js';

/** What has become of a job so far. */
export interface JobStand {
  /** Items that are dealt with. */
  done: number;
  /** Those that were left out; only the first 100 are kept. */
  problems: readonly JobProblem[];
  /** What the job has found out so far, as JSON. */
  result: object | null;
}

/** How a job ended. */
export interface JobOutcome extends JobStand {
  /** Why it has failed, for people; `null` when it has not. */
  failure: string | null;
}

/** One attempt to do a job, by one worker. */
export interface JobRun {
  /** What the job was made with. */
  readonly input: unknown;
  /** What the last attempt has kept; `null` when nothing was. */
  readonly checkpoint: unknown;
  readonly createdById: string | null;
  /** Aborted when the worker is to stop, or has lost the job. What it then throws is its reason. */
  readonly signal: AbortSignal;
  /**
   * Writes down how far the work has come, in the transaction that has done it, as its last statement: a worker that has
   * lost the job cannot commit.
   * @param checkpoint from where another attempt goes on, as JSON
   * @throws JobLost when the job is another worker's by now, or was cancelled
   */
  readonly keep: (tx: Tx, stand: JobStand & { checkpoint: object }) => Promise<void>;
}

/** Does the jobs of one kind. What it throws leads to another attempt, up to a limit. */
export type JobHandler = (run: JobRun) => Promise<JobOutcome>;

/** A job in the hands of a worker. */
export interface TakenJob {
  id: string;
  kind: string;
  /** Number of the attempt: who writes under an older one is refused. */
  run: number;
  /** Attempts that ended without progress. */
  attempts: number;
  input: unknown;
  checkpoint: unknown;
  createdById: string | null;
}
