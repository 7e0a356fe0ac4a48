import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that is done behind a request. */
export class Jobs1763800000007 implements MigrationInterface {
  name = 'Jobs1763800000007';

  async up(runner: QueryRunner): Promise<void> {
    // due_at: when a worker may take it, or, while it runs, when its worker counts as lost. A worker writes under the number
    // of its run alone.
    await runner.query(`
      CREATE TABLE jobs (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        kind text NOT NULL,
        state text NOT NULL DEFAULT 'QUEUED',
        done integer NOT NULL DEFAULT 0,
        total integer NOT NULL,
        failure text,
        problems jsonb NOT NULL DEFAULT '[]',
        result jsonb,
        input jsonb,
        checkpoint jsonb,
        run integer NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz(3) DEFAULT now(),
        created_by uuid REFERENCES users ON DELETE SET NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        started_at timestamptz(3),
        finished_at timestamptz(3),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT jobs_state_known CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
        CONSTRAINT jobs_done_in_total CHECK (done BETWEEN 0 AND total),
        CONSTRAINT jobs_over_or_due CHECK (
          (state IN ('QUEUED', 'RUNNING')) = (due_at IS NOT NULL) AND (due_at IS NULL) = (finished_at IS NOT NULL)
        ),
        CONSTRAINT jobs_running_has_started CHECK (state <> 'RUNNING' OR started_at IS NOT NULL),
        CONSTRAINT jobs_failure_is_told CHECK ((state = 'FAILED') = (failure IS NOT NULL)),
        CONSTRAINT jobs_problems_bounded CHECK (jsonb_array_length(problems) <= 100)
      )`);
    await runner.query(`CREATE INDEX jobs_due ON jobs (due_at, id) WHERE due_at IS NOT NULL`);
    await runner.query(`CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE jobs`);
  }
}
