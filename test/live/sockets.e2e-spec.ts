import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { makeProduct, PRODUCT_CHANGES } from '../support/catalogue.js';
import { socketsOf } from '../support/live-insides.js';
import { LiveClient, openStreams, RawSocket, shortToken, until, within } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const EVENTS = 'subscription { productEvents { type productId } }';

let shop: Shop;
let staff: Account;
let customer: Account;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  customer = await signUp(shop, { roles: [Role.USER] });
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

afterAll(() => shop?.close());

async function open(by?: Pick<Account, 'token'>, server = shop): Promise<LiveClient> {
  const client = await LiveClient.open(server, by);
  clients.push(client);
  return client;
}

const codes = (errors: Answer['errors']): unknown[] => (errors ?? []).map(({ extensions }) => extensions['code']);

const timeless = (errors: Answer['errors']): unknown =>
  errors?.map(({ extensions, ...error }) => ({ ...error, extensions: { ...extensions, timestamp: null } }));

describe('a socket', () => {
  it('answers queries and mutations too, by the same rules of access', async () => {
    const create = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { name } userErrors { code } } }`;
    const input = { name: 'By socket' };
    const made = await (await open(staff)).ask(create, { input });
    expect(made).toEqual({ data: { createProduct: { product: { name: 'By socket' }, userErrors: [] } } });
    expect(codes((await (await open(customer)).ask(create, { input })).errors)).toEqual(['FORBIDDEN']);
    expect(codes((await (await open()).ask(create, { input })).errors)).toEqual(['UNAUTHENTICATED']);
    const { data } = await (await open()).ask('{ products { totalCount } me { id } }');
    expect(data).toEqual({ products: { totalCount: 1 }, me: null });
    const { data: own } = await (await open(customer)).ask('{ me { id } }');
    expect(own).toEqual({ me: { id: customer.id } });
  });

  it('takes the token from the headers of connection_init as well', async () => {
    const payload = { headers: { Authorization: `Bearer ${staff.token}` } };
    const raw = await RawSocket.greeted(shop.socketUrl, payload);
    raw.send({ type: 'subscribe', id: 'a', payload: { query: '{ me { id } }' } });
    expect(await raw.next()).toEqual({ type: 'next', id: 'a', payload: { data: { me: { id: staff.id } } } });
    raw.socket.terminate();
  });

  it('is closed with 4403 when the token is not valid', async () => {
    for (const token of ['nonsense', `${staff.token}x`, shortToken(shop, customer, -1).token]) {
      await expect(LiveClient.open(shop, { token })).rejects.toThrow('closed 4403 Forbidden');
    }
  });

  it('is closed with 4403 when its token expires, and its streams with it', async () => {
    const begun = performance.now();
    const client = await LiveClient.open(shop, shortToken(shop, customer, 2));
    const anonymous = await open();
    await client.watch(EVENTS);
    await anonymous.watch(EVENTS);
    expect(openStreams(shop)).toBe(2);
    expect(await within('the expiry', client.closed)).toMatchObject({ code: 4403, reason: 'Token expired' });
    expect(performance.now() - begun).toBeLessThan(3_000);
    await until('its stream has gone', () => openStreams(shop) === 1);
  });

  it('ends the stream of a subscription that is stopped, or whose peer is gone, and goes on with the others', async () => {
    const client = await open();
    const [first, second] = [await client.watch(EVENTS), await client.watch(EVENTS)];
    expect(openStreams(shop)).toBe(2);
    first.stop();
    await until('one stream is left', () => openStreams(shop) === 1);
    const { id } = await makeProduct(shop, staff, { name: 'Heard' });
    expect((await second.next()).data).toEqual({ productEvents: { type: 'CREATED', productId: id } });
    expect(first.waiting).toBe(0);
    client.cut();
    await until('no stream is left', () => openStreams(shop) === 0);
  });

  it('survives operations that are refused', async () => {
    const client = await open(staff);
    const refused = async (query: string, variables = {}): Promise<unknown[]> =>
      codes(await client.refusals(query, variables));
    expect(await refused('{ products { nodes { id }')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(await refused('')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(await refused('{ nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(await refused('subscription { productEvents { type } productAdded { type } }')).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(await refused('query A { shop { name } } query B { shop { name } }')).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    const nested = 'category { products(first: 100) { nodes { '.repeat(4) + 'id' + ' } } }'.repeat(4);
    expect(await refused(`{ products(first: 100) { nodes { ${nested} } } }`)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await refused(`{ shop { name } } # ${'x'.repeat(20_000)}`)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(await refused('query ($by: ProductBy!) { product(by: $by) { id } }', { by: {} })).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await refused('query ($t: String!) { search(text: $t) { totalCount } }', { t: '\0' })).toEqual([
      'BAD_USER_INPUT',
    ]);
    const foreign = 'subscription ($id: ID!) { productEvents(categoryId: $id) { type } }';
    expect(await refused(foreign, { id: 'product_0' })).toEqual(['BAD_USER_INPUT']);
    expect(openStreams(shop)).toBe(0);
    expect((await client.ask('{ shop { name } }')).data).toEqual({ shop: { name: 'Souk' } });
  });

  it('tells of a wrong value what HTTP tells', async () => {
    const input = { name: '', variants: [{ sku: '', price: { amount: '1' } }] };
    const overHttp = await shop.send(PRODUCT_CHANGES.create, { input }, staff.token);
    const overSocket = await (await open(staff)).ask(PRODUCT_CHANGES.create, { input });
    expect(timeless(overSocket.errors)).toEqual(timeless(overHttp.errors));
    expect(codes(overSocket.errors)).toEqual(['BAD_USER_INPUT']);
  });

  it('runs 50 operations at once and refuses one more', async () => {
    const raw = await RawSocket.greeted(shop.socketUrl);
    const begin = (id: string): void => raw.send({ type: 'subscribe', id, payload: { query: EVENTS } });
    for (let n = 1; n <= 51; n += 1) begin(`${n}`);
    expect(await raw.next()).toMatchObject({
      type: 'error',
      id: '51',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    expect(openStreams(shop)).toBe(50);
    raw.send({ type: 'complete', id: '7' });
    begin('52');
    begin('53');
    expect(await raw.next()).toMatchObject({ type: 'error', id: '53' });
    raw.socket.terminate();
    await until('no stream is left', () => openStreams(shop) === 0);
  });

  it('is closed by messages that the protocol does not know', async () => {
    const early = await RawSocket.open(shop.socketUrl);
    early.send({ type: 'subscribe', id: 'a', payload: { query: EVENTS } });
    expect(await within('the close', early.closed)).toMatchObject({ code: 4401 });
    const garbled = await RawSocket.greeted(shop.socketUrl);
    garbled.socket.send('no JSON');
    expect(await within('the close', garbled.closed)).toMatchObject({ code: 4400 });
    const twice = await RawSocket.greeted(shop.socketUrl);
    for (const _ of [1, 2]) twice.send({ type: 'subscribe', id: 'a', payload: { query: EVENTS } });
    expect(await within('the close', twice.closed)).toMatchObject({ code: 4409 });
    await until('no stream is left', () => openStreams(shop) === 0);
  });

  it('is closed by a message above 64 KiB, and takes one below', async () => {
    const raw = await RawSocket.greeted(shop.socketUrl);
    const query = 'query ($t: String!) { search(text: $t) { totalCount } }';
    raw.send({ type: 'subscribe', id: 'a', payload: { query, variables: { t: 'x'.repeat(64_000) } } });
    expect(await raw.next()).toMatchObject({
      id: 'a',
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    expect(await raw.next()).toMatchObject({ id: 'a', type: 'complete' });
    raw.send({ type: 'subscribe', id: 'b', payload: { query, variables: { t: 'x'.repeat(64 * 1024) } } });
    expect(await within('the close', raw.closed)).toMatchObject({ code: 1009 });
  });
});

describe('the door', () => {
  it('is open on the path of the API only, for the current protocol only', async () => {
    const at = (path: string): string => shop.socketUrl.replace('/graphql', path);
    for (const path of ['/', '/graphql/', '/graphqlx', '/other/graphql', '//graphql']) {
      await expect(RawSocket.open(at(path))).rejects.toThrow('refused 404');
    }
    (await RawSocket.open(at('/graphql?token=none'))).socket.terminate();
    // The old protocol of subscriptions-transport-ws: the client hangs up, because the server has not agreed to it.
    await expect(RawSocket.open(shop.socketUrl, {}, 'graphql-ws')).rejects.toThrow('Server sent no subprotocol');
  });

  it('lets 200 sockets of one address in, closes another with 1013, and lets it in when one has gone', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => RawSocket.open(shop.socketUrl)));
    for (const options of [{}, { headers: { 'x-forwarded-for': '203.0.113.9' } }]) {
      const { closed } = await RawSocket.open(shop.socketUrl, options);
      expect(await within('the close', closed)).toEqual({ code: 1013, reason: 'Too many connections from here' });
    }
    sockets[0]?.socket.terminate();
    await until('one has gone', () => socketsOf(shop).length === 199);
    const again = await RawSocket.greeted(shop.socketUrl);
    again.socket.terminate();
    for (const { socket } of sockets) socket.terminate();
    await until('all have gone', () => socketsOf(shop).length === 0);
  });
});

describe('a shop in production behind a proxy', () => {
  let live: Shop;
  beforeAll(async () => {
    live = await startShop({
      NODE_ENV: 'production',
      CORS_ORIGINS: 'https://shop.example,https://admin.example',
      TRUSTED_PROXIES: '1',
    });
  });
  afterAll(() => live?.close());

  it('lets pages of its own origin, of those allowed, and programs without one in', async () => {
    const from = (origin: string): Promise<RawSocket> => RawSocket.open(live.socketUrl, { headers: { origin } });
    const own = live.socketUrl.replace('ws:', 'http:').replace('/graphql', '');
    for (const origin of ['https://shop.example', 'https://admin.example', own]) {
      (await from(origin)).socket.terminate();
    }
    (await RawSocket.open(live.socketUrl)).socket.terminate();
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'null']) {
      await expect(from(origin)).rejects.toThrow('refused 403');
    }
  });

  it('does not show its schema', async () => {
    const client = await LiveClient.open(live);
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "User") { name } }']) {
      const errors = await client.refusals(query);
      expect(new Set(codes(errors))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    }
    for (const ask of [
      client.refusals('{ shp { name } }'),
      live.send('{ shp { name } }').then(({ errors }) => errors),
    ]) {
      expect((await ask)?.[0]?.message).toBe('Cannot query field "shp" on type "Query".');
    }
    expect((await client.ask('{ shop { __typename } }')).data).toEqual({ shop: { __typename: 'Shop' } });
    await client.close();
  });
});

describe('shutdown', () => {
  it('closes sockets with 1012, at which clients come back', async () => {
    const closing = await startShop();
    const client = await LiveClient.open(closing);
    await client.watch(EVENTS);
    const raw = await RawSocket.greeted(closing.socketUrl);
    const begun = performance.now();
    await closing.close();
    expect(await client.closed).toMatchObject({ code: 1012, reason: 'Service Restart' });
    expect(await raw.closed).toMatchObject({ code: 1012 });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
