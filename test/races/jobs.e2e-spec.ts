import { Role } from '../../src/access/role.js';
import { JobKind } from '../../src/jobs/job.type.js';
import { JobRuns } from '../../src/jobs/job-runs.service.js';
import { signUp, tally, type Account } from '../support/accounts.js';
import { countOf } from '../support/catalogue.js';
import {
  askImport,
  CANCEL_JOB,
  countSkus,
  csv,
  doJobs,
  IMPORT,
  jobTrail,
  manyRows,
  pauseJobs,
  readJob,
} from '../support/jobs.js';
import { anotherServer } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const KINDS = [JobKind.PRODUCT_IMPORT];
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

it('each of 40 jobs is taken by one of 20 workers', async () => {
  const ids = await Promise.all(upTo(40).map(async (n) => (await askImport(shop, staff, manyRows(`T${n}`, 1))).id));
  const runs = shop.app.get(JobRuns, { strict: false });
  const worker = async (): Promise<string[]> => {
    const taken = await runs.take(KINDS);
    return taken ? [taken.id, ...(await worker())] : [];
  };
  const taken = (await Promise.all(upTo(20).map(worker))).flat();
  // One that looks while all others are locked leaves; what is left then is taken by the next one who looks.
  taken.push(...(await worker()));
  expect(new Set(taken).size).toBe(40);
  expect(taken).toHaveLength(40);
  for (const id of ids) expect(await jobTrail(shop, id)).toEqual(['QUEUED 1', 'STARTED 2']);
  await shop.database.query('test.none', 'DELETE FROM jobs');
});

it('several servers do 12 imports of the same products, and each row once', async () => {
  const servers = [shop, await anotherServer(shop), await anotherServer(shop)];
  const rows = upTo(120).map((n) => `SAME-${n},1.00,Same ${n},5`);
  const ids = await Promise.all(
    upTo(12).map(async () => (await askImport(shop, staff, csv('sku,price,name,stock', ...rows))).id),
  );
  await Promise.all([...servers, ...servers].map((server) => doJobs(server)));
  for (const server of servers.slice(1)) await server.close();
  const jobs = await Promise.all(ids.map((id) => readJob(shop, staff, id)));
  expect(jobs.map(({ state }) => state)).toEqual(ids.map(() => 'SUCCEEDED'));
  const sums = { created: 0, updated: 0, unchanged: 0, rejected: 0 };
  for (const { imported } of jobs) {
    for (const key of ['created', 'updated', 'unchanged', 'rejected'] as const) sums[key] += imported?.[key] ?? 0;
  }
  expect(sums).toEqual({ created: 120, updated: 0, unchanged: 11 * 120, rejected: 0 });
  expect(await countSkus(shop, 'SAME')).toBe(120);
  expect(await countOf(shop, `SELECT count(*) AS n FROM stock_movements WHERE reason = 'IMPORT'`)).toBe(120);
});

it('of 120 imports that are asked for at once, 100 wait and 20 are refused', async () => {
  const content = manyRows('MANY', 1);
  const answers = await Promise.all(
    upTo(120).map(() => shop.send(IMPORT, { input: { format: 'CSV', content } }, staff.token)),
  );
  expect(tally(answers)).toEqual({ DONE: 100, TOO_MANY_JOBS: 20 });
  expect(await countOf(shop, `SELECT count(*) AS n FROM jobs WHERE state = 'QUEUED'`)).toBe(100);
  await shop.database.query('test.none', 'DELETE FROM jobs');
});

it('a job that is cancelled at any moment has written what it says, and no more', async () => {
  const states = new Set<string>();
  for (let n = 0; n < 12; n += 1) {
    const { id } = await askImport(shop, staff, manyRows(`C${n}`, 400));
    const cancelled = new Promise((resolve) => setTimeout(resolve, n * 12)).then(() =>
      shop.send(CANCEL_JOB, { input: { jobId: id } }, staff.token),
    );
    const [answer] = await Promise.all([cancelled, doJobs(shop)]);
    const { state, progress, imported } = await readJob(shop, staff, id);
    states.add(state);
    const outcome = answer.data['cancelJob'].userErrors[0]?.code ?? 'DONE';
    expect([state, outcome]).toEqual(
      state === 'CANCELLED' ? ['CANCELLED', 'DONE'] : ['SUCCEEDED', 'ILLEGAL_TRANSITION'],
    );
    expect(await countSkus(shop, `C${n}`)).toBe(progress.done);
    expect(imported?.created ?? 0).toBe(progress.done);
    expect((await jobTrail(shop, id)).at(-1)).toMatch(new RegExp(`^${state} `));
  }
  expect(states).toContain('CANCELLED');
});
