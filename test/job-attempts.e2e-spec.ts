import { mock } from 'node:test';
import { Logger } from '@nestjs/common';
import { Role } from '../src/access/role.js';
import { Unavailable } from '../src/errors/request-errors.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { JobHandlers } from '../src/jobs/job-handlers.service.js';
import type { JobHandler } from '../src/jobs/job-run.type.js';
import { JobRuns } from '../src/jobs/job-runs.service.js';
import { JobKind } from '../src/jobs/job.type.js';
import { TooManyJobs } from '../src/jobs/jobs.errors.js';
import { signUp, type Account } from './support/accounts.js';
import { change, countOf } from './support/catalogue.js';
import {
  askImport,
  CANCEL_JOB,
  countSkus,
  doJobs,
  handlerOf,
  imported,
  jobTrail,
  letTimePass,
  manyRows,
  pauseJobs,
  readJob,
} from './support/jobs.js';
import { anotherServer, until } from './support/live.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

/** Lets another handler do the imports while the work runs. */
async function handledBy(handler: JobHandler, work: () => Promise<void>): Promise<void> {
  const handlers = shop.app.get(JobHandlers, { strict: false });
  const own = handlerOf(shop);
  handlers.register(JobKind.PRODUCT_IMPORT, handler);
  try {
    await work();
  } finally {
    handlers.register(JobKind.PRODUCT_IMPORT, own);
  }
}

/** Seconds that a job was put back for, when it was. */
function pauseOf(id: string): Promise<number> {
  const sql = `SELECT extract(epoch FROM due_at - (SELECT max(at) FROM (
      SELECT entity_id, at FROM event_log UNION ALL SELECT entity_id, at FROM event_outbox
    ) e WHERE entity_id = j.id)) AS n FROM jobs j WHERE id = $1`;
  return countOf(shop, sql, [uuidOf('job', id)]);
}

describe('a job that fails', () => {
  /** Lets every attempt fail, and answers the seconds after each until the next one. */
  async function failing(id: string, error: Error, attempts: number): Promise<number[]> {
    const pauses: number[] = [];
    await handledBy(
      () => Promise.reject(error),
      async () => {
        for (let attempt = 1; attempt <= attempts; attempt += 1) {
          await doJobs(shop);
          pauses.push(await pauseOf(id));
          await letTimePass(shop);
        }
      },
    );
    return pauses;
  }

  it.each([
    ['with a fault of ours', new Error('secret'), 'A fault of the server: see its log.'],
    ['with a refusal', new TooManyJobs(), '100 jobs are waiting. Try again when some of them are done.'],
  ])('%s is tried again after longer and longer pauses, and then no more', async (_, error, failure) => {
    const log = mock.method(Logger.prototype, 'error', () => undefined);
    const { id } = await askImport(shop, staff, manyRows('FAIL', 1));
    expect(await failing(id, error, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 0]);
    expect(await readJob(shop, staff, id)).toMatchObject({
      state: 'FAILED',
      failure: `Given up after 8 attempts. ${failure}`,
      version: 17,
    });
    const trail = await jobTrail(shop, id);
    expect(trail.slice(0, 3)).toEqual(['QUEUED 1', 'STARTED 2', 'QUEUED 3']);
    expect(trail.slice(-2)).toEqual(['STARTED 16', 'FAILED 17']);
    expect(log.mock.callCount()).toBe(8);
    log.mock.restore();
  });

  it('because the database does not answer is tried until it does', async () => {
    const { id } = await askImport(shop, staff, manyRows('WAIT', 1));
    const pauses = await failing(id, new Unavailable(), 10);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    await doJobs(shop);
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'SUCCEEDED', imported: { created: 1 } });
  });

  it('begins to count anew when it has come further', async () => {
    const { id } = await askImport(shop, staff, manyRows('FURTHER', 1_000));
    const handler = handlerOf(shop);
    await handledBy(
      async (run) => {
        let steps = 0;
        return handler({
          ...run,
          keep: async (tx, stand) => {
            if ((steps += 1) > 1) throw new Unavailable('after one step');
            await run.keep(tx, stand);
          },
        });
      },
      async () => {
        for (let attempt = 1; attempt <= 10; attempt += 1) {
          await doJobs(shop);
          await letTimePass(shop);
        }
      },
    );
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'SUCCEEDED', progress: { done: 1_000 } });
    expect(await countSkus(shop, 'FURTHER')).toBe(1_000);
  });
});

describe('a job that is cancelled while it runs', () => {
  it('gets nothing more written, and what was written stays', async () => {
    const { id } = await askImport(shop, staff, manyRows('STOP', 300));
    const handler = handlerOf(shop);
    await handledBy(
      (run) => {
        let steps = 0;
        return handler({
          ...run,
          keep: async (tx, stand) => {
            if ((steps += 1) === 2) await change(shop, staff, CANCEL_JOB, { jobId: id });
            await run.keep(tx, stand);
          },
        });
      },
      () => doJobs(shop),
    );
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'CANCELLED', progress: { done: 100, total: 300 } });
    expect(await countSkus(shop, 'STOP')).toBe(100);
    expect(await jobTrail(shop, id)).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'CANCELLED 4']);
  });
});

describe('a server that stops', () => {
  it('leaves its job to another one at once, and counts no attempt', async () => {
    const server = await anotherServer(shop);
    await pauseJobs(server);
    const { id } = await askImport(shop, staff, manyRows('STOPS', 300));
    const handler = handlerOf(server);
    const handlers = server.app.get(JobHandlers, { strict: false });
    let closed: Promise<void> | undefined;
    handlers.register(JobKind.PRODUCT_IMPORT, (run) =>
      handler({
        ...run,
        keep: async (tx, stand) => {
          await run.keep(tx, stand);
          closed ??= server.close();
          await new Promise((resolve) => run.signal.addEventListener('abort', resolve, { once: true }));
        },
      }),
    );
    await doJobs(server);
    await closed;
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'QUEUED', progress: { done: 100 } });
    const sql = 'SELECT attempts AS n FROM jobs WHERE id = $1 AND due_at <= now()';
    expect(await countOf(shop, sql, [uuidOf('job', id)])).toBe(0);
    await doJobs(shop);
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'SUCCEEDED', imported: { created: 300 } });
  });

  it('does by itself what it is asked for while it runs', async () => {
    const server = await anotherServer(shop);
    const { id } = await askImport(server, staff, manyRows('ITSELF', 5));
    await until('the job is done', async () => (await readJob(shop, staff, id)).state === 'SUCCEEDED');
    await server.close();
    expect(await countSkus(shop, 'ITSELF')).toBe(5);
  });
});

it('forgets jobs that have been over for 30 days', async () => {
  const { id } = await imported(shop, staff, manyRows('OLD', 1));
  const { id: younger } = await imported(shop, staff, manyRows('YOUNG', 1));
  const age = (days: number, of: string): Promise<unknown> =>
    shop.database.query('test.age', 'UPDATE jobs SET finished_at = now() - make_interval(days => $1) WHERE id = $2', [
      days,
      uuidOf('job', of),
    ]);
  await age(31, id);
  await age(29, younger);
  await shop.app.get(JobRuns, { strict: false }).forget();
  expect(await readJob(shop, staff, id)).toBeNull();
  expect(await readJob(shop, staff, younger)).toMatchObject({ id: younger });
});
