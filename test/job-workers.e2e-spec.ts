import { Role } from '../src/access/role.js';
import { JobLost } from '../src/jobs/jobs.errors.js';
import { signUp, type Account } from './support/accounts.js';
import { change, countOf, PRODUCT_CHANGES } from './support/catalogue.js';
import {
  askImport,
  countSkus,
  csv,
  doAndDie,
  doJobs,
  imported,
  jobTrail,
  letTimePass,
  manyRows,
  pauseJobs,
  readJob,
} from './support/jobs.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const NOTHING = { done: 0, problems: [], result: null, checkpoint: {} };

describe('a worker that is lost in the middle', () => {
  it('leaves the job to another one, which goes on behind the last step', async () => {
    const { id } = await askImport(shop, staff, manyRows('LOST', 350));
    await doAndDie(shop, 2);
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'RUNNING', progress: { done: 200, total: 350 } });
    expect(await countSkus(shop, 'LOST')).toBe(200);
    // Nobody takes it while its worker may be alive.
    await doJobs(shop);
    expect(await readJob(shop, staff, id)).toMatchObject({ state: 'RUNNING', progress: { done: 200 } });
    await letTimePass(shop);
    await doJobs(shop);
    expect(await readJob(shop, staff, id)).toMatchObject({
      state: 'SUCCEEDED',
      progress: { done: 350, total: 350 },
      imported: { created: 350, updated: 0, unchanged: 0, rejected: 0 },
    });
    expect(await countSkus(shop, 'LOST')).toBe(350);
    const trail = await jobTrail(shop, id);
    const [first, last] = [trail.slice(0, 6), trail.at(-1)];
    expect(first).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'PROGRESSED 4', 'STARTED 5', 'PROGRESSED 6']);
    expect(last).toBe('SUCCEEDED 8');
  });

  it('can write nothing more for it, when it was only slow', async () => {
    const { id } = await askImport(shop, staff, manyRows('SLOW', 150));
    const slow = await doAndDie(shop, 0);
    await letTimePass(shop);
    await doJobs(shop);
    const done = await readJob(shop, staff, id);
    const late = shop.database.transaction(async (tx) => {
      await tx.query('test.late', `UPDATE products SET name = 'Late' WHERE name LIKE 'SLOW%'`);
      await slow?.keep(tx, NOTHING);
    });
    await expect(late).rejects.toThrow(JobLost);
    expect(await countOf(shop, `SELECT count(*) AS n FROM products WHERE name = 'Late'`)).toBe(0);
    expect(await readJob(shop, staff, id)).toEqual(done);
  });

  it('has sold nothing twice: units that were bought meanwhile are not put back', async () => {
    await askImport(shop, staff, manyRows('SOLD', 150));
    await doAndDie(shop, 1);
    const sql = `SELECT p.id FROM products p JOIN product_variants v ON v.product_id = p.id WHERE v.sku = 'SOLD-1'`;
    const [product] = await shop.database.query<{ id: string }>('test.sold', sql);
    const { data } = await shop.send(`query ($id: ID!) { node(id: $id) { ... on Product { variants { id } } } }`, {
      id: `product_${product?.id.replaceAll('-', '')}`,
    });
    const variantId = data['node'].variants[0].id;
    await change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId, delta: -3, reason: 'DAMAGED' });
    await letTimePass(shop);
    await doJobs(shop);
    const left = `SELECT on_hand AS n FROM stock_levels s JOIN product_variants v ON v.id = s.variant_id WHERE sku = $1`;
    expect([await countOf(shop, left, ['SOLD-1']), await countOf(shop, left, ['SOLD-150'])]).toEqual([2, 5]);
  });

  it('changes no row of the report, whatever the rows before were', async () => {
    const columns = 'sku,price,product,name,stock,options';
    const content = (of: string): string => {
      const rows = Array.from({ length: 260 }, (_, n) => `${of}-${n},2.00,,${of} ${n},1,`);
      rows[1] = `${of}-1,2.00,${of.toLowerCase()}-set,A set,1,Size: S`;
      rows[3] = `${of}-1,2.00,,Again,,`;
      rows[5] = `${of}-5,free,,Bad,,`;
      rows[6] = `${of}-6,2.00,,,,`;
      // Of a product whose first row stands in a step before, and says otherwise.
      rows[255] = `${of}-255,2.00,${of.toLowerCase()}-set,Another set,1,Size: M`;
      rows[256] = `${of}-256,2.00,${of.toLowerCase()}-set,,1,Size: L`;
      rows[257] = `${of}-2,2.00,,Twice,,`;
      return csv(columns, ...rows);
    };
    const whole = await imported(shop, staff, content('WHOLE'));
    const { id } = await askImport(shop, staff, content('PARTS'));
    await doAndDie(shop, 1);
    await letTimePass(shop);
    await doAndDie(shop, 1);
    await letTimePass(shop);
    await doJobs(shop);
    const parts = await readJob(shop, staff, id);
    expect(parts.imported).toEqual({ created: 255, updated: 0, unchanged: 0, rejected: 5, ignoredColumns: [] });
    expect(parts.problems).toEqual([
      { line: 5, reason: 'sku: PARTS-1 stands in line 3 already' },
      { line: 7, reason: 'price: "free" is not an amount of GBP with at most 2 decimal places' },
      { line: 8, reason: 'name: is missing, and the product is new' },
      { line: 257, reason: 'name: is not what line 3 says about the same product' },
      { line: 259, reason: 'sku: PARTS-2 stands in line 4 already' },
    ]);
    expect(JSON.parse(JSON.stringify([whole.imported, whole.problems]).replaceAll('WHOLE', 'PARTS'))).toEqual([
      parts.imported,
      parts.problems,
    ]);
  });

  it('has written all or nothing of a strict import', async () => {
    const { id } = await askImport(shop, staff, manyRows('ALL', 150), { strict: true });
    await doAndDie(shop, 0);
    expect(await countSkus(shop, 'ALL')).toBe(0);
    await letTimePass(shop);
    await doAndDie(shop, 1);
    expect(await countSkus(shop, 'ALL')).toBe(150);
    await letTimePass(shop);
    await doJobs(shop);
    expect(await readJob(shop, staff, id)).toMatchObject({
      state: 'SUCCEEDED',
      progress: { done: 150, total: 150 },
      imported: { created: 150, updated: 0, unchanged: 0, rejected: 0 },
    });
  });

  it('is not tried for ever', async () => {
    const { id } = await askImport(shop, staff, manyRows('NEVER', 1));
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(await doAndDie(shop, 0)).not.toBeNull();
      await letTimePass(shop);
    }
    expect(await doAndDie(shop, 0)).toBeNull();
    expect(await readJob(shop, staff, id)).toMatchObject({
      state: 'FAILED',
      failure: 'Given up after 8 attempts. The servers that did it were lost.',
      finishedAt: expect.any(String),
    });
    expect(await countSkus(shop, 'NEVER')).toBe(0);
  });
});
