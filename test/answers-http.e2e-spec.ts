import { createHash } from 'node:crypto';
import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { keeping } from './support/answers.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { startShop, type Shop } from './support/shop.js';

const QUERY = 'query Page($slug: String!) { product(by: { slug: $slug }) { name } }';
const HASH = createHash('sha256').update(QUERY).digest('hex');
const PREFLIGHT = { 'apollo-require-preflight': '1' };

let shop: Shop;
let staff: Account;
let product: MadeProduct;

beforeAll(async () => {
  shop = await startShop({ ANSWERS_KEPT_MB: '1', ANSWERS_MAX_AGE: '30' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  product = await makeProduct(shop, staff, { name: 'Led', status: 'ACTIVE', variants: [aVariant()] });
  await keeping(shop);
});

afterAll(() => shop?.close());

/** Asks by GET with a persisted document. */
function get(parts: Record<string, unknown>, headers: Record<string, string> = PREFLIGHT): Promise<Response> {
  const address = new URL(shop.url);
  for (const [name, value] of Object.entries(parts)) {
    address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return fetch(address, { headers });
}

const BY_HASH = { extensions: { persistedQuery: { version: 1, sha256Hash: HASH } } };
const page = (headers?: Record<string, string>): Promise<Response> =>
  get({ ...BY_HASH, variables: { slug: product.slug } }, headers);
const caching = ({ headers, status }: Response): unknown[] => [
  status,
  headers.get('cache-control'),
  headers.get('age'),
  headers.has('etag'),
];

it('learns a document with its hash, and answers it by the hash alone', async () => {
  const unknown = (await (await page()).json()) as { errors: { extensions: { code: string } }[] };
  expect(unknown.errors[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  const first = await get({ ...BY_HASH, query: QUERY, variables: { slug: product.slug } });
  expect(await first.json()).toEqual({ data: { product: { name: 'Led' } } });
  expect(await (await page()).json()).toEqual({ data: { product: { name: 'Led' } } });
  const wrong = (await (await get({ query: '{ shop { name } }', ...BY_HASH })).json()) as typeof unknown;
  expect(wrong.errors[0]?.extensions.code).toBe('BAD_REQUEST');
});

it('tells browsers and CDNs how to keep it, and says when they have it', async () => {
  const response = await page();
  expect(caching(response)).toEqual([200, 'public, max-age=30', '0', true]);
  expect(response.headers.get('vary')?.split(', ').toSorted()).toEqual(['Accept', 'Authorization', 'Origin']);
  const tag = response.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"[\w-]{27}"$/);
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
    const again = await page({ ...PREFLIGHT, 'if-none-match': known });
    expect(caching(again)).toEqual([304, 'public, max-age=30', '0', true]);
    expect(await again.text()).toBe('');
  }
  expect((await page({ ...PREFLIGHT, 'if-none-match': '"x"' })).status).toBe(200);
});

it('has another tag when the answer is another', async () => {
  const tag = (await page()).headers.get('etag') ?? '';
  await change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, name: 'Led 2' });
  const after = await page({ ...PREFLIGHT, 'if-none-match': tag });
  expect([after.status, await after.json()]).toEqual([200, { data: { product: { name: 'Led 2' } } }]);
  await change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, name: 'Led' });
  expect((await page({ ...PREFLIGHT, 'if-none-match': tag })).status).toBe(304);
});

it('lets nobody keep what is for somebody', async () => {
  const signedIn = await page({ ...PREFLIGHT, authorization: `Bearer ${staff.token}` });
  expect(caching(signedIn)).toEqual([200, 'no-store', null, false]);
  const own = await get({ query: '{ me { id } products { totalCount } }' });
  expect(caching(own)).toEqual([200, 'no-store', null, false]);
  const invalid = await page({ ...PREFLIGHT, authorization: 'Bearer x' });
  expect(invalid.headers.get('cache-control')).toBe('no-store');
  const posted = await fetch(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { slug: product.slug } }),
  });
  expect(caching(posted)).toEqual([200, 'no-store', null, false]);
});

it('answers no simple request of a page of somebody else, and changes nothing by GET', async () => {
  expect((await page({})).status).toBe(400);
  expect((await page({ 'content-type': 'text/plain' })).status).toBe(400);
  expect((await page({ 'content-type': 'application/json' })).status).toBe(200);
  const mutation = await get({ query: 'mutation { logout(input: { refreshToken: "x" }) { userErrors { code } } }' });
  expect(mutation.status).toBe(405);
});
