import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Role } from '../src/access/role.js';
import { AnswerMetrics } from '../src/answers/answer-metrics.js';
import { signUp, type Account } from './support/accounts.js';
import { keeping } from './support/answers.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { until, within } from './support/live.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
let product: MadeProduct;

beforeAll(async () => {
  // Outside of production every answer bears figures, and goes the whole way.
  shop = await startShop({ ANSWERS_KEPT_MB: '1', NODE_ENV: 'production', PAYMENT_PROVIDERS: 'manual' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  product = await makeProduct(shop, staff, { name: 'Lämp 😀', status: 'ACTIVE', variants: [aVariant()] });
  await makeProduct(shop, staff, { name: 'Not yet', status: 'DRAFT', variants: [] });
  await keeping(shop);
});

afterAll(() => shop?.close());

const BODY = '{"query":"{ products { nodes { name } } }"}';
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const quick = (): number => shop.app.get(AnswerMetrics, { strict: false }).quick;

interface Got {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
  quick: boolean;
}

/** Sends one request over a connection that is kept, and tells whether it was answered the quick way. */
async function post(headers: Record<string, string> = {}, body = BODY): Promise<Got> {
  const before = quick();
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } };
  const sent = request(shop.url, options).end(body);
  const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  const { date: _, ...others } = response.headers;
  return {
    status: response.statusCode,
    headers: others,
    body: Buffer.concat(chunks).toString(),
    quick: quick() > before,
  };
}

const namesIn = ({ body }: Got): string[] => {
  const { data } = JSON.parse(body) as { data: { products: { nodes: { name: string }[] } } };
  return data.products.nodes.map(({ name }) => name);
};

it('answers the same with the same headers, for each type that is accepted', async () => {
  for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
    const slow = await post({ accept });
    const fast = await post({ accept });
    expect([slow.quick, fast.quick, slow.status]).toEqual([false, true, 200]);
    expect(namesIn(slow)).toEqual(['Lämp 😀']);
    expect({ ...fast, quick: false }).toEqual(slow);
    expect(fast.headers['x-content-type-options']).toBe('nosniff');
  }
});

it('answers anew after a change', async () => {
  await change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, name: 'A much longer name' });
  const after = await post();
  expect([after.quick, namesIn(after)]).toEqual([false, ['A much longer name']]);
  await keeping(shop);
  await post();
  const again = await post();
  expect([again.quick, namesIn(again)]).toEqual([true, ['A much longer name']]);
});

it('answers nobody quickly who may see other things, or must be told something', async () => {
  expect((await post()).quick).toBe(true);
  const signedIn = await post({ authorization: `Bearer ${staff.token}` });
  expect([signedIn.quick, namesIn(signedIn)]).toEqual([false, ['Not yet', 'A much longer name']]);
  const invalid = await post({ authorization: 'Bearer x' });
  expect([invalid.quick, invalid.body]).toEqual([false, expect.stringContaining('UNAUTHENTICATED')]);
  const others = await post({ origin: 'https://elsewhere.example' });
  expect([others.quick, others.headers['vary']]).toEqual([false, expect.stringContaining('Origin')]);
  expect((await post({ 'content-type': 'text/plain' })).status).toBe(400);
  expect((await post({ accept: 'text/event-stream' })).headers['content-type']).toBe('text/event-stream');
  const stranger = await post({}, BODY.replace('name', 'nobody'));
  expect([stranger.quick, stranger.body]).toEqual([false, expect.stringContaining('GRAPHQL_VALIDATION_FAILED')]);
  expect((await post({}, '{"query":')).status).toBe(400);
  expect((await post({}, '')).status).toBe(400);
});

it('reads bodies in pieces, and answers in order what comes at once', async () => {
  const { port } = new URL(shop.url);
  const socket = connect(Number(port), '127.0.0.1');
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n`;
  const other = '{"query":"{ __typename }"}'.padEnd(BODY.length);
  socket.write(head + BODY + head + other + head + BODY.slice(0, 9));
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += String(chunk)));
  await until('two are answered', () => text.split('HTTP/1.1 200').length === 3);
  socket.write(BODY.slice(9));
  await until('all are answered', () => text.split('HTTP/1.1 200').length === 4);
  expect(text.match(/"data":\{"\w+/g)).toEqual(['"data":{"products', '"data":{"__typename', '"data":{"products']);
  socket.destroy();
});

it('lets go of who never stops asking when it closes', async () => {
  let asking = true;
  const asked = (async () => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- a refused connection ends it
    while (asking) await post().catch(() => (asking = false));
  })();
  await until('it is asked', () => quick() > 20);
  await within('it closes', shop.app.close(), 5_000);
  await asked;
  agent.destroy();
});
