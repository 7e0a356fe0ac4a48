import { uuidOf } from '../../src/graphql/global-id.js';
import { JobHandlers } from '../../src/jobs/job-handlers.service.js';
import type { JobHandler, JobRun } from '../../src/jobs/job-run.type.js';
import { JobRuns } from '../../src/jobs/job-runs.service.js';
import { JobKind } from '../../src/jobs/job.type.js';
import { JobWorker } from '../../src/jobs/job-worker.js';
import { snapshot, type Account } from './accounts.js';
import { change, countOf } from './catalogue.js';
import type { Shop } from './shop.js';

/** A job as these tests ask for it. */
export interface MadeJob {
  id: string;
  kind: string;
  state: string;
  progress: { done: number; total: number };
  failure: string | null;
  problems: { line: number; reason: string }[];
  imported: { created: number; updated: number; unchanged: number; rejected: number; ignoredColumns: string[] } | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  version: number;
}

export const JOB = `id kind state progress { done total } failure problems { line reason }
  imported { created updated unchanged rejected ignoredColumns } createdAt startedAt finishedAt version`;
export const IMPORT = `mutation ($input: ImportProductsInput!) {
  importProducts(input: $input) { job { ${JOB} } userErrors { code field } }
}`;
export const CANCEL_JOB = `mutation ($input: CancelJobInput!) {
  cancelJob(input: $input) { job { ${JOB} } userErrors { code field } }
}`;

/** Lines of a CSV file with these columns, the header first. */
export function csv(columns: string, ...rows: readonly string[]): string {
  return [columns, ...rows, ''].join('\n');
}

/** A CSV file of so many new products, for 1.00 and with 5 units each, whose SKUs begin with a text of their own. */
export function manyRows(prefix: string, count: number): string {
  const rows = Array.from({ length: count }, (_, n) => `${prefix}-${n + 1},1.00,${prefix} ${n + 1},5`);
  return csv('sku,price,name,stock', ...rows);
}

/** Asks for an import of CSV, which must not be refused. */
export async function askImport(shop: Shop, by: Account, content: string, more: object = {}): Promise<MadeJob> {
  return (await change(shop, by, IMPORT, { format: 'CSV', content, ...more }))['job'];
}

export async function readJob(shop: Shop, by: Account, id: string): Promise<MadeJob> {
  const { data, errors } = await shop.send(`query ($id: ID!) { job(id: $id) { ${JOB} } }`, { id }, by.token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data['job'];
}

/** The worker of a server does nothing by itself any more. */
export async function pauseJobs({ app }: Pick<Shop, 'app'>): Promise<void> {
  await app.get(JobWorker, { strict: false }).pause();
}

/** Lets the worker of a server do all jobs that are due. */
export function doJobs({ app }: Pick<Shop, 'app'>): Promise<void> {
  return app.get(JobWorker, { strict: false }).run();
}

/** Asks for an import and lets the worker do it. */
export async function imported(shop: Shop, by: Account, content: string, more: object = {}): Promise<MadeJob> {
  const { id } = await askImport(shop, by, content, more);
  await doJobs(shop);
  return readJob(shop, by, id);
}

/** As if the time had come for everything that waits, and every worker that has a job were lost. */
export async function letTimePass(shop: Shop): Promise<void> {
  await shop.database.query('test.due', 'UPDATE jobs SET due_at = now() WHERE due_at IS NOT NULL');
}

/** What a worker does that is killed when it is about to write a step for the last time: nothing more, and it tells nobody. */
export async function doAndDie({ app, database }: Shop, steps: number): Promise<JobRun | null> {
  const taken = await app.get(JobRuns, { strict: false }).take([JobKind.PRODUCT_IMPORT]);
  if (!taken) return null;
  // Its time ends when the test says so, however busy the machine is.
  await database.query('test.lease', `UPDATE jobs SET due_at = now() + interval '1 hour' WHERE id = $1`, [taken.id]);
  let left = steps;
  const runs = app.get(JobRuns, { strict: false });
  const run: JobRun = {
    ...taken,
    signal: new AbortController().signal,
    keep: async (tx, stand) => {
      if (left === 0) throw new Killed();
      left -= 1;
      await runs.keep(tx, taken, stand, true);
    },
  };
  await handlerOf({ app })(run).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  return { ...run, keep: (tx, stand) => runs.keep(tx, taken, stand, true) };
}

class Killed extends Error {}

/** How a server imports products. */
export function handlerOf({ app }: Pick<Shop, 'app'>): JobHandler {
  return app.get(JobHandlers, { strict: false }).of(JobKind.PRODUCT_IMPORT);
}

/** Types of the events of a job in their order, with the version that each shows. */
export async function jobTrail(shop: Shop, id: string): Promise<string[]> {
  const rows = await shop.database.query<{ type: string; version: number }>(
    'test.jobTrail',
    `SELECT type, (payload->'job'->>'version')::integer AS version FROM (
       SELECT 1 AS part, pos AS n, entity_id, type, payload FROM event_log
       UNION ALL SELECT 2, seq, entity_id, type, payload FROM event_outbox
     ) e WHERE entity_id = $1 ORDER BY part, n`,
    [uuidOf('job', id)],
  );
  return rows.map(({ type, version }) => `${type} ${version}`);
}

/** All jobs row by row, and how many events there are: equal texts mean that nothing has changed. */
export async function jobsDump(shop: Shop): Promise<string> {
  const events = await countOf(
    shop,
    'SELECT (SELECT count(*) FROM event_outbox) + (SELECT last_pos FROM event_state) AS n',
  );
  return `${await snapshot(shop, 'jobs')} ${events}`;
}

/** How many variants there are whose SKUs begin with a text. */
export function countSkus(shop: Shop, prefix: string): Promise<number> {
  return countOf(shop, `SELECT count(*) AS n FROM product_variants WHERE sku LIKE $1 || '-%'`, [prefix]);
}
