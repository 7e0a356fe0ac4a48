import { connect, type Socket } from 'node:net';
import { Role } from '../../src/access/role.js';
import { LOGOUT, signIn, signUp, type Account } from '../support/accounts.js';
import { countOf, PRODUCT_CHANGES } from '../support/catalogue.js';
import { closesWith, insidesOf, metricsOf, NOBODY_THERE, socketsOf } from '../support/live-insides.js';
import { openStreams, RawSocket, until, within } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const EVENTS = 'subscription { productEvents { type productId } }';
const EVERYBODY = { code: 1013, reason: 'The server has too many connections' };
const FROM_HERE = { code: 1013, reason: 'Too many connections from here' };
const OF_ACCOUNT = { code: 1013, reason: 'Too many connections of this account' };

let shop: Shop;
let staff: Account;
const open: RawSocket[] = [];

beforeAll(async () => {
  shop = await startShop({
    TRUSTED_PROXIES: '1',
    SOCKETS: '12',
    SOCKETS_PER_ADDRESS: '5',
    SOCKETS_PER_USER: '3',
    SUBSCRIPTIONS_PER_SOCKET: '4',
    SOCKET_MESSAGES_PER_SECOND: '4',
    LIVE_GROUPS: '4',
    LIVE_GROUPS_PER_ADDRESS: '3',
  });
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => {
  for (const { socket } of open.splice(0)) socket.terminate();
  await until('nobody is there', () => insidesOf(shop).sockets === 0);
  expect(insidesOf(shop)).toEqual(NOBODY_THERE);
});

afterAll(() => shop?.close());

/** A socket from an address, as the proxy in front has seen it. */
async function from(address: string): Promise<RawSocket> {
  const raw = await RawSocket.open(shop.socketUrl, { headers: { 'x-forwarded-for': `198.51.100.1, ${address}` } });
  open.push(raw);
  return raw;
}

/** Connects and greets, as somebody or as nobody. */
async function greeted(by?: Account, address = '192.0.2.1'): Promise<RawSocket> {
  const raw = await from(address);
  raw.send({ type: 'connection_init', payload: by && { authorization: `Bearer ${by.token}` } });
  expect(await raw.next()).toEqual({ type: 'connection_ack' });
  return raw;
}

const closed = (raw: RawSocket): Promise<object> => within('the close', raw.closed);

const subscribe = (raw: RawSocket, id: string, query = EVENTS, variables = {}): void =>
  raw.send({ type: 'subscribe', id, payload: { query, variables } });

/** Resolves when the server has looked at everything that was sent before. */
async function processed(raw: RawSocket): Promise<Answer['data'][]> {
  const before: Answer['data'][] = [];
  raw.send({ type: 'ping', payload: { last: true } });
  for (;;) {
    const message = await raw.next();
    if (message['type'] === 'pong') return before;
    before.push(message);
  }
}

/** Nobody can read products during the work. */
async function withProductsLocked(work: () => Promise<void>): Promise<void> {
  await shop.database.transaction(async (tx) => {
    await tx.query('test.lock', 'LOCK TABLE products IN ACCESS EXCLUSIVE MODE');
    await work();
  });
}

const refusal = (id: string, code: string): object => ({ type: 'error', id, payload: [{ extensions: { code } }] });

describe('connections', () => {
  it('are so many in all, of an address and of a network, and more when one has gone', async () => {
    const first = await Promise.all(Array.from({ length: 5 }, () => from('203.0.113.7')));
    expect(await closed(await from('203.0.113.7'))).toEqual(FROM_HERE);
    // What a client claims itself stands before what the proxy has added.
    expect(await closed(await from('192.0.2.99, 203.0.113.7'))).toEqual(FROM_HERE);
    await Promise.all(Array.from({ length: 5 }, (_, n) => from(`2001:db8:1:2::${n}`)));
    expect(await closed(await from('2001:db8:1:2:ffff::1'))).toEqual(FROM_HERE);
    for (const n of [3, 4]) await from(`2001:db8:1:${n}::1`);
    expect(await closed(await from('192.0.2.2'))).toEqual(EVERYBODY);
    expect(insidesOf(shop)).toMatchObject({ connections: 12, addresses: 4, sockets: 12 });
    first[0]?.socket.terminate();
    await until('one has gone', () => insidesOf(shop).sockets === 11);
    const last = await from('203.0.113.7');
    last.send({ type: 'connection_init' });
    expect(await last.next()).toEqual({ type: 'connection_ack' });
    expect(await closesWith(shop, 1013)).toBe(4);
  });

  it('are so many of one account, wherever from, also when some have gone before they were greeted', async () => {
    for (let n = 0; n < 5; n += 1) {
      const raw = await from('192.0.2.1');
      raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${staff.token}` } });
      raw.socket.terminate();
    }
    await until('they have gone', () => insidesOf(shop).sockets === 0);
    const again = await signIn(shop, staff.email);
    for (const [n, by] of [staff, again, staff].entries()) await greeted(by, `192.0.2.${n}`);
    expect(insidesOf(shop)).toMatchObject({ connections: 3, users: 1 });
    const fourth = await from('192.0.2.9');
    fourth.send({ type: 'connection_init', payload: { authorization: `Bearer ${again.token}` } });
    expect(await closed(fourth)).toEqual(OF_ACCOUNT);
    await greeted(undefined, '192.0.2.9');
    open[5]?.socket.terminate();
    await until('one has gone', () => insidesOf(shop).sockets === 3);
    await greeted(again, '192.0.2.9');
  });

  it('that the door refuses do not stay half open', async () => {
    const { hostname, port } = new URL(shop.url);
    const server = shop.app.getHttpServer() as { getConnections(done: (error: unknown, count: number) => void): void };
    const count = (): Promise<number> =>
      new Promise((done) => server.getConnections((_error, connections) => done(connections)));
    const before = await count();
    const sockets: Socket[] = [];
    const refused = async (path: string, version: number): Promise<string | undefined> => {
      const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      sockets.push(socket);
      const upgrade = `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: ${version}\r\n`;
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
      let answer = '';
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) answer += String(chunk);
      return answer.split('\r\n', 1)[0];
    };
    expect(await within('the refusal', refused('/elsewhere', 13))).toBe('HTTP/1.1 404 Not Found');
    expect(await within('the refusal', refused('/graphql', 1))).toBe('HTTP/1.1 400 Bad Request');
    expect(sockets.map(({ writable }) => writable)).toEqual([true, true]);
    await until('the server has let go of both', async () => (await count()) <= before);
    for (const socket of sockets) socket.destroy();
  });
});

const tooMany = (id: string, reason: string): object => ({
  id,
  payload: { errors: [{ message: expect.stringContaining(reason), extensions: { code: 'UNAVAILABLE' } }] },
});

describe('operations of a socket', () => {
  it('are so many at once, whatever is done with their ids', async () => {
    const raw = await greeted();
    for (const id of ['a', 'b', 'c', 'd', 'e']) subscribe(raw, id);
    expect(await processed(raw)).toMatchObject([refusal('e', 'RATE_LIMITED')]);
    raw.send({ type: 'complete', id: 'b' });
    subscribe(raw, 'f');
    subscribe(raw, 'g');
    expect(await processed(raw)).toMatchObject([refusal('g', 'RATE_LIMITED')]);
    expect(openStreams(shop)).toBe(4);
    expect(socketsOf(shop)[0]?.underWay).toEqual(new Set(['a', 'c', 'd', 'f']));
    // A query takes a place as well, as long as it runs.
    subscribe(raw, 'h', '{ shop { name } }');
    expect(await processed(raw)).toMatchObject([refusal('h', 'RATE_LIMITED')]);
  });

  it('that a client has completed take their place until they have ended, and their answer is not taken for another', async () => {
    const raw = await greeted();
    const name = '{ shop { name } }';
    await withProductsLocked(async () => {
      for (const id of ['a', 'b', 'c', 'd']) {
        subscribe(raw, id, '{ products { totalCount } }');
        raw.send({ type: 'complete', id });
      }
      subscribe(raw, 'e', name);
      expect(await processed(raw)).toMatchObject([refusal('e', 'RATE_LIMITED')]);
    });
    await until('they have ended', () => socketsOf(shop)[0]?.underWay.size === 0);
    await withProductsLocked(async () => {
      subscribe(raw, 'a', '{ products { totalCount } }');
      raw.send({ type: 'complete', id: 'a' });
      subscribe(raw, 'a', name);
      expect(await processed(raw)).toMatchObject([refusal('a', 'BAD_REQUEST')]);
    });
    await until('it has ended', () => socketsOf(shop)[0]?.underWay.size === 0);
    subscribe(raw, 'a', name);
    const shopName = { type: 'next', id: 'a', payload: { data: { shop: { name: 'Souk' } } } };
    expect(await processed(raw)).toEqual([shopName, { type: 'complete', id: 'a' }]);
  });

  it('leave nothing behind when they are completed before they have begun, and begun again', async () => {
    const raw = await greeted();
    for (let n = 0; n < 8; n += 1) {
      subscribe(raw, 'a');
      raw.send({ type: 'complete', id: 'a' });
    }
    subscribe(raw, 'b');
    for (let n = 0; n < 8; n += 1) raw.send({ type: 'complete', id: 'a' });
    await processed(raw);
    await until('one is left', () => openStreams(shop) === 1);
    expect(socketsOf(shop)[0]?.underWay).toEqual(new Set(['b']));
    await shop.send(PRODUCT_CHANGES.create, { input: { name: 'Heard once' } }, staff.token);
    expect(await raw.next()).toMatchObject({ type: 'next', id: 'b' });
    expect(await processed(raw)).toEqual([]);
  });

  it('have ids of at most 128 characters', async () => {
    const raw = await greeted();
    subscribe(raw, 'x'.repeat(129), '{ shop { name } }');
    expect(await raw.next()).toMatchObject(refusal('x'.repeat(129), 'BAD_REQUEST'));
    subscribe(raw, 'x'.repeat(128), '{ shop { name } }');
    expect(await raw.next()).toMatchObject({ type: 'next', id: 'x'.repeat(128) });
  });

  it('that differ are so many because of one address, and in the whole server; equal ones count once', async () => {
    const raw = await greeted();
    for (const field of ['type', 'productId', 'cursor'])
      subscribe(raw, field, `subscription { productEvents { ${field} } }`);
    const second = await greeted();
    await processed(raw);
    subscribe(second, 'equal', 'subscription { productEvents { type } }');
    subscribe(second, 'new', 'subscription { productEvents { occurredAt } }');
    const [here] = await processed(second);
    expect(here).toMatchObject(tooMany('new', 'Too many different live queries from here.'));
    const elsewhere = await greeted(undefined, '192.0.2.7');
    subscribe(elsewhere, 'fourth', 'subscription { productEvents { occurredAt } }');
    subscribe(elsewhere, 'fifth', 'subscription { productEvents { variantId } }');
    const [anywhere] = await processed(elsewhere);
    expect(anywhere).toMatchObject(tooMany('fifth', 'Too many different live queries.'));
    expect(metricsOf(shop).groups).toEqual({ count: 4, watchers: 5 });
    raw.send({ type: 'complete', id: 'cursor' });
    await processed(raw);
    subscribe(second, 'new', 'subscription { productEvents { variantId } }');
    // What is left of the refused one, and nothing for the new one.
    expect((await processed(second)).map(({ type }) => type)).toEqual([]);
    expect(metricsOf(shop).groups).toEqual({ count: 4, watchers: 5 });
  });
});

describe('messages', () => {
  it('are so many in a second, ten seconds of them at once; then nothing more is done', async () => {
    const raw = await greeted();
    for (let n = 0; n < 38; n += 1) raw.send({ type: 'pong' });
    expect(await processed(raw)).toEqual([]);
    for (let n = 0; n < 30; n += 1) raw.send({ type: 'pong' });
    subscribe(raw, 'late', '{ shop { name } }');
    expect(await closed(raw)).toEqual({ code: 1008, reason: 'Too many messages' });
    expect(raw.waiting).toBe(0);
    await until('it is counted', async () => (await closesWith(shop, 1008)) === 1);
  });

  it('are not read any more when the token was taken back, whatever the client does with the close frame', async () => {
    const former = await signUp(shop, { roles: [Role.STAFF] });
    const raw = await greeted(former);
    raw.socket.pause();
    await shop.send(LOGOUT, { input: { refreshToken: former.refreshToken } }, former.token);
    const [live] = socketsOf(shop);
    await until('the server closes', () => live?.closeCode === 4403);
    subscribe(raw, 'late', PRODUCT_CHANGES.create, { input: { name: 'Too late' } });
    raw.send({ type: 'ping' });
    raw.socket.resume();
    expect(await closed(raw)).toEqual({ code: 4403, reason: 'Token revoked' });
    await until('nothing is under way', () => live?.underWay.size === 0);
    expect(await countOf(shop, `SELECT count(*) AS n FROM products WHERE name = 'Too late'`)).toBe(0);
  });

  it('of a wrong shape close the socket, as the protocol demands', async () => {
    const wrong = [
      { query: 5 },
      { query: '{ shop { name } }', variables: [] },
      { query: '{ shop { name } }', operationName: 7 },
      {},
    ];
    for (const payload of wrong) {
      const raw = await greeted();
      raw.send({ type: 'subscribe', id: 'a', payload });
      expect(await closed(raw)).toMatchObject({ code: 4400 });
    }
  });
});
