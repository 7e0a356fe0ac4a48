import { Role } from '../../src/access/role.js';
import { EventStreams } from '../../src/server/event-streams.js';
import { LOGOUT, signUp, type Account } from '../support/accounts.js';
import { makeProduct } from '../support/catalogue.js';
import { EventStream, type StreamRequest } from '../support/event-stream.js';
import { clog, clogSocket, insidesOf, NOBODY_THERE, socketsOf, streamsOf } from '../support/live-insides.js';
import { RawSocket, shortToken, until, within } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const EVENTS = 'subscription { productEvents { type productId } }';

let shop: Shop;
let staff: Account;
const streams: EventStream[] = [];
const sockets: RawSocket[] = [];

beforeAll(async () => {
  shop = await startShop({ TRUSTED_PROXIES: '1', SOCKETS: '6', SOCKETS_PER_ADDRESS: '3', SOCKETS_PER_USER: '2' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.cut();
  for (const { socket } of sockets.splice(0)) socket.terminate();
  await until('nobody is there', () => insidesOf(shop).connections === 0);
  expect(insidesOf(shop)).toEqual(NOBODY_THERE);
});

afterAll(() => shop?.close());

async function open(address: string, options: StreamRequest = {}): Promise<EventStream> {
  const headers = { 'x-forwarded-for': address };
  const stream = await EventStream.open(shop, { query: EVENTS, ...options, headers });
  streams.push(stream);
  return stream;
}

async function socketFrom(address: string, by?: Account): Promise<RawSocket> {
  const raw = await RawSocket.open(shop.socketUrl, { headers: { 'x-forwarded-for': address } });
  sockets.push(raw);
  raw.send({ type: 'connection_init', payload: by && { authorization: `Bearer ${by.token}` } });
  return raw;
}

/** A stream that may not be opened: status, when to come back, and why. */
async function refusal(address: string, options: StreamRequest = {}): Promise<unknown[]> {
  const stream = await open(address, options);
  await within('the end', stream.ended);
  const [{ message, extensions }] = JSON.parse(stream.text).errors;
  return [stream.status, stream.headers['retry-after'], extensions.code, message];
}

const serverOf = ({ app }: Shop): EventStreams => app.get(EventStreams, { strict: false });

/** A token that ends in so many seconds. */
const brief = (seconds: number): { token: string } => shortToken(shop, staff, seconds);

describe('streams and sockets together', () => {
  it('are so many of one address and in all', async () => {
    await open('192.0.2.1');
    await open('192.0.2.1');
    await (await socketFrom('192.0.2.1')).next();
    expect(await refusal('192.0.2.1')).toEqual([429, '10', 'RATE_LIMITED', 'Too many connections from here']);
    expect(await within('the close', (await socketFrom('192.0.2.1')).closed)).toMatchObject({ code: 1013 });
    for (const n of [2, 3, 4]) await open(`192.0.2.${n}`);
    expect(await refusal('192.0.2.5')).toEqual([429, '10', 'RATE_LIMITED', 'The server has too many connections']);
    expect(insidesOf(shop)).toMatchObject({ connections: 6, streams: 5, sockets: 1 });
    streams[0]?.cut();
    await until('one has gone', () => insidesOf(shop).connections === 5);
    expect((await open('192.0.2.1')).status).toBe(200);
  });

  it('are so many of one account', async () => {
    await (await socketFrom('192.0.2.1', staff)).next();
    await open('192.0.2.2', { by: staff });
    expect(await refusal('192.0.2.3', { by: staff })).toEqual([
      429,
      '10',
      'RATE_LIMITED',
      'Too many connections of this account',
    ]);
    expect(await within('the close', (await socketFrom('192.0.2.4', staff)).closed)).toMatchObject({ code: 1013 });
    expect((await open('192.0.2.3')).status).toBe(200);
  });

  it('count a query only until it is answered', async () => {
    for (let n = 0; n < 10; n += 1) {
      const stream = await open('192.0.2.1', { query: '{ shop { name } }' });
      expect([stream.status, await stream.ended]).toEqual([200, true]);
      await until('it is not counted any more', () => insidesOf(shop).connections === 0);
    }
  });
});

describe('a stream ends', () => {
  it('when its token expires, without saying that it is complete: a client comes back', async () => {
    const [own, anonymous] = [await open('192.0.2.1', { by: brief(2) }), await open('192.0.2.1')];
    await until('both have begun', () => insidesOf(shop).watchers === 2);
    expect(await within('the expiry', own.ended)).toBe(true);
    expect(own.text).toMatch(/^id: \S+\n\n$/);
    expect(insidesOf(shop).watchers).toBe(1);
    await makeProduct(shop, staff, { name: 'Heard' });
    expect(await anonymous.results(1)).toMatchObject([{ data: { productEvents: { type: 'CREATED' } } }]);
  });

  it('when its token is taken back, and only those of the account', async () => {
    const [ada, bob] = [await signUp(shop), await signUp(shop)];
    const [one, other] = [await open('192.0.2.1', { by: ada }), await open('192.0.2.1', { by: bob })];
    await until('both have begun', () => insidesOf(shop).watchers === 2);
    await shop.send(LOGOUT, { input: { refreshToken: ada.refreshToken } }, ada.token);
    expect(await within('the end', one.ended)).toBe(true);
    await until('one is left', () => insidesOf(shop).streams === 1);
    await makeProduct(shop, staff, { name: 'Heard by one' });
    expect(await other.results(1)).toHaveLength(1);
  });
});

describe('a stream that is not read', () => {
  it('is not written to behind its end, and brings the server into no trouble', async () => {
    const ada = await signUp(shop);
    const stream = await open('192.0.2.1', { by: ada });
    await until('it has begun', () => insidesOf(shop).watchers === 1);
    stream.pause();
    const [response] = streamsOf(shop);
    clog(response);
    await shop.send(LOGOUT, { input: { refreshToken: ada.refreshToken } }, ada.token);
    await until('it is ended', () => response?.writableEnded === true);
    expect(insidesOf(shop)).toMatchObject({ watchers: 0, streams: 1 });
    await makeProduct(shop, staff, { name: 'After the end' });
    for (let tick = 0; tick < 24; tick += 1) serverOf(shop)['tick']();
    expect(response?.writableLength).toBeGreaterThan(0);
    stream.resume();
    expect(await within('the end', stream.ended)).toBe(true);
    expect([stream.comments, stream.waiting]).toEqual([0, 0]);
  });

  it('is cut when nothing was taken for 36 seconds, and not when something was', async () => {
    const [dead, slow] = [await open('192.0.2.1'), await open('192.0.2.2')];
    await until('both have begun', () => insidesOf(shop).watchers === 2);
    for (const stream of [dead, slow]) stream.pause();
    const [ofDead, ofSlow] = streamsOf(shop);
    for (const response of [ofDead, ofSlow]) clog(response);
    const look = (): void => {
      for (let tick = 0; tick < 24; tick += 1) serverOf(shop)['tick']();
    };
    for (let n = 0; n < 3; n += 1) look();
    const left = ofSlow?.writableLength ?? 0;
    slow.resume();
    await until('some is taken', () => (ofSlow?.writableLength ?? 0) < left);
    slow.pause();
    look();
    await until('the dead one is cut', () => insidesOf(shop).streams === 1);
    expect([ofDead?.destroyed, ofSlow?.destroyed]).toEqual([true, false]);
  });
});

describe('shutdown', () => {
  it('ends streams and sockets, also of clients that do not read, and opens no more', async () => {
    const closing = await startShop();
    const reading = await EventStream.open(closing, { query: EVENTS });
    const stuck = await EventStream.open(closing, { query: EVENTS });
    stuck.pause();
    const raw = await RawSocket.greeted(closing.socketUrl);
    raw.socket.pause();
    await until('both have begun', () => insidesOf(closing).watchers === 2);
    clog(streamsOf(closing)[1]);
    clogSocket(socketsOf(closing)[0]);
    await within('the end of the streams', serverOf(closing).onModuleDestroy());
    const late = await EventStream.open(closing, { query: EVENTS });
    await late.ended;
    expect([late.status, late.headers['retry-after']]).toEqual([503, '10']);
    expect(JSON.parse(late.text).errors[0].extensions.code).toBe('UNAVAILABLE');
    await within('the shutdown', closing.close());
    expect([await reading.ended, reading.text]).toEqual([true, expect.stringMatching(/^id: \S+\n\n$/)]);
    for (const peer of [stuck, raw.socket]) peer.resume();
    expect(await within('the end', stuck.ended)).toBe(false);
    await within('the end', raw.closed);
  });
});
