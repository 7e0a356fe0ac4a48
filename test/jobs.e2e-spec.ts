import { randomUUID } from 'node:crypto';
import { Role } from '../src/access/role.js';
import { outcomeOf, signUp, snapshot, type Account } from './support/accounts.js';
import { change, countOf, makeProduct, refused, wrongPaths } from './support/catalogue.js';
import { sendKeyed } from './support/idempotency.js';
import {
  askImport,
  CANCEL_JOB,
  countSkus,
  csv,
  doJobs,
  IMPORT,
  imported,
  JOB,
  jobsDump,
  jobTrail,
  manyRows,
  pauseJobs,
  readJob,
} from './support/jobs.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const JOBS = `query ($filter: JobFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  jobs(filter: $filter, first: $first, after: $after, last: $last, before: $before, skip: $skip) {
    nodes { id state createdBy { name } } pageInfo { hasNextPage endCursor } totalCount
  }
}`;
const NOBODY = 'job_0198f2c4d1e27abc8def0123456789ab';
const ONE_ROW = csv('sku,price,name', 'ONE-1,1.00,One');

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;

beforeAll(async () => {
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { name: 'Cy', roles: [Role.STAFF] });
  admin = await signUp(shop, { name: 'Di', roles: [Role.ADMIN] });
  customer = await signUp(shop);
});

afterAll(() => shop?.close());

const over = (more: object): object => ({ failure: null, problems: [], finishedAt: expect.any(String), ...more });
const rows = (created: number, updated: number, unchanged: number, rejected: number): object => ({
  created,
  updated,
  unchanged,
  rejected,
  ignoredColumns: [],
});

describe('access', () => {
  const READ = `query ($id: ID!) { job(id: $id) { id } }`;

  it.each([
    ['jobs', JOBS, () => ({}), 'DONE'],
    ['job', READ, () => ({ id: NOBODY }), 'DONE'],
    ['importProducts', IMPORT, () => ({ input: { format: 'CSV', content: ONE_ROW } }), 'DONE'],
    ['cancelJob', CANCEL_JOB, () => ({ input: { jobId: NOBODY } }), 'NOT_FOUND'],
  ])('%s for anonymous, customer, staff and admin', async (_, document, variables, done) => {
    const before = await jobsDump(shop);
    const outcomes = [];
    for (const token of [undefined, customer.token]) {
      outcomes.push(outcomeOf(await shop.send(document, variables(), token)));
    }
    expect(await jobsDump(shop)).toBe(before);
    for (const { token } of [staff, admin]) outcomes.push(outcomeOf(await shop.send(document, variables(), token)));
    expect(outcomes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', done, done]);
    await doJobs(shop);
  });

  it('shows a job as a node to staff only', async () => {
    const { id } = await askImport(shop, staff, ONE_ROW);
    const document = `query ($id: ID!) { node(id: $id) { __typename id ... on Job { state } } }`;
    const seen = [];
    for (const token of [undefined, customer.token, staff.token, admin.token]) {
      seen.push((await shop.send(document, { id }, token)).data['node']);
    }
    const node = { __typename: 'Job', id, state: 'QUEUED' };
    expect(seen).toEqual([null, null, node, node]);
    await doJobs(shop);
  });
});

describe('importProducts', () => {
  it('answers a job that waits, and then does all of it', async () => {
    const content = csv(
      'sku,price,product,name,options,category,stock,status,colour',
      'JOB-LAMP-S,10.00,job-lamp,Lamp,Size: Small,Jobs > Lamps,3,,red',
      'JOB-LAMP-L,12.50,job-lamp,,Size: Large,,4,,',
      'JOB-BAD,-1,,Bad,,,,,',
      'JOB-VASE,7,,Vase,,Jobs,,DRAFT,',
      'JOB-LAMP-S,1,,,,,,,',
      'JOB-NAMELESS,1,,,,,,,',
    );
    const asked = await askImport(shop, staff, content);
    const nothing = { failure: null, problems: [], imported: null, startedAt: null, finishedAt: null };
    expect(asked).toEqual({
      id: expect.stringMatching(/^job_[0-9a-f]{32}$/),
      kind: 'PRODUCT_IMPORT',
      state: 'QUEUED',
      progress: { done: 0, total: 6 },
      createdAt: expect.stringMatching(/Z$/),
      version: 1,
      ...nothing,
    });
    expect(await countSkus(shop, 'JOB')).toBe(0);
    await doJobs(shop);
    expect(await readJob(shop, admin, asked.id)).toEqual({
      ...asked,
      state: 'SUCCEEDED',
      progress: { done: 6, total: 6 },
      problems: [
        { line: 4, reason: 'price: "-1" is negative' },
        { line: 6, reason: 'sku: JOB-LAMP-S stands in line 2 already' },
        { line: 7, reason: 'name: is missing, and the product is new' },
      ],
      imported: { created: 3, updated: 0, unchanged: 0, rejected: 3, ignoredColumns: ['colour'] },
      startedAt: expect.stringMatching(/Z$/),
      finishedAt: expect.stringMatching(/Z$/),
      version: 4,
    });
    expect(await jobTrail(shop, asked.id)).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'SUCCEEDED 4']);
    const { data } = await shop.send(
      `{ product(by: { slug: "job-lamp" }) { name category { slug } variants { sku title price { amount } availableQuantity } } }`,
    );
    expect(data['product']).toEqual({
      name: 'Lamp',
      category: { slug: 'lamps' },
      variants: [
        { sku: 'JOB-LAMP-S', title: 'Small', price: { amount: '10.00' }, availableQuantity: 3 },
        { sku: 'JOB-LAMP-L', title: 'Large', price: { amount: '12.50' }, availableQuantity: 4 },
      ],
    });
    const moved = `SELECT count(*) AS n FROM stock_movements WHERE reason = 'IMPORT' AND actor_id = $1`;
    expect(await countOf(shop, moved, [staff.uuid])).toBe(2);
  });

  it('changes nothing when the same content comes again, and takes objects in lines as well', async () => {
    const content = ['{"sku": "L-1", "price": 2, "name": "Line 1", "stock": 3}', 'no JSON', ''].join('\n');
    const first = await imported(shop, staff, content, { format: 'JSONL' });
    expect(first).toMatchObject(over({ state: 'SUCCEEDED', imported: rows(1, 0, 0, 1), problems: [{ line: 2 }] }));
    const tables = ['products', 'product_variants', 'stock_levels', 'stock_movements'];
    const before = await snapshot(shop, ...tables);
    const again = await imported(shop, staff, content, { format: 'JSONL', defaultStock: 9 });
    expect(again).toMatchObject({ state: 'SUCCEEDED', imported: rows(0, 0, 1, 1) });
    expect(await snapshot(shop, ...tables)).toBe(before);
  });

  it('gives new variants the default stock, and goes in steps of 100 rows', async () => {
    const content = manyRows('STEP', 250).replaceAll(',5\n', ',\n');
    const job = await imported(shop, staff, content, { defaultStock: 8 });
    expect(job).toMatchObject(over({ progress: { done: 250, total: 250 }, imported: rows(250, 0, 0, 0), version: 6 }));
    const sql = `SELECT sum(on_hand) AS n FROM stock_levels JOIN product_variants v ON v.id = variant_id WHERE sku LIKE 'STEP-%'`;
    expect(await countOf(shop, sql)).toBe(2_000);
    const input = { format: 'CSV', content: manyRows('STEP', 250) };
    const { extensions } = await shop.send(IMPORT, { input }, staff.token);
    expect(extensions.sql.names).toEqual(['START', 'jobs.takeTurn', 'jobs.insert', 'events.append', 'COMMIT']);
    await doJobs(shop);
  });

  it('writes all or nothing when it is strict', async () => {
    const bad = await imported(shop, staff, `${manyRows('STRICT', 150)}STRICT-X,none,X,\n`, { strict: true });
    expect(bad).toMatchObject({
      state: 'FAILED',
      failure: 'Nothing was imported: 1 of the rows cannot be used.',
      progress: { done: 0, total: 151 },
      problems: [{ line: 152, reason: 'price: "none" is not an amount of GBP with at most 2 decimal places' }],
      imported: rows(0, 0, 0, 1),
    });
    expect(await countSkus(shop, 'STRICT')).toBe(0);
    const good = await imported(shop, staff, manyRows('STRICT', 150), { strict: true });
    expect(good).toMatchObject(over({ state: 'SUCCEEDED', imported: rows(150, 0, 0, 0) }));
    expect(await countSkus(shop, 'STRICT')).toBe(150);
    expect(await jobTrail(shop, good.id)).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'SUCCEEDED 4']);
  });

  it('is one job when it is sent twice with one key', async () => {
    const input = { format: 'CSV', content: csv('sku,price,name', 'KEY-1,1,Key') };
    const key = randomUUID();
    const send = (): Promise<Answer> => sendKeyed(shop, IMPORT, { input, by: staff, key });
    const answers = await Promise.all([send(), send(), send()]);
    const ids = answers.map(({ data }) => data['importProducts'].job.id);
    expect(new Set(ids).size).toBe(1);
    await doJobs(shop);
    expect(await jobTrail(shop, ids[0])).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'SUCCEEDED 4']);
  });
});

describe('importProducts refuses, and leaves neither job nor event,', () => {
  it.each([
    ['no SKU', 'price,name\n1,Lamp', 'FILE_INVALID input.content'],
    ['no price', 'sku,name\nA,Lamp', 'FILE_INVALID input.content'],
    ['another currency', 'sku,price_eur\nA,1', 'FILE_INVALID input.content'],
    ['a column twice', 'sku,sku,price\nA,B,1', 'FILE_INVALID input.content'],
    ['a header alone', 'sku,price', 'FILE_INVALID input.content'],
    ['blank lines', '\n\n', 'FILE_INVALID input.content'],
  ])('CSV with %s', async (_, content, refusal) => {
    const before = await jobsDump(shop);
    expect(await refused(shop, staff, IMPORT, { format: 'CSV', content })).toBe(refusal);
    expect(await jobsDump(shop)).toBe(before);
  });

  it('lines without any object in JSONL', async () => {
    const before = await jobsDump(shop);
    expect(await refused(shop, staff, IMPORT, { format: 'JSONL', content: ' \n' })).toBe('FILE_INVALID input.content');
    expect(await jobsDump(shop)).toBe(before);
  });

  it('values that are not acceptable, and more than a request may hold', async () => {
    const before = await jobsDump(shop);
    const wrong = { format: 'CSV', content: '', defaultStock: -1 };
    expect(await wrongPaths(shop, staff, IMPORT, wrong)).toEqual(['input.content', 'input.defaultStock']);
    expect(await wrongPaths(shop, staff, IMPORT, { ...wrong, content: 'x'.repeat(100_001) })).toEqual([
      'input.content',
      'input.defaultStock',
    ]);
    const tooLong = await shop.send(IMPORT, { input: { format: 'CSV', content: 'x'.repeat(110_000) } }, staff.token);
    expect(tooLong.status).toBe(413);
    expect(await jobsDump(shop)).toBe(before);
  });

  it('the one that would be too many', async () => {
    const waiting = `INSERT INTO jobs (kind, total, input) SELECT 'WAITING', 1, '{}' FROM generate_series(1, 100)`;
    await shop.database.query('test.waiting', waiting);
    const before = await jobsDump(shop);
    expect(await refused(shop, staff, IMPORT, { format: 'CSV', content: ONE_ROW })).toBe('TOO_MANY_JOBS');
    expect(await jobsDump(shop)).toBe(before);
    await shop.database.query('test.fewer', `DELETE FROM jobs WHERE kind = 'WAITING'`);
  });
});

describe('jobs', () => {
  it('come newest first, by state and kind, in pages that cost no more when they are long', async () => {
    await shop.database.query('test.none', 'DELETE FROM jobs');
    const made = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await askImport(shop, n === 0 ? admin : staff, ONE_ROW)).id);
    await change(shop, staff, CANCEL_JOB, { jobId: made[1] });
    const list = async (variables: object): Promise<Answer> => shop.send(JOBS, variables, staff.token);
    const { data, extensions } = await list({ first: 3 });
    const { nodes, pageInfo, totalCount } = data['jobs'];
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 3));
    expect([pageInfo.hasNextPage, totalCount]).toEqual([true, 5]);
    expect(extensions.sql.names).toEqual(['jobs.page', 'jobs.count', 'users.byIds']);
    const rest = (await list({ after: pageInfo.endCursor })).data['jobs'].nodes;
    expect(rest).toEqual([
      { id: made[3], state: 'QUEUED', createdBy: { name: 'Cy' } },
      { id: made[4], state: 'QUEUED', createdBy: { name: 'Di' } },
    ]);
    const cancelled = await list({ filter: { states: ['CANCELLED', 'RUNNING'], kinds: ['PRODUCT_IMPORT'] } });
    expect(cancelled.data['jobs']).toMatchObject({ nodes: [{ id: made[1] }], totalCount: 1 });
    await doJobs(shop);
    const open = await list({ filter: { states: ['QUEUED', 'RUNNING'] } });
    expect(open.data['jobs']).toMatchObject({ nodes: [], totalCount: 0 });
  });
});

describe('cancelJob', () => {
  it('ends a job that waits: nothing of it is done', async () => {
    const { id, version } = await askImport(shop, staff, manyRows('CANCEL', 10));
    const { job } = await change(shop, admin, CANCEL_JOB, { jobId: id });
    expect(job).toMatchObject({ id, state: 'CANCELLED', startedAt: null, finishedAt: expect.any(String), version: 2 });
    expect(version).toBe(1);
    await doJobs(shop);
    expect(await countSkus(shop, 'CANCEL')).toBe(0);
    expect(await jobTrail(shop, id)).toEqual(['QUEUED 1', 'CANCELLED 2']);
  });

  it('is refused for what is over, or is nothing', async () => {
    const { id } = await imported(shop, staff, ONE_ROW);
    const product = await makeProduct(shop, staff, { name: 'No job' });
    const before = await jobsDump(shop);
    expect(await refused(shop, staff, CANCEL_JOB, { jobId: id })).toBe('ILLEGAL_TRANSITION input.jobId');
    expect(await refused(shop, staff, CANCEL_JOB, { jobId: NOBODY })).toBe('NOT_FOUND input.jobId');
    expect(await wrongPaths(shop, staff, CANCEL_JOB, { jobId: product.id })).toEqual(['input.jobId']);
    expect(await jobsDump(shop)).toBe(before);
  });
});

it('asks for a job with everything in two statements', async () => {
  const { id } = await imported(shop, staff, ONE_ROW);
  const document = `query ($id: ID!) { job(id: $id) { ${JOB} createdBy { name } } }`;
  const { data, extensions } = await shop.send(document, { id }, staff.token);
  expect(data['job']).toMatchObject({ id, createdBy: { name: 'Cy' } });
  expect(extensions.sql.statements).toBe(2);
});
