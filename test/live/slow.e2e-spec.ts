import { Membership } from '../../src/live/live-hub.js';
import type { LiveSocket } from '../../src/server/live-socket.js';
import { SocketGateway } from '../../src/server/socket-gateway.js';
import { handMade, happen, liveQuery, reading } from '../support/hand-made-live.js';
import {
  clogSocket,
  closesWith,
  hubOf,
  insidesOf,
  metricsOf,
  NOBODY_THERE,
  socketsOf,
} from '../support/live-insides.js';
import { openStreams, RawSocket, until, within } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const KIB = 1024;
const ANSWER_KIB = 100;
// More than loopback connections hold for a client that does not read.
const MANY = 240;

const schema = handMade({ large: reading(() => 'x'.repeat(ANSWER_KIB * KIB), 'public') });
const query = 'subscription ($after: String) { told(after: $after) { number cursor large } }';
/** The most that is held for a client: the bound, and the answer with which it was exceeded. */
const MOST_UNSENT = (256 + ANSWER_KIB + 1) * KIB;

let shop: Shop;
const clients: Client[] = [];

beforeAll(async () => {
  shop = await startShop();
});

afterEach(async () => {
  for (const { raw } of clients.splice(0)) raw.socket.terminate();
  await until('nobody is there', () => insidesOf(shop).connections === 0);
  expect(insidesOf(shop)).toEqual(NOBODY_THERE);
});

afterAll(() => shop?.close());

/** Somebody on a socket who follows large answers. */
interface Client {
  raw: RawSocket;
  live: LiveSocket;
  /** How the hub has ended it. */
  failures: unknown[];
}

async function join(variables: Record<string, unknown> = {}): Promise<Client> {
  const before = new Set(socketsOf(shop));
  const raw = await RawSocket.greeted(shop.socketUrl);
  const live = socketsOf(shop).find((socket) => !before.has(socket));
  if (!live) throw new Error('The socket is not there.');
  const client: Client = { raw, live, failures: [] };
  clients.push(client);
  // The transport is the real one; only the schema is not that of the shop.
  const joined = await hubOf(shop).join(
    liveQuery({ schema, query, variables }),
    live.outlet('a', (error) => client.failures.push(error)),
  );
  if (!(joined instanceof Membership)) throw new Error('Refused.');
  live.whenClosed(() => joined.leave());
  joined.begin();
  return client;
}

/** The numbers that the next answers tell. */
async function told({ raw }: Client, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const { type, id, payload } = await raw.next();
    expect([type, id, payload.data.told.large.length]).toEqual(['next', 'a', ANSWER_KIB * KIB]);
    numbers.push(payload.data.told.number);
  }
  return numbers;
}

const upTo = (last: number, first = 0): number[] => Array.from({ length: last - first }, (_, n) => first + n);

describe('a client that stops reading', () => {
  it('holds up nobody and little memory, and gets everything once and in order when it reads again', async () => {
    const [slow, ...fast] = [await join(), await join(), await join()];
    slow?.raw.socket.pause();
    const { slowConsumers } = metricsOf(shop);
    await happen(shop, upTo(MANY));
    for (const client of fast) expect(await told(client, MANY)).toEqual(upTo(MANY));
    const [group] = hubOf(shop)['groups'].values();
    // So much at once makes everybody leave the live set; who reads is back.
    await until('the others are back', () => group?.live.size === 2);
    expect(metricsOf(shop).slowConsumers).toBeGreaterThan(slowConsumers);
    expect(slow?.live.unsent).toBeGreaterThan(256 * KIB);
    expect(slow?.live.unsent).toBeLessThan(MOST_UNSENT);
    // What happens now is not even offered to it, and the others do not notice.
    const before = metricsOf(shop).slowConsumers;
    for (const number of upTo(MANY + 20, MANY)) {
      await happen(shop, [number]);
      for (const client of fast) expect(await told(client, 1)).toEqual([number]);
    }
    expect(metricsOf(shop).slowConsumers).toBe(before);
    expect(slow?.live.unsent).toBeLessThan(MOST_UNSENT);
    slow?.raw.socket.resume();
    expect(await told(clients[0] as Client, MANY + 20)).toEqual(upTo(MANY + 20));
    await until('it is told with the others again', () => group?.live.size === 3);
    await happen(shop, [-1]);
    for (const client of clients) expect(await told(client, 1)).toEqual([-1]);
    expect(clients.map(({ raw, failures }) => [raw.waiting, failures])).toEqual([1, 2, 3].map(() => [0, []]));
  });

  it('is given up with 1013 when it takes nothing for so long, and comes back where it was', async () => {
    const hub = hubOf(shop);
    const patienceMs = hub['patienceMs'];
    expect(patienceMs).toBe(30_000);
    hub['patienceMs'] = 100;
    const slow = await join();
    hub['patienceMs'] = patienceMs;
    const fast = await join();
    slow.raw.socket.pause();
    await happen(shop, upTo(MANY));
    await until('it is given up', async () => (await closesWith(shop, 1013)) === 1);
    expect(insidesOf(shop)).toMatchObject({ sockets: 1, watchers: 1 });
    slow.raw.socket.resume();
    await within('the close', slow.raw.closed);
    const seen: { number: number; cursor: string }[] = [];
    while (slow.raw.waiting > 0) seen.push((await slow.raw.next())['payload'].data.told);
    expect(seen.map(({ number }) => number)).toEqual(upTo(seen.length));
    expect(seen.length).toBeLessThan(MANY);
    const again = await join({ after: seen.at(-1)?.cursor });
    expect(await told(again, MANY - seen.length)).toEqual(upTo(MANY, seen.length));
    expect(await told(fast, MANY)).toEqual(upTo(MANY));
  });

  it('may follow many things at once without a warning', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warn);
    const slow = await join();
    slow.raw.socket.pause();
    clogSocket(slow.live);
    const others = [];
    for (let n = 0; n < 30; n += 1) {
      const joined = await hubOf(shop).join(
        liveQuery({ schema, query }),
        slow.live.outlet(`${n}`, () => undefined),
      );
      if (joined instanceof Membership) others.push(joined);
    }
    for (const membership of others) membership.begin();
    await happen(shop, [1]);
    for (const membership of others) membership.leave();
    slow.raw.socket.terminate();
    await until('it has gone', () => insidesOf(shop).sockets === 0);
    process.off('warning', warn);
    expect(warnings).toEqual([]);
  });

  it('is not read either, so that the answers to its messages do not pile up', async () => {
    const [slow, other] = [await RawSocket.greeted(shop.socketUrl), await RawSocket.greeted(shop.socketUrl)];
    const [live] = socketsOf(shop);
    slow.socket.pause();
    clogSocket(live);
    slow.send({ type: 'ping' });
    await until('it is held', () => live?.['isHeld'] === true);
    slow.send({ type: 'subscribe', id: 'a', payload: { query: 'subscription { productEvents { type } }' } });
    for (let n = 0; n < 3; n += 1) {
      other.send({ type: 'ping' });
      await other.next();
    }
    expect(openStreams(shop)).toBe(0);
    slow.socket.resume();
    await until('it is read again', () => openStreams(shop) === 1);
    const [long, pong] = [await slow.next(), await slow.next()];
    expect([long.length, pong]).toEqual([24 * KIB * KIB - 1, { type: 'pong' }]);
    slow.socket.terminate();
    other.socket.terminate();
  });
});

describe('pings', () => {
  /** Twelve seconds pass. */
  const round = (): void => {
    const gateway = shop.app.get(SocketGateway, { strict: false });
    if (gateway['ticking']) clearInterval(gateway['ticking']);
    for (let tick = 0; tick < 24; tick += 1) gateway['tick']();
  };

  it('find out who has gone without a word, soon, and leave who is slow the time to read', async () => {
    const healthy = await RawSocket.greeted(shop.socketUrl);
    const mute = await RawSocket.open(shop.socketUrl, { autoPong: false });
    const slow = await RawSocket.greeted(shop.socketUrl);
    const [ofHealthy, ofMute, ofSlow] = socketsOf(shop);
    slow.socket.pause();
    clogSocket(ofSlow);
    const gone = async (): Promise<boolean[]> => {
      await until('who answers has answered', () => ofHealthy?.unansweredPings === 0);
      return [ofHealthy, ofMute, ofSlow].map((live) => live?.socket.readyState !== live?.socket.OPEN);
    };
    const rounds: boolean[][] = [];
    for (let n = 0; n < 4; n += 1) {
      round();
      rounds.push(await gone());
    }
    expect(rounds).toEqual([
      [false, false, false],
      [false, true, false],
      [false, true, false],
      [false, true, true],
    ]);
    expect(await within('the close', mute.closed)).toMatchObject({ code: 1006 });
    healthy.socket.terminate();
    slow.socket.terminate();
  });
});
