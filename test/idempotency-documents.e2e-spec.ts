import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { catalogueDump, CATEGORY_CHANGES, codeOf, countOf } from './support/catalogue.js';
import { countKeys, keyed, sendKeyed } from './support/idempotency.js';
import { LiveClient } from './support/live.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const { create } = CATEGORY_CHANGES;
const send = (document: string, input: object, key: string): Promise<Answer> =>
  sendKeyed(shop, document, { input, key, by: staff });

/** Does nothing in the catalogue and leaves no key. */
async function changesNothing(work: () => Promise<unknown>): Promise<void> {
  const before = [await catalogueDump(shop), await countKeys(shop)];
  await work();
  expect([await catalogueDump(shop), await countKeys(shop)]).toEqual(before);
}

describe('@idempotent', () => {
  const INPUT = '(input: { name: "Placed" })';

  it.each([
    [`mutation { createCategory${INPUT} { category @idempotent(key: "a") { id } } }`, 'BAD_USER_INPUT'],
    [
      `mutation { ...F } fragment F on Mutation { createCategory${INPUT} { ...C } }
      fragment C on CreateCategoryPayload { category { name @idempotent(key: "a") } }`,
      'BAD_USER_INPUT',
    ],
    [
      `mutation { a: createCategory${INPUT} @idempotent(key: "a") { category { id } }
      a: createCategory${INPUT} @idempotent(key: "b") { userErrors { code } } }`,
      'BAD_USER_INPUT',
    ],
    [
      `mutation { a: createCategory${INPUT} { userErrors { code } }
      b: createCategory${INPUT} @idempotent(key: "") { userErrors { code } } }`,
      'BAD_USER_INPUT',
    ],
    ['{ shop @idempotent(key: "a") { name } }', 'BAD_USER_INPUT'],
    ['{ ... { shop @ idempotent(key: "a") { name } } }', 'BAD_USER_INPUT'],
    ['subscription { productAdded @idempotent(key: "a") { cursor } }', 'BAD_USER_INPUT'],
    [`mutation @idempotent(key: "a") { createCategory${INPUT} { userErrors { code } } }`, 'GRAPHQL_VALIDATION_FAILED'],
    [
      `mutation { ... @idempotent(key: "a") { createCategory${INPUT} { userErrors { code } } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [`mutation { createCategory${INPUT} @idempotent { userErrors { code } } }`, 'GRAPHQL_VALIDATION_FAILED'],
    [
      `mutation { createCategory${INPUT} @idempotent(key: "a") @idempotent(key: "a") { userErrors { code } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('is refused where it means nothing, over HTTP and WebSocket: %s', async (document, code) => {
    const socket = await LiveClient.open(shop, staff);
    await changesNothing(async () => {
      const { data, errors } = await shop.send(document, {}, staff.token);
      expect([data, errors?.map(({ extensions }) => extensions['code'])]).toEqual([undefined, [code]]);
      const refusals = await socket.refusals(document);
      expect(refusals?.map(({ extensions }) => extensions['code'])).toEqual([code]);
    });
    await socket.close();
  });

  it('works through fragments, and over WebSocket as over HTTP', async () => {
    const [key, input] = [randomUUID(), { name: 'Live' }];
    const document = `mutation ($key: String!, $input: CreateCategoryInput!) { ...F }
      fragment F on Mutation { createCategory(input: $input) @idempotent(key: $key) { category { id slug } } }`;
    const socket = await LiveClient.open(shop, staff);
    const first = await socket.ask(document, { key, input });
    expect(first.data['createCategory'].category.slug).toBe('live');
    expect((await socket.ask(document, { key, input })).data).toEqual(first.data);
    expect((await shop.send(document, { key, input }, staff.token)).data).toEqual(first.data);
    const conflict = await socket.ask(document, { key, input: { name: 'Dead' } });
    expect(conflict.errors?.[0]?.extensions['code']).toBe('IDEMPOTENCY_CONFLICT');
    await socket.close();
    const sql = `SELECT count(*) AS n FROM categories WHERE slug LIKE 'live%'`;
    expect(await countOf(shop, sql)).toBe(1);
  });

  it('has a key of 1 to 255 characters', async () => {
    for (const key of ['k', 'k'.repeat(255), 'schlüssel ✓']) {
      expect(codeOf(await send(create, { name: 'Key' }, key))).toBe('OK');
    }
    await changesNothing(async () => {
      for (const key of ['', 'k'.repeat(256)]) {
        const { errors } = await send(create, { name: 'Key' }, key);
        expect(errors?.[0]?.extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'createCategory.key', message: 'must be 1 to 255 characters long' }],
        });
      }
      for (const key of [7, null, ['k'], 'a\0b', '\ud800']) {
        const { errors } = await shop.send(keyed(create), { key, input: { name: 'Key' } }, staff.token);
        expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
      }
    });
  });

  it('is told in the schema', () => {
    expect(readFileSync('schema.gql', 'utf8')).toMatch(
      /"""[^"]*IDEMPOTENCY_CONFLICT[^"]*"""\ndirective @idempotent\(\s*"""[^"]+"""\s*key: String!\s*\) on FIELD\n/,
    );
  });
});
