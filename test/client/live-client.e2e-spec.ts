import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket as WsWebSocket } from 'ws';
import { createShopClient } from '../../client/example/apollo.js';
import { OnProductEventsDocument } from '../../client/generated/operations.js';
import { createEventStreamClient, createLiveClient, type LiveClient } from '../../client/live/live-client.js';
import type { LiveSocketOptions } from '../../client/live/live-socket.js';
import { Role } from '../../src/access/role.js';
import { Config } from '../../src/config/config.js';
import { LOGOUT, signUp, type Account } from '../support/accounts.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES, type MadeProduct } from '../support/catalogue.js';
import { settled, shortToken, within } from '../support/live.js';
import { souk, type Program } from '../support/program.js';
import { send, startShop, type Shop } from '../support/shop.js';

/** Here it is written; what listens is told by a server in a process of its own, on the same database. */
let shop: Shop;
let staff: Account;
let server: Program;
let url: string;
const home = mkdtempSync(join(tmpdir(), 'souk-live-'));
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  url = await start('0');
}, 120_000);

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

afterAll(async () => {
  await server?.end('SIGKILL');
  await shop?.close();
  rmSync(home, { recursive: true, force: true });
});

/** Starts the server, and answers where it is. */
async function start(port = new URL(url).port): Promise<string> {
  const { databaseUrl, jwtSecret } = shop.app.get(Config, { strict: false });
  const settings = { SOUK_HOME: home, PORT: port, DATABASE_URL: String(databaseUrl), JWT_SECRET: String(jwtSecret) };
  server = souk(['start'], { ...settings, DEMO: 'off', LOG_LEVEL: 'error' });
  const [, at = ''] = await server.prints(/GraphQL +(http:\S+)[^]*Stop +Ctrl-C/);
  return at;
}

function connect(options: Partial<LiveSocketOptions> = {}, create = createLiveClient): LiveClient {
  const client = create({ url, ...options });
  ends.push(() => client.dispose());
  return client;
}

const make = (): Promise<MadeProduct> => makeProduct(shop, staff, { name: 'Told', variants: [aVariant()] });
const touch = (id: string): Promise<object> => change(shop, staff, PRODUCT_CHANGES.update, { id, description: 'New' });

/** The place in the log behind all that was written. */
async function here(): Promise<string> {
  await settled(shop);
  return (await shop.send('{ liveCursor }')).data['liveCursor'];
}

/** Versions of a product, as they are told by its events. */
class Versions {
  readonly told: (number | undefined)[] = [];
  readonly ends: unknown[] = [];
  /** What a page read when its cursor had expired. */
  readonly read: number[] = [];
  private awaken = (): void => undefined;

  /** Takes the versions of one product from a client. */
  static of(id: string, client: LiveClient, after: string): Versions {
    const versions = new Versions();
    client.subscribe(
      OnProductEventsDocument,
      { after, productIds: [id] },
      {
        next: ({ productEvents: { product } }) => versions.tell(product?.version),
        error: (why) => versions.ends.push(why),
        complete: () => versions.ends.push('complete'),
        cursorExpired: () => versions.refetch(id),
      },
    );
    return versions;
  }

  tell(version: number | undefined): void {
    this.told.push(version);
    this.awaken();
  }

  /** Waits for so many versions more than there are now. */
  more(count: number): Promise<void> {
    const goal = this.told.length + count;
    return this.until(() => this.told.length >= goal);
  }

  /** Waits for what is told or read to be enough. The longest wait of a client is half a minute. */
  async until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      await within('the next event', new Promise<void>((resolve) => (this.awaken = resolve)), 60_000);
    }
  }

  private async refetch(id: string): Promise<string> {
    const query = 'query ($id: ID!) { liveCursor product(by: { id: $id }) { version } }';
    const { data } = await send(url, { query, variables: { id } });
    this.read.push(data['product'].version);
    this.awaken();
    return data['liveCursor'];
  }
}

const upTo = (last: number): number[] => Array.from({ length: last - 1 }, (_, index) => index + 2);

/** Changes a product without a pause until the work is done. Answers its version then. */
async function whileWriting(id: string, work: () => Promise<void>): Promise<number> {
  const writing = { isDone: false, version: 1 };
  const writer = (async () => {
    for (; !writing.isDone; writing.version += 1) await touch(id);
  })();
  await work().finally(() => (writing.isDone = true));
  await writer;
  return writing.version;
}

it.each<[string, NodeJS.Signals, number]>([
  ['kill -9', 'SIGKILL', 3],
  ['a restart', 'SIGTERM', 1],
])(
  'every event is told once and in order over %s while others write',
  async (_how, signal, times) => {
    const { id } = await make();
    const after = await here();
    let [lost, reconnects] = [0, 0];
    const counted = { onLost: () => (lost += 1), onReconnect: () => (reconnects += 1) };
    const all = [
      Versions.of(id, connect(counted), after),
      Versions.of(id, connect({ webSocketImpl: WsWebSocket }), after),
      Versions.of(id, connect({}, createEventStreamClient), after),
    ];
    const throughApollo = new Versions();
    const watching = createShopClient(url, () => Promise.resolve(null))
      .subscribe({ query: OnProductEventsDocument, variables: { after, productIds: [id] } })
      .subscribe(({ data }) => throughApollo.tell(data?.productEvents.product?.version));
    all.push(throughApollo);
    ends.push(() => watching.unsubscribe());
    const last = await whileWriting(id, async () => {
      for (let time = 0; time < times; time += 1) {
        await Promise.all(all.map((versions) => versions.more(20)));
        await server.end(signal);
        await start();
      }
      await Promise.all(all.map((versions) => versions.more(20)));
    });
    for (const versions of all) {
      await versions.until(() => versions.told.length >= last - 1);
      expect(versions.told).toEqual(upTo(last));
      expect([versions.ends, versions.read]).toEqual([[], []]);
    }
    expect(reconnects).toBe(times);
    expect(lost).toBeGreaterThanOrEqual(times);
  },
  300_000,
);

describe.each([
  ['WebSocket', createLiveClient, [false, true]],
  // Streams end without a reason: the next one is refused.
  ['event streams', createEventStreamClient, [false, false, true]],
])('by %s', (_transport, create, tokens) => {
  it.each([
    ['expires', 2, () => Promise.resolve()],
    ['is revoked', 900, ({ refreshToken }: Account) => shop.send(LOGOUT, { input: { refreshToken } })],
  ])('nothing is lost when the token %s', async (_how, seconds, spoil) => {
    const { id } = await make();
    const guest = await signUp(shop);
    const { token } = seconds < 900 ? shortToken(shop, guest, seconds) : guest;
    const asked: boolean[] = [];
    const accessToken = ({ fresh }: { fresh: boolean }): string => {
      asked.push(fresh);
      return fresh ? staff.token : token;
    };
    const versions = Versions.of(id, connect({ accessToken }, create), await here());
    const last = await whileWriting(id, async () => {
      await versions.more(5);
      await spoil(guest);
      while (asked.length < tokens.length) await versions.more(1);
      await versions.more(20);
    });
    await versions.until(() => versions.told.length >= last - 1);
    expect(versions.told).toEqual(upTo(last));
    expect([asked, versions.ends]).toEqual([tokens, []]);
  });
});

it('a page is read afresh when the events behind its cursor are not kept any more', async () => {
  const { id } = await make();
  const versions = Versions.of(id, connect(), await here());
  await touch(id);
  await versions.until(() => versions.told.length === 1);
  await server.end('SIGKILL');
  for (let times = 0; times < 3; times += 1) await touch(id);
  await settled(shop);
  await shop.database.query('test.forget', 'DELETE FROM event_log WHERE pos < (SELECT last_pos FROM event_state)');
  await start();
  await versions.until(() => versions.read.length === 1);
  await touch(id);
  await versions.until(() => versions.told.length === 2);
  expect([versions.told, versions.read, versions.ends]).toEqual([[2, 6], [5], []]);
}, 120_000);

it('a page is read afresh when its cursor is of another database', async () => {
  const { id } = await make();
  await touch(id);
  const versions = Versions.of(id, connect(), Buffer.from('00000000:1').toString('base64url'));
  await versions.until(() => versions.read.length === 1);
  await touch(id);
  await versions.until(() => versions.told.at(-1) === 3);
  expect([versions.read, versions.ends]).toEqual([[2], []]);
});
