import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, makeCategory, makeProduct, type MadeCategory, type MadeProduct } from './support/catalogue.js';
import {
  makePromotion,
  NO_PROMOTION,
  PROMOTION,
  promotionDump,
  PROMOTION_CHANGES,
  redeem,
  rulesOf,
} from './support/promotions.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const PROMOTIONS = `query ($filter: PromotionFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  promotions(filter: $filter, first: $first, after: $after, last: $last, before: $before, skip: $skip) {
    nodes { ${PROMOTION} }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;
const ONE = `query ($id: ID!) { promotion(id: $id) { ${PROMOTION} } }`;
const NODE = `query ($id: ID!) { node(id: $id) { __typename id ... on Promotion { name code usedCount } } }`;
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;
let premium: Account;
let category: MadeCategory;
let product: MadeProduct;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop, { roles: [Role.USER] });
  premium = await signUp(shop, { roles: [Role.PREMIUM] });
  category = await makeCategory(shop, staff, { name: 'Lamps' });
  product = await makeProduct(shop, staff, { name: 'Lamp' });
});

afterAll(() => shop?.close());

async function list(variables: object): Promise<Answer['data']> {
  const { data, errors } = await shop.send(PROMOTIONS, variables, staff.token);
  expect(errors).toBeUndefined();
  return data['promotions'];
}

const names = ({ nodes }: Answer['data']): string[] => nodes.map(({ name }: { name: string }) => name);

describe('access', () => {
  const { create, update, delete: remove } = PROMOTION_CHANGES;

  it.each([
    ['promotions', PROMOTIONS, (): object => ({})],
    ['promotion', ONE, (id: string): object => ({ id })],
    ['createPromotion', create, (): object => ({ input: { name: 'Open', kind: 'FREE_SHIPPING' } })],
    ['updatePromotion', update, (id: string): object => ({ input: { id, name: 'Opened' } })],
    ['deletePromotion', remove, (id: string): object => ({ input: { id } })],
  ])('%s for anonymous, customers, staff and admin', async (_field, document, variables) => {
    const { id } = await makePromotion(shop, staff);
    const before = await promotionDump(shop);
    const closed = [];
    for (const by of [undefined, customer, premium]) {
      closed.push(codeOf(await shop.send(document, variables(id), by?.token)));
    }
    expect(closed).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
    expect(await promotionDump(shop)).toBe(before);
    for (const by of [staff, admin]) {
      const own = await makePromotion(shop, staff);
      expect(codeOf(await shop.send(document, variables(own.id), by.token))).toBe('OK');
    }
  });

  it('shows a promotion as a node to staff only', async () => {
    const { id } = await makePromotion(shop, staff, { name: 'Node', code: 'NODE' });
    const seen = async (token?: string): Promise<unknown> => (await shop.send(NODE, { id }, token)).data['node'];
    expect([await seen(), await seen(customer.token), await seen(premium.token)]).toEqual([null, null, null]);
    const node = { __typename: 'Promotion', id, name: 'Node', code: 'NODE', usedCount: 0 };
    expect([await seen(staff.token), await seen(admin.token)]).toEqual([node, node]);
  });
});

describe('promotion', () => {
  it('answers everything that it was made with', async () => {
    const { id } = await makePromotion(shop, staff, {
      name: '  Winter sale ',
      code: ' winter_26-a ',
      kind: 'PERCENT',
      percent: '12.50',
      minSubtotal: { amount: '20' },
      categoryIds: [category.id, category.id],
      productIds: [product.id],
      startsAt: '2026-12-01T00:00:00Z',
      endsAt: '2027-01-01T01:00:00.5+01:00',
      usageLimit: 100,
      usageLimitPerCustomer: 2,
      enabled: false,
    });
    const { data } = await shop.send(ONE, { id }, staff.token);
    expect(data['promotion']).toEqual({
      id: expect.stringMatching(/^promotion_[0-9a-f]{32}$/),
      name: 'Winter sale',
      code: 'WINTER_26-A',
      kind: 'PERCENT',
      percent: '12.5',
      amount: null,
      minSubtotal: { amount: '20.00', currency: 'GBP' },
      categoryIds: [category.id],
      productIds: [product.id],
      startsAt: '2026-12-01T00:00:00.000Z',
      endsAt: '2027-01-01T00:00:00.500Z',
      usageLimit: 100,
      usageLimitPerCustomer: 2,
      usedCount: 0,
      enabled: false,
      version: 1,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    });
  });

  it('answers an amount for a fixed one, and nothing that was left out', async () => {
    const amount = { amount: '5.00', currency: 'GBP' };
    const { id } = await makePromotion(shop, staff, { name: 'Five', kind: 'FIXED_AMOUNT', amount });
    expect((await shop.send(ONE, { id }, staff.token)).data['promotion']).toMatchObject({
      code: null,
      kind: 'FIXED_AMOUNT',
      percent: null,
      amount,
      minSubtotal: null,
      categoryIds: [],
      productIds: [],
      startsAt: null,
      endsAt: null,
      usageLimit: null,
      usageLimitPerCustomer: null,
      enabled: true,
    });
  });

  it('is null when there is none, and refuses the id of something else', async () => {
    expect((await shop.send(ONE, { id: NO_PROMOTION }, staff.token)).data).toEqual({ promotion: null });
    const wrong = await shop.send(ONE, { id: category.id }, staff.token);
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'id' }] });
  });

  it('counts the orders that use it', async () => {
    const made = await makePromotion(shop, staff);
    const rules = await rulesOf(shop, made);
    for (let n = 0; n < 3; n += 1) await redeem(shop, rules);
    expect((await shop.send(ONE, { id: made.id }, staff.token)).data['promotion'].usedCount).toBe(3);
  });
});

describe('promotions', () => {
  const filter = { text: 'paged' };

  it('sends as many statements for 100 promotions as for 10', async () => {
    for (let n = 1; n <= 10; n += 1) await makePromotion(shop, staff, { name: `Paged ${n}` });
    const few = await shop.send(PROMOTIONS, { filter, first: 100 }, staff.token);
    for (let n = 11; n <= 100; n += 1) await makePromotion(shop, staff, { name: `Paged ${n}` });
    const many = await shop.send(PROMOTIONS, { filter, first: 100 }, staff.token);
    expect([few, many].map(({ data }) => data['promotions'].nodes.length)).toEqual([10, 100]);
    const sent = ['promotions.count', 'promotions.page', 'redemptions.counts'];
    expect([few, many].map(({ extensions }) => extensions.sql.names.toSorted())).toEqual([sent, sent]);
    const bare = await shop.send('{ promotions { nodes { id name } } }', {}, staff.token);
    expect(bare.extensions.sql.names).toEqual(['promotions.page']);
    const one = await shop.send(ONE, { id: many.data['promotions'].nodes[0].id }, staff.token);
    expect(one.extensions.sql.names).toEqual(['promotions.byIds', 'redemptions.counts']);
  });

  it('pages newest first, forward and backward, and by number', async () => {
    const newestFirst = Array.from({ length: 100 }, (_, n) => `Paged ${100 - n}`);
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await list({ filter, first: 30, after });
      forward.push(...names(page));
      ({ endCursor: after, hasNextPage: more } = page['pageInfo']);
    }
    expect(forward).toEqual(newestFirst);
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const page = await list({ filter, last: 30, before });
      backward.unshift(...names(page));
      ({ startCursor: before, hasPreviousPage: more } = page['pageInfo']);
    }
    expect(backward).toEqual(newestFirst);
    const part = await list({ filter, first: 5, skip: 98 });
    expect([names(part), part['totalCount']]).toEqual([['Paged 2', 'Paged 1'], 100]);
  });

  it('filters by a part of name or code, by code, by switch, and by whether it applies by itself', async () => {
    await makePromotion(shop, staff, { name: 'Find me', code: 'FINDABLE_1' });
    await makePromotion(shop, staff, { name: 'Find me too', code: 'OTHER', enabled: false });
    await makePromotion(shop, staff, { name: 'Find me alone' });
    const found = async (conditions: object): Promise<string[]> => names(await list({ filter: conditions }));
    const text = 'fIND Me';
    expect(await found({ text })).toEqual(['Find me alone', 'Find me too', 'Find me']);
    expect(await found({ text: ' findable ' })).toEqual(['Find me']);
    expect(await found({ code: ' other ' })).toEqual(['Find me too']);
    expect(await found({ code: 'OTHE' })).toEqual([]);
    expect(await found({ text, enabled: true })).toEqual(['Find me alone', 'Find me']);
    expect(await found({ text, enabled: false })).toEqual(['Find me too']);
    expect(await found({ text, automatic: true })).toEqual(['Find me alone']);
    expect(await found({ text, automatic: false, enabled: true })).toEqual(['Find me']);
    expect(await found({ text: '%' })).toEqual([]);
    expect(await list({ filter: { text: 'nothing like it' } })).toMatchObject({ nodes: [], totalCount: 0 });
  });

  it.each([
    [{ first: 0 }, 'BAD_USER_INPUT'],
    [{ first: 101 }, 'BAD_USER_INPUT'],
    [{ after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ filter: { text: 'x'.repeat(101) } }, 'BAD_USER_INPUT'],
    [{ filter: { code: 'x'.repeat(101) } }, 'BAD_USER_INPUT'],
  ])('refuses %j', async (variables, code) => {
    expect(codeOf(await shop.send(PROMOTIONS, variables, staff.token))).toBe(code);
  });
});
