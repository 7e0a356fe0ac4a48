import { Role } from '../../src/access/role.js';
import { Config } from '../../src/config/config.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { EventStream } from '../support/event-stream.js';
import { insidesOf, listenersOf, NOBODY_THERE } from '../support/live-insides.js';
import { RawSocket, until } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const ROUNDS = 5;
const SOCKETS = 100;
const STREAMS = 20;
// Four documents and two kinds of viewers: eight groups.
const FIELDS = ['type', 'productId', 'occurredAt', 'product { name variants { sku } }'];

let shop: Shop;
let staff: Account;
let customer: Account;

beforeAll(async () => {
  shop = await startShop({ SOCKETS_PER_USER: '1000' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  customer = await signUp(shop);
});

afterAll(() => shop?.close());

const documentOf = (n: number): string => `subscription { productEvents { ${FIELDS[n % FIELDS.length]} } }`;

const viewerOf = (n: number): Account | undefined => (n % 8 < 4 ? customer : undefined);

async function socket(n: number): Promise<RawSocket> {
  const by = viewerOf(n);
  const raw = await RawSocket.greeted(shop.socketUrl, by && { authorization: `Bearer ${by.token}` });
  for (const id of ['a', 'b']) {
    raw.send({ type: 'subscribe', id, payload: { query: documentOf(id === 'a' ? n : n + 1) } });
  }
  return raw;
}

/** Leaves as a page does that ends its live queries first, one that is closed, or one whose network breaks. */
async function leave(raw: RawSocket, n: number): Promise<void> {
  if (n % 3 === 0) for (const id of ['a', 'b']) raw.send({ type: 'complete', id });
  if (n % 3 < 2) raw.socket.close();
  else raw.socket.terminate();
  await raw.closed;
}

/** What keeps this process awake, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** A crowd comes, hears of two products, and leaves. */
async function round(): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, (_, n) => socket(n)));
  const streams = await Promise.all(
    Array.from({ length: STREAMS }, (_, n) => {
      const by = viewerOf(n);
      return EventStream.open(shop, { query: documentOf(n), ...(by && { by }) });
    }),
  );
  await until('all follow', () => insidesOf(shop).watchers === 2 * SOCKETS + STREAMS);
  expect(insidesOf(shop)).toMatchObject({ groups: 8, connections: SOCKETS + STREAMS, users: 1 });
  for (const name of ['One', 'Two']) await makeProduct(shop, staff, { name, variants: [aVariant()] });
  for (const raw of sockets)
    for (let n = 0; n < 4; n += 1) expect((await raw.next())['payload'].errors).toBeUndefined();
  for (const stream of streams) await stream.take(2);
  for (const stream of streams) stream.cut();
  await Promise.all(sockets.map(leave));
  await until('all have gone', () => insidesOf(shop).connections === 0);
}

it('nothing is left of crowds that have come and gone, however they went', async () => {
  await round();
  const listeners = listenersOf(shop);
  const before = resources();
  for (let n = 0; n < ROUNDS; n += 1) {
    await round();
    expect(insidesOf(shop)).toEqual(NOBODY_THERE);
    expect(listenersOf(shop)).toBe(listeners);
  }
  // Of this process, in which both sides run; the pool of the database may have grown, but not by as much as one for each group.
  const kinds = ['Timeout', 'TCPSocketWrap'];
  const { databasePoolSize } = shop.app.get(Config, { strict: false });
  await until('timers and connections are as before', () =>
    kinds.every((kind) => (resources()[kind] ?? 0) <= (before[kind] ?? 0) + databasePoolSize),
  );
});
