import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { askStream } from '../support/event-stream.js';
import { LiveClient } from '../support/live.js';
import { send, startShop, type Answer, type Shop } from '../support/shop.js';

/** An operation that the shop refuses, and by which code. */
interface Refused {
  code: string;
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

const nested = `${'category { products(first: 100) { nodes { '.repeat(4)} id ${'} } }'.repeat(4)}`;
const byId = 'query ($by: ProductBy!) { product(by: $by) { id } }';
const search = 'query ($t: String!) { search(text: $t) { totalCount } }';
const two = 'query A { shop { name } } query B { shop { name } }';

const REFUSED: Refused[] = [
  { code: 'GRAPHQL_PARSE_FAILED', query: '{ shop { name }' },
  { code: 'GRAPHQL_PARSE_FAILED', query: `{ ${'shop{name}'.repeat(1_000)} }` },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: '{ shp { name } }' },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: `{ ${Array.from({ length: 60 }, (_, n) => `wrong${n}`).join(' ')} }` },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: '{ shop { name } } fragment Unused on Shop { name }' },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: 'type Mine { a: Int }' },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: 'subscription { productEvents { type } productAdded { type } }' },
  { code: 'GRAPHQL_VALIDATION_FAILED', query: 'mutation { createProduct(input: { name: 5 }) { product { id } } }' },
  { code: 'OPERATION_RESOLUTION_FAILURE', query: two },
  { code: 'OPERATION_RESOLUTION_FAILURE', query: two, operationName: 'C' },
  { code: 'QUERY_TOO_COMPLEX', query: `{ shop { name } } # ${'x'.repeat(20_000)}` },
  { code: 'QUERY_TOO_COMPLEX', query: `{ products(first: 100) { nodes { ${nested} } } }` },
  {
    code: 'QUERY_TOO_COMPLEX',
    query: `{ products { nodes { category { ${'parent { '.repeat(20)} id ${'} '.repeat(20)} } } } }`,
  },
  { code: 'BAD_USER_INPUT', query: byId },
  { code: 'BAD_USER_INPUT', query: byId, variables: { by: {} } },
  { code: 'BAD_USER_INPUT', query: byId, variables: { by: { id: 'order_0' } } },
  { code: 'BAD_USER_INPUT', query: search, variables: { t: '\0' } },
  { code: 'BAD_USER_INPUT', query: search, variables: { t: 'half \ud800 a pair' } },
  { code: 'UNAUTHENTICATED', query: 'mutation { createProduct(input: { name: "x" }) { product { id } } }' },
  { code: 'UNAUTHENTICATED', query: '{ orders { totalCount } }' },
];

/** Without what differs from one answer to the next. */
const lasting = (errors: Answer['errors']): object[] =>
  (errors ?? []).map(({ extensions, ...error }) => ({
    ...error,
    extensions: { ...extensions, timestamp: null, reference: null },
  }));

const codesOf = (errors: Answer['errors']): unknown[] => [
  ...new Set((errors ?? []).map(({ extensions }) => extensions['code'])),
];

/** What each transport answers to one operation. */
async function answers(shop: Shop, client: LiveClient, { query, variables, operationName }: Refused): Promise<object> {
  const operation = { query, variables, operationName };
  const [http, socket, post, get] = await Promise.all([
    send(shop.url, operation),
    client.refusals(query, variables, operationName),
    askStream(shop, operation),
    // An address cannot be as long as a body.
    query.length > 10_000 ? askStream(shop, operation) : askStream(shop, { method: 'GET', ...operation }),
  ]);
  const read = query.startsWith('mutation') ? post : get;
  return { http: lasting(http.errors), socket: lasting(socket), post: lasting(post.errors), get: lasting(read.errors) };
}

async function compare(shop: Shop, client: LiveClient, operation: Refused): Promise<void> {
  const { http, ...others } = (await answers(shop, client, operation)) as Record<string, object[]>;
  expect([operation.query.slice(0, 80), codesOf(http as Answer['errors'])]).toEqual([
    operation.query.slice(0, 80),
    [operation.code],
  ]);
  expect(others).toEqual({ socket: http, post: http, get: http });
}

describe.each(['test', 'production'])('in %s', (mode) => {
  let shop: Shop;
  let client: LiveClient;
  beforeAll(async () => {
    shop = await startShop({ NODE_ENV: mode });
    client = await LiveClient.open(shop);
  });
  afterAll(async () => {
    await client?.close();
    await shop?.close();
  });

  it('a refused operation is refused alike over HTTP, WebSocket and in a stream, and alone', async () => {
    for (const operation of REFUSED) await compare(shop, client, operation);
    expect((await client.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it('the schema can be read over every transport or none', async () => {
    const query = '{ __type(name: "Shop") { name } }';
    if (mode === 'production') {
      const errors = [
        (await shop.send(query)).errors,
        await client.refusals(query),
        (await askStream(shop, { query })).errors,
      ];
      expect(errors.map(codesOf)).toEqual(Array.from({ length: 3 }, () => ['GRAPHQL_VALIDATION_FAILED']));
      return;
    }
    const data = { __type: { name: 'Shop' } };
    const all = [await shop.send(query), await client.ask(query), await askStream(shop, { query })];
    expect(all).toMatchObject([{ data }, { data }, { data }]);
  });

  it('a subscription is refused where it cannot be told, and one without a field everywhere else', async () => {
    const overHttp = await shop.send('subscription { productEvents { type } }');
    expect(codesOf(overHttp.errors)).toEqual(['BAD_REQUEST']);
    const without = [
      'subscription { productEvents @skip(if: true) { type } }',
      'subscription ($no: Boolean = false) { productEvents @include(if: $no) { type } }',
      'subscription { ... @include(if: false) { productEvents { type } } }',
      'subscription { ...Some } fragment Some on Subscription { productEvents @skip(if: true) { type } }',
    ];
    for (const query of without) {
      expect([query, codesOf(await client.refusals(query))]).toEqual([query, ['GRAPHQL_VALIDATION_FAILED']]);
      expect(codesOf((await askStream(shop, { query })).errors)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
  });
});

describe('an operation that is granted', () => {
  let shop: Shop;
  let staff: Account;
  beforeAll(async () => {
    shop = await startShop();
    staff = await signUp(shop, { roles: [Role.STAFF] });
  });
  afterAll(() => shop?.close());

  it('is answered alike over HTTP, WebSocket and in a stream', async () => {
    await makeProduct(shop, staff, { name: 'Same', variants: [aVariant()] });
    const client = await LiveClient.open(shop, staff);
    const query =
      'query Some($first: Int) { products(first: $first) { totalCount nodes { name stock: variants { sku } } } me { email } }';
    const variables = { first: 1 };
    const { data } = await shop.send(query, variables, staff.token);
    expect(data['me']).toEqual({ email: staff.email });
    expect(await client.ask(query, variables)).toEqual({ data });
    expect(await askStream(shop, { query, variables, by: staff })).toEqual({ data });
    expect(await askStream(shop, { query, variables, by: staff, method: 'GET' })).toEqual({ data });
    await client.close();
  });

  it('of a wrong shape is refused by its code, over HTTP and in a stream', async () => {
    const query = '{ shop { name } }';
    for (const body of [
      { query: 5 },
      { query, variables: [] },
      { query, variables: 'x' },
      { query, operationName: 7 },
      { query: null },
      {},
    ]) {
      const answered = [await send(shop.url, body), await askStream(shop, body)];
      expect([body, answered.map(({ errors }) => codesOf(errors))]).toEqual([body, [['BAD_REQUEST'], ['BAD_REQUEST']]]);
    }
    const garbled = await askStream(shop, { method: 'GET', query, variables: '{' });
    expect(codesOf(garbled.errors)).toEqual(['BAD_REQUEST']);
  });
});
