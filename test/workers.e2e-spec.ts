import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLiveClient, type LiveClient } from '../client/live/live-client.js';
import { Role } from '../src/access/role.js';
import { Config } from '../src/config/config.js';
import { isRunning } from '../src/embedded/process.js';
import { Sequencer } from '../src/events/sequencer.js';
import { LOGIN, signUp, type Account } from './support/accounts.js';
import { aVariant, makeProduct, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { souk, type Program } from './support/program.js';
import { startShop, type Shop } from './support/shop.js';
import { OnProductEventsDocument } from '../client/generated/operations.js';

const CLIENTS = 6;
/** A worker may need long to start while others have the machine. */
const DEADLINE_MS = 50_000;
const PAUSE_MS = 5;
const LONG_MS = 120_000;

/** What one subscriber was told of the product. */
interface Heard {
  told: (number | undefined)[];
  ends: unknown[];
}

let shop: Shop;
let staff: Account;
let product: MadeProduct;
let primary: Program;
let url: URL;
const clients: LiveClient[] = [];
const heard: Heard[] = [];
/** Close codes of the sockets that were lost, one for each. */
const losses: unknown[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  product = await makeProduct(shop, staff, { name: 'Told', variants: [aVariant()] });
  // One of the workers shall give events their positions, and nobody else.
  await shop.app.get(Sequencer, { strict: false }).onApplicationShutdown();
  const { databaseUrl, jwtSecret } = shop.app.get(Config, { strict: false });
  primary = souk(['start'], {
    DATABASE_URL: String(databaseUrl),
    JWT_SECRET: String(jwtSecret),
    SOUK_WORKERS: '2',
    PORT: '0',
    DEMO: 'off',
    SIGN_IN_ATTEMPTS_PER_MINUTE: '4',
    LOG_LEVEL: 'info',
  });
  const [, at = ''] = await primary.prints(/GraphQL +(http:\S+)[^]*Stop +Ctrl-C/);
  url = new URL(at);
}, LONG_MS);

afterAll(async () => {
  for (const client of clients) await client.dispose();
  primary?.child.kill('SIGKILL');
  await shop?.close();
});

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; !holds(); await sleep(PAUSE_MS)) {
    if (performance.now() > end) throw new Error(`Waited until ${what}: ${JSON.stringify(heard)}\n${primary.output()}`);
  }
}

/** Process ids of the workers that have opened so far, in their order. */
const opened = (): number[] =>
  [...primary.output().matchAll(/Worker \d \(pid (\d+)\) is open/g)].map((m) => Number(m[1]));

/** Sends an operation to whoever takes it. @throws when it is not answered with 200 and without errors */
function ask(query: string, variables: object = {}, agent: Agent | false = false): Promise<Record<string, any>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${staff.token}` };
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', reject);
      response.on('end', () => {
        const { data, errors } = JSON.parse(text) as { data: Record<string, any>; errors?: object[] };
        if (response.statusCode === 200 && !errors) resolve(data);
        else reject(new Error(text));
      });
    });
    asking.on('error', reject);
    asking.end(JSON.stringify({ query, variables }));
  });
}

async function version(): Promise<number> {
  const data = await ask('query ($id: ID!) { product(by: { id: $id }) { version } }', { id: product.id });
  return data['product'].version;
}

/** Changes the product again and again until the work is done. Answers the failures, by their messages. */
async function whileWriting(work: () => Promise<void>, agent?: Agent): Promise<string[]> {
  const failures: string[] = [];
  const writing = { isDone: false };
  const writer = (async () => {
    for (let n = 0; !writing.isDone; n += 1) {
      const input = { id: product.id, description: `${n}` };
      await ask(PRODUCT_CHANGES.update, { input }, agent).catch((error: Error) => failures.push(error.message));
      await sleep(PAUSE_MS);
    }
  })();
  await work().finally(() => (writing.isDone = true));
  await writer;
  return failures;
}

/** Everybody has been told every version once and in order. */
async function expectAllTold(first: number): Promise<void> {
  const last = await version();
  const all = Array.from({ length: last - first }, (_, n) => first + 1 + n);
  await until('everybody has the last one', () => heard.every(({ told }) => told.at(-1) === last));
  for (const { told, ends } of heard) {
    expect(told).toEqual(all);
    expect(ends).toEqual([]);
  }
}

async function subscribe(): Promise<number> {
  const { liveCursor, product: now } = await ask(
    'query ($id: ID!) { liveCursor product(by: { id: $id }) { version } }',
    { id: product.id },
  );
  for (const client of clients.splice(0)) await client.dispose();
  heard.length = 0;
  losses.length = 0;
  for (let n = 0; n < CLIENTS; n += 1) {
    const onLost = (why: unknown): void => void losses.push((why as { code?: number }).code);
    const client = createLiveClient({ url: url.href, onLost });
    clients.push(client);
    heard.push(listen(client, liveCursor, now.version));
  }
  await ask(PRODUCT_CHANGES.update, { input: { id: product.id, description: 'First' } });
  await until('everybody is told', () => heard.every(({ told }) => told.length === 1));
  return now.version;
}

/** Listens behind a snapshot, which may be a little newer than its cursor: what it shows already is not heard again. */
function listen(client: LiveClient, after: string, known: number): Heard {
  const told: Heard['told'] = [];
  const ends: unknown[] = [];
  client.subscribe(
    OnProductEventsDocument,
    { after, productIds: [product.id] },
    {
      next: ({ productEvents: { product: changed } }) => {
        if (!changed || changed.version > known) told.push(changed?.version);
      },
      error: (why) => void ends.push(why),
      complete: () => void ends.push('complete'),
      cursorExpired: () => {
        ends.push('expired');
        return after;
      },
    },
  );
  return { told, ends };
}

async function leader(): Promise<number> {
  const [row] = await shop.database.query<{ pid: number }>(
    'test.leader',
    `SELECT substring(a.application_name FROM '\\d+$')::int AS pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.application_name LIKE 'souk sequencer %'`,
  );
  return row?.pid ?? 0;
}

describe('several workers', () => {
  it('open one shop, and say so once', () => {
    expect(primary.output().match(/is open\n/g)).toHaveLength(1);
    expect(primary.output()).toMatch(
      new RegExp(`^  Workers +2; restart them with: kill -HUP ${primary.child.pid}$`, 'm'),
    );
    expect(new Set(opened()).size).toBe(2);
  });

  it('count attempts together', async () => {
    const input = { email: 'nobody@example.com', password: 'a wrong one' };
    const outcomes: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      const { login } = await ask(LOGIN, { input }).catch((error: Error) => ({ login: error.message }));
      outcomes.push(JSON.stringify(login));
    }
    expect(outcomes.slice(0, 4).every((outcome) => outcome.includes('CREDENTIALS'))).toBe(true);
    expect(outcomes.slice(4).every((outcome) => outcome.includes('RATE_LIMITED'))).toBe(true);
  });

  it(
    'lose, double and mix nothing when the one that gives positions is killed',
    async () => {
      const first = await subscribe();
      const killed = await leader();
      expect(opened()).toContain(killed);
      await whileWriting(async () => {
        process.kill(killed, 'SIGKILL');
        await until('another one is in its place', () => opened().length === 3);
      });
      await expectAllTold(first);
      // Half of them were on the other one.
      expect(losses.length).toBeGreaterThan(0);
      expect(losses.length).toBeLessThan(CLIENTS);
      expect(await leader()).not.toBe(killed);
      expect(primary.output()).toContain(`(pid ${killed}) has ended (SIGKILL). Another one is started in 0.25 s.`);
    },
    LONG_MS,
  );

  it(
    'are replaced one by one on SIGHUP without a failed request',
    async () => {
      const first = await subscribe();
      const before = opened().filter(isRunning);
      const agent = new Agent({ keepAlive: true });
      const failures = await whileWriting(async () => {
        const reader = whileReading();
        primary.child.kill('SIGHUP');
        await until('all are replaced', () => opened().length === 5 && !before.some(isRunning));
        expect(await reader()).toEqual([]);
      }, agent);
      agent.destroy();
      expect(failures).toEqual([]);
      await expectAllTold(first);
      // Told in so many words, and no socket just broke.
      expect(new Set(losses)).toEqual(new Set([1012]));
    },
    LONG_MS,
  );

  it('end together', async () => {
    expect(await primary.end('SIGTERM')).toBe(0);
    expect(opened().filter(isRunning)).toEqual([]);
  });
});

/** Reads with a new connection for each request. Answers how to end that and get the failures. */
function whileReading(): () => Promise<string[]> {
  const failures: string[] = [];
  const reading = { isDone: false };
  const reader = (async () => {
    for (; !reading.isDone; await sleep(PAUSE_MS)) {
      await ask('{ shop { name } }').catch((error: Error) => failures.push(error.message));
    }
  })();
  return async () => {
    reading.isDone = true;
    await reader;
    return failures;
  };
}
