import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Role } from '../src/access/role.js';
import { Config } from '../src/config/config.js';
import { signUp, type Account } from './support/accounts.js';
import { aVariant, change, countOf, makeProduct, PRODUCT_CHANGES } from './support/catalogue.js';
import { askImport, countSkus, jobTrail, manyRows, pauseJobs, readJob } from './support/jobs.js';
import { LiveClient, settled, within, type Stream } from './support/live.js';
import { souk, type Program } from './support/program.js';
import { send, startShop, type Shop } from './support/shop.js';

const EVENTS = `subscription ($after: Cursor) { jobEvents(after: $after) { type job { progress { done } } } }`;
const PATIENCE_MS = 30_000;

type Watched = Stream<{ jobEvents: { type: string; job: { progress: { done: number } } } }>;

const home = mkdtempSync(join(tmpdir(), 'souk-jobs-'));
const programs: Program[] = [];
let shop: Shop;
let staff: Account;

beforeAll(async () => {
  // It serves whoever looks on, and leaves the work to the servers that are killed.
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(async () => {
  for (const { child } of programs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await shop?.close();
  rmSync(home, { recursive: true, force: true });
});

/** Starts a server of its own process on the database of the shop. */
async function startServer(): Promise<{ program: Program; server: Shop }> {
  const { databaseUrl, jwtSecret } = shop.app.get(Config, { strict: false });
  const settings = { DATABASE_URL: databaseUrl ?? '', JWT_SECRET: jwtSecret ?? '', DEMO: 'off' };
  const program = souk(['start'], { ...settings, SOUK_HOME: home, PORT: '0' });
  programs.push(program);
  const [, url = ''] = await program.prints(/GraphQL +(http:\S+)[^]*Stop +Ctrl-C/);
  return {
    program,
    server: { ...shop, url, send: (query, variables, token) => send(url, { query, variables }, token) },
  };
}

/** Locks a product as a slow change does. Answers how to let it go. */
async function hold(sku: string): Promise<() => Promise<void>> {
  const letGo = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const sql = `SELECT id FROM products WHERE id = (SELECT product_id FROM product_variants WHERE sku = $1) FOR UPDATE`;
  const holding = shop.database.transaction(async (tx) => {
    await tx.query('test.hold', sql, [sku]);
    held.resolve();
    await letGo.promise;
  });
  await held.promise;
  return async () => {
    letGo.resolve();
    await holding;
  };
}

async function untilDone(stream: Watched, done: number): Promise<void> {
  const reached = async (): Promise<void> => {
    for (;;) if ((await stream.next()).data.jobEvents.job.progress.done >= done) return;
  };
  await within(`${done} rows`, reached(), PATIENCE_MS);
}

async function untilSucceeded(id: string): Promise<void> {
  const over = async (): Promise<void> => {
    while ((await readJob(shop, staff, id)).state !== 'SUCCEEDED') await new Promise((wake) => setTimeout(wake, 50));
  };
  await within('the end of the job', over(), PATIENCE_MS);
}

it('an import goes on after kill -9 of its server: every row is done once, and every event is told once', async () => {
  const variants = [aVariant({ sku: 'KILL-150', price: { amount: '1.00' } })];
  await makeProduct(shop, staff, { name: 'KILL 150', variants });
  await settled(shop);
  const after = (await shop.send('{ liveCursor }')).data['liveCursor'];
  const client = await LiveClient.open(shop, staff);
  const stream: Watched = await client.watch(EVENTS, { after });
  const first = await startServer();
  const letGo = await hold('KILL-150');
  const { id } = await askImport(first.server, staff, manyRows('KILL', 350));
  await untilDone(stream, 100);
  // The second step waits for the product now.
  expect(await first.program.end('SIGKILL')).toBe('SIGKILL');
  await letGo();
  expect(await readJob(shop, staff, id)).toMatchObject({ state: 'RUNNING', progress: { done: 100, total: 350 } });
  expect(await countSkus(shop, 'KILL')).toBe(101);
  await soldOf('KILL-1', 2);

  const second = await startServer();
  await untilSucceeded(id);
  expect(await readJob(shop, staff, id)).toMatchObject({
    progress: { done: 350, total: 350 },
    imported: { created: 349, updated: 0, unchanged: 1, rejected: 0 },
    problems: [],
  });
  expect(await countSkus(shop, 'KILL')).toBe(350);
  const units = `SELECT sum(on_hand) AS n FROM stock_levels l JOIN product_variants v ON v.id = l.variant_id WHERE sku LIKE 'KILL-%'`;
  expect(await countOf(shop, units)).toBe(350 * 5 - 2);

  await settled(shop);
  const trail = await jobTrail(shop, id);
  expect(trail.slice(0, 4)).toEqual(['QUEUED 1', 'STARTED 2', 'PROGRESSED 3', 'STARTED 4']);
  expect(trail.at(-1)).toBe('SUCCEEDED 8');
  const told = `SELECT count(*) AS n FROM event_log WHERE topic = 'product' AND type = 'CREATED'`;
  expect(await countOf(shop, told)).toBe(350);
  const gaps = 'SELECT max(pos) - min(pos) + 1 - count(*) AS n FROM event_log';
  expect(await countOf(shop, gaps)).toBe(0);
  await client.close();
  expect(await second.program.end('SIGTERM')).toBe(0);
});

async function soldOf(sku: string, quantity: number): Promise<void> {
  const { data } = await shop.send(`query ($sku: String!) { product(by: { sku: $sku }) { variants { id } } }`, { sku });
  const variantId = data['product'].variants[0].id;
  await change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId, delta: -quantity, reason: 'DAMAGED' });
}
