import { Role } from '../../src/access/role.js';
import { Config } from '../../src/config/config.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES, type MadeProduct } from '../support/catalogue.js';
import { LiveClient, until, type Stream } from '../support/live.js';
import { souk, type Program } from '../support/program.js';
import { startShop, type Shop } from '../support/shop.js';

const EVENTS = `subscription ($after: Cursor) { productEvents(after: $after) { product { version } } }`;
const WRITES = 40;

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
