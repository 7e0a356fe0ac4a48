import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { keysetWindow, pageOf, type Keyed, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import type { JobFilter } from './job.inputs.js';
import type { Job, NewJob } from './job.type.js';
import { JOB_COLUMNS } from './jobs.columns.js';

// Any constant of our own: who makes jobs waits for each other, so that they cannot become too many together.
const NEW_JOB_LOCK = 7_105_014;

/** Newest first: ids are made in the order of time. */
export const JOBS_SORT: KeysetSort = { name: 'jobs', expression: 'j.id', type: 'uuid', direction: 'DESC' };

@Injectable()
export class JobsQueries {
  byIds(db: Db, ids: readonly string[]): Promise<Job[]> {
    return db.query('jobs.byIds', `SELECT ${JOB_COLUMNS} FROM jobs j WHERE j.id = ANY($1)`, [ids]);
  }

  async page(db: Db, filter: JobFilter, request: PageRequest): Promise<Page<Job & Keyed>> {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const window = keysetWindow(JOBS_SORT, 'j.id', request, bind);
    const rows = await db.query<Job & Keyed>(
      'jobs.page',
      `SELECT ${JOB_COLUMNS}, ${JOBS_SORT.expression} AS "sortKey" FROM jobs j
       WHERE ${window.where} AND ${matching(filter, bind)}
       ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, filter: JobFilter): Promise<number> {
    const params: unknown[] = [];
    const where = matching(filter, (value) => `$${params.push(value)}`);
    const [row] = await db.query<{ count: number }>(
      'jobs.count',
      `SELECT count(*) AS count FROM jobs j WHERE ${where}`,
      params,
    );
    return row?.count ?? 0;
  }

  /** Keeps others who make jobs waiting until this transaction ends. */
  async takeTurn(tx: Tx): Promise<void> {
    await tx.query('jobs.takeTurn', 'SELECT pg_advisory_xact_lock($1)', [NEW_JOB_LOCK]);
  }

  /** `null` when so many are waiting or running already. */
  async insert(tx: Tx, { kind, input, total, createdById }: NewJob, most: number): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.insert',
        `INSERT INTO jobs AS j (kind, input, total, created_by)
         SELECT $1::text, $2::jsonb, $3::integer, $4::uuid WHERE (SELECT count(*) FROM jobs WHERE due_at IS NOT NULL) < $5
         RETURNING ${JOB_COLUMNS}`,
        [kind, JSON.stringify(input), total, createdById, most],
      ),
    );
  }

  /** `null` when there is no such job, or it is over. A worker that has it finds out when it writes. */
  async cancel(tx: Tx, id: string): Promise<Job | null> {
    return first(
      await tx.query<Job>(
        'jobs.cancel',
        `UPDATE jobs j SET state = 'CANCELLED', due_at = NULL, input = NULL, checkpoint = NULL, finished_at = now(),
           version = version + 1
         WHERE id = $1 AND due_at IS NOT NULL
         RETURNING ${JOB_COLUMNS}`,
        [id],
      ),
    );
  }

  async exists(db: Db, id: string): Promise<boolean> {
    const [row] = await db.query<{ known: boolean }>(
      'jobs.exists',
      'SELECT EXISTS (SELECT FROM jobs WHERE id = $1) AS known',
      [id],
    );
    return row?.known ?? false;
  }
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}

function matching({ kinds, states }: JobFilter, bind: (value: unknown) => string): string {
  const conditions = [];
  if (kinds) conditions.push(`j.kind = ANY(${bind(kinds)})`);
  if (states) conditions.push(`j.state = ANY(${bind(states)})`);
  return conditions.join(' AND ') || 'TRUE';
}
