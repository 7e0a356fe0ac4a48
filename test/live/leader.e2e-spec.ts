import { Role } from '../../src/access/role.js';
import { Config } from '../../src/config/config.js';
import { EventsQueries } from '../../src/events/events.queries.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES, type MadeProduct } from '../support/catalogue.js';
import { LiveClient, settled, until, type Stream } from '../support/live.js';
import { souk, type Program } from '../support/program.js';
import { startShop, type Shop } from '../support/shop.js';

const EVENTS = `subscription ($after: Cursor) { productEvents(after: $after) { product { version } } }`;
const WRITES = 40;
/** The sequencer's lock. */
const LOCK = 7_105_002;

let shop: Shop;
let staff: Account;
let product: MadeProduct;
let other: Program;
let otherUrl: string;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  other = souk(['start'], {
    DATABASE_URL: shop.app.get(Config, { strict: false }).databaseUrl ?? '',
    JWT_SECRET: 'a secret that only the tests know, 32+',
    PORT: '0',
    DEMO: 'off',
  });
  const [, port] = await other.prints(/localhost:(\d+)\/graphql/);
  otherUrl = `ws://localhost:${port}/graphql`;
  staff = await signUp(shop, { roles: [Role.STAFF] });
  product = await makeProduct(shop, staff, { name: 'Led', variants: [aVariant()] });
});

afterAll(async () => {
  for (const client of clients) await client.close();
  other?.child.kill('SIGKILL');
  await shop?.close();
});

/** Process that gives events their positions, as PostgreSQL sees it; 0 while there is none. */
async function leader(): Promise<number> {
  const [row] = await shop.database.query<{ name: string }>(
    'test.leader',
    `SELECT a.application_name AS name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.application_name LIKE 'souk sequencer %'`,
  );
  return Number(row?.name.split(' ').at(-1) ?? 0);
}

/** Leaves the lead to the other server, and is ready to take it back. */
async function giveLeadAway(): Promise<void> {
  const sequencer = shop.app.get(Sequencer, { strict: false });
  await sequencer.onApplicationShutdown();
  await until('the other server leads', async () => (await leader()) === other.child.pid);
  sequencer.onApplicationBootstrap();
}

async function watch(server: Pick<Shop, 'socketUrl'>): Promise<Stream> {
  const client = await LiveClient.open(server, staff);
  clients.push(client);
  const { data } = await shop.send('{ liveCursor }');
  return client.watch(EVENTS, { after: data['liveCursor'] });
}

async function touch(): Promise<void> {
  await change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, description: `${Math.random()}` });
}

async function version(): Promise<number> {
  const answer = await shop.send('query ($id: ID!) { product(by: { id: $id }) { version } }', { id: product.id });
  return answer.data['product'].version;
}

const versions = async (stream: Stream, count: number): Promise<number[]> =>
  (await stream.take(count)).map(({ data }) => data['productEvents'].product.version);

const upFrom = (first: number, count = WRITES): number[] => Array.from({ length: count }, (_, n) => first + n);

async function expectNoGaps(): Promise<void> {
  const steps = await shop.database.query(
    'test.steps',
    'SELECT DISTINCT step FROM (SELECT pos - lag(pos) OVER (ORDER BY pos) AS step FROM event_log) l WHERE step IS NOT NULL',
  );
  expect(steps).toEqual([{ step: 1 }]);
}

/** What the session of the leader waits for, as PostgreSQL sees it. */
async function leaderWaitsFor(): Promise<string | null> {
  const [row] = await shop.database.query<{ event: string | null }>(
    'test.leaderWaitsFor',
    `SELECT wait_event AS event FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'souk sequencer ' || $1::text`,
    [other.child.pid],
  );
  return row?.event ?? null;
}

/** Keeps a batch from getting its positions until it is told to let it go on. */
async function holdBatches(): Promise<() => Promise<void>> {
  const [held, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = shop.database.transaction(async (tx) => {
    await tx.query('test.hold', 'SELECT FROM event_state FOR UPDATE');
    held.resolve();
    await go.promise;
  });
  await held.promise;
  return () => (go.resolve(), holding);
}

describe('a server that gives events their positions', () => {
  it('and hangs loses the lead, and nothing is lost or doubled; it goes on as a follower', async () => {
    await giveLeadAway();
    const stream = await watch(shop);
    const first = (await version()) + 1;
    for (let n = 0; n < WRITES; n += 1) {
      if (n === WRITES / 2) other.child.kill('SIGSTOP');
      await touch();
    }
    expect(await versions(stream, WRITES)).toEqual(upFrom(first));
    expect(await leader()).toBe(process.pid);
    await expectNoGaps();
    other.child.kill('SIGCONT');
    const theirs = await watch({ socketUrl: otherUrl });
    await touch();
    expect(await versions(theirs, 1)).toEqual([first + WRITES]);
    expect(await leader()).toBe(process.pid);
  });

  it('and hangs in the middle of an answer loses the lead too, but not while it waits for PostgreSQL', async () => {
    await giveLeadAway();
    const letGo = await holdBatches();
    // More than the operating system holds of an answer.
    await shop.database.query(
      'test.large',
      `INSERT INTO event_outbox (topic, entity_id, type, payload) VALUES ('other', uuidv7(), 'T', to_jsonb(repeat('x', 16000000)))`,
    );
    await until('the batch waits', async () => (await leaderWaitsFor()) === 'transactionid');
    const queries = new EventsQueries();
    expect(await queries.endHungLeader(shop.database, LOCK, 0)).toBe(false);
    other.child.kill('SIGSTOP');
    await letGo();
    await until('nobody takes the answer', async () => (await leaderWaitsFor()) === 'ClientWrite');
    await settled(shop);
    expect(await leader()).toBe(process.pid);
    await expectNoGaps();
    other.child.kill('SIGCONT');
    const theirs = await watch({ socketUrl: otherUrl });
    const next = (await version()) + 1;
    await touch();
    expect(await versions(theirs, 1)).toEqual([next]);
    expect(await leader()).toBe(process.pid);
  });

  it('and is killed is followed by another, and nothing is lost or doubled', async () => {
    await giveLeadAway();
    const stream = await watch(shop);
    const first = (await version()) + 1;
    for (let n = 0; n < WRITES; n += 1) {
      if (n === WRITES / 2) await other.end('SIGKILL');
      await touch();
    }
    expect(await versions(stream, WRITES)).toEqual(upFrom(first));
    expect(await leader()).toBe(process.pid);
    await expectNoGaps();
  });
});
