import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { OrderSales } from '../src/orders/order-sales.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, countOf, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  anOrder,
  bought,
  changed,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  orderChanges,
  variantOf,
} from './support/orders.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

type Made = Record<string, any>;

const PLACE = orderChanges('id number state email').place;
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };
const PAGE = `nodes { id number } edges { cursor node { id } } totalCount
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
const ORDERS = `query ($filter: OrderFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  orders(filter: $filter, first: $first, after: $after, last: $last, before: $before, skip: $skip) { ${PAGE} }
}`;
const MY_ORDERS = `query ($first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  me { orders(first: $first, after: $after, last: $last, before: $before, skip: $skip) { ${PAGE} } }
}`;

let shop: Shop;
let staff: Account;
let ada: Account;
let bo: Account;
let goods: MadeProduct;
/** Oldest first, a day apart: eight of Ada's, two of Bo's, two of a guest's. */
let orders: Made[];

beforeAll(async () => {
  shop = await startShop();
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  ada = await signUp(shop, { email: 'ada_100%@example.com' });
  bo = await signUp(shop, { email: 'adaX100Y@example.com' });
  goods = await makeGoods(shop, staff, 999);
  orders = [];
  const buyers = [ada, bo, undefined, ada, ada, ada, ada, bo, undefined, ada, ada, ada];
  for (const [day, by] of buyers.entries()) {
    const traits = { email: by ? null : 'Guest@Example.com', ...(day % 2 ? PAID : {}) };
    const made = await changed(shop, PLACE, anOrder([{ variantId: variantOf(goods), quantity: 1 }], traits), by);
    const sql = 'UPDATE orders SET placed_at = $2 WHERE id = $1';
    await shop.database.query('test.placedAt', sql, [uuidOf('order', made['id']), dayOf(day)]);
    orders.push(made);
  }
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

const dayOf = (day: number): string => new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
const newest = (...places: number[]): string[] => places.toReversed().map((place) => orders[place]?.['id']);
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

async function listed(filter: object | null, page: object = {}): Promise<Answer['data']> {
  const { data, errors } = await shop.send(ORDERS, { filter, ...page }, staff.token);
  expect(errors).toBeUndefined();
  return data['orders'];
}

const ids = ({ nodes }: Answer['data']): string[] => nodes.map(({ id }: Made) => id);

describe('the orders of the shop', () => {
  it('come newest first, with their count', async () => {
    const all = await listed(null);
    expect(ids(all)).toEqual(newest(...ALL));
    expect(all['edges'].map(({ node }: Made) => node.id)).toEqual(ids(all));
    expect(all).toMatchObject({ totalCount: 12, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
  });

  it.each<[string, () => object, number[]]>([
    ['a state', () => ({ states: ['PAID'] }), [1, 3, 5, 7, 9, 11]],
    ['one of several states', () => ({ states: ['PENDING_PAYMENT', 'PAID'] }), ALL],
    ['no state', () => ({ states: [] }), []],
    ['a first moment, which counts', () => ({ placedAfter: dayOf(9) }), [9, 10, 11]],
    ['a last moment, which does not count', () => ({ placedBefore: dayOf(2) }), [0, 1]],
    ['a customer', () => ({ customerId: bo.id }), [1, 7]],
    ['a part of the e-mail address', () => ({ text: 'UEST@' }), [2, 8]],
    ['a percent sign and nothing else', () => ({ text: '100%' }), [0, 3, 4, 5, 6, 9, 10, 11]],
    ['an underscore and nothing else', () => ({ text: 'ada_1' }), [0, 3, 4, 5, 6, 9, 10, 11]],
    ['a backslash and nothing else', () => ({ text: '\\' }), []],
    ['a number in lower case', () => ({ text: orders[4]?.['number'].toLowerCase() }), [4]],
    ['a part of a number', () => ({ text: orders[4]?.['number'].slice(2, 12) }), [4]],
    ['nothing that there is', () => ({ text: "'; DROP TABLE orders; --" }), []],
    [
      'all of it together',
      () => ({ customerId: ada.id, states: ['PAID'], placedAfter: dayOf(4), text: 'ada' }),
      [5, 9, 11],
    ],
    ['nulls, which mean all', () => ({ states: null, placedAfter: null, customerId: null, text: null }), ALL],
  ])('with %s', async (_, filter, places) => {
    const found = await listed(filter());
    expect(ids(found)).toEqual(newest(...places));
    expect(found['totalCount']).toBe(places.length);
  });

  it.each<[string, object]>([
    ['filter.text', { filter: { text: 'x'.repeat(101) } }],
    ['filter.customerId', { filter: { customerId: 'user_1' } }],
    ['filter.states', { filter: { states: Array.from({ length: 8 }, () => 'PAID') } }],
    ['first', { first: 101 }],
    ['last', { first: 1, last: 1 }],
    ['skip', { skip: 10_001 }],
  ])('refuse %s that is out of range', async (path, variables) => {
    const answer = await shop.send(ORDERS, variables, staff.token);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors?.[0]?.extensions['fields']).toMatchObject([{ path }]);
  });

  it('refuse the cursors of other lists', async () => {
    const { data } = await shop.send('{ products { pageInfo { endCursor } } }');
    for (const after of [data['products'].pageInfo.endCursor, 'garbage']) {
      expect(codeOf(await shop.send(ORDERS, { after }, staff.token))).toBe('CURSOR_INVALID');
    }
  });
});

describe.each<[string, () => Account, string, number[]]>([
  ['the shop', () => staff, ORDERS, ALL],
  ['an account', () => ada, MY_ORDERS, [0, 3, 4, 5, 6, 9, 10, 11]],
])('pages of %s', (_, reader, document, places) => {
  async function page(variables: object): Promise<Answer['data']> {
    const { data, errors } = await shop.send(document, variables, reader().token);
    expect(errors).toBeUndefined();
    return data['orders'] ?? data['me'].orders;
  }

  it('lead forward and backward over all of them', async () => {
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const part = await page({ first: 3, after });
      expect(part['totalCount']).toBe(places.length);
      forward.push(...ids(part));
      ({ endCursor: after, hasNextPage: more } = part['pageInfo']);
    }
    expect(forward).toEqual(newest(...places));
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const part = await page({ last: 3, before });
      backward.unshift(...ids(part));
      ({ startCursor: before, hasPreviousPage: more } = part['pageInfo']);
    }
    expect(backward).toEqual(newest(...places));
  });

  it('are found by number', async () => {
    const second = await page({ first: 3, skip: 3 });
    expect(ids(second)).toEqual(newest(...places).slice(3, 6));
    expect(second['pageInfo']).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(ids(await page({ first: 3, skip: 99 }))).toEqual([]);
  });

  it('stay right while an order is placed between two of them', async () => {
    const [first] = (await page({ first: 1 }))['edges'];
    const second = async (): Promise<string[]> => ids(await page({ first: 2, after: first.cursor }));
    const before = await second();
    const sql = `UPDATE orders SET placed_at = now() + interval '1 year' WHERE id = $1`;
    const [{ id }] = (await page({ first: 1, skip: places.length - 1 }))['nodes'];
    await shop.database.query('test.late', sql, [uuidOf('order', id)]);
    expect(await second()).toEqual(before);
    expect(ids(await page({ first: 1 }))).toEqual([id]);
    const back = 'UPDATE orders SET placed_at = $2 WHERE id = $1';
    await shop.database.query('test.placedAt', back, [uuidOf('order', id), dayOf(places[0] ?? 0)]);
  });
});

describe('units that were sold', () => {
  const soldOf = ({ id }: MadeProduct): Promise<number> =>
    countOf(shop, 'SELECT units_sold AS n FROM products WHERE id = $1', [uuidOf('product', id)]);
  /** Waits until every event has its place, and counts what came since. */
  async function count(at = 1): Promise<void> {
    const sales = shop.app.get(OrderSales, { strict: false });
    while ((await countOf(shop, 'SELECT count(*) AS n FROM event_outbox')) > 0) await new Promise(setImmediate);
    await Promise.all(Array.from({ length: at }, () => sales.count()));
    while (await sales.count());
  }

  it('are counted once, whoever counts, and less those that were cancelled', async () => {
    await count();
    const [one, two] = [await makeGoods(shop, staff, 99), await makeGoods(shop, staff, 99)];
    const both: [MadeProduct, number][] = [
      [one, 3],
      [two, 1],
    ];
    await bought(shop, both);
    const given = await bought(shop, both, PAID, ada);
    expect([await soldOf(one), await soldOf(two)]).toEqual([0, 0]);
    await count(5);
    expect([await soldOf(one), await soldOf(two)]).toEqual([6, 2]);
    await count(2);
    expect([await soldOf(one), await soldOf(two)]).toEqual([6, 2]);
    await changed(shop, ORDER_CHANGES.cancel, { orderId: given['id'] }, staff);
    await count(5);
    expect([await soldOf(one), await soldOf(two)]).toEqual([3, 1]);
  });

  it('are the same when an order is placed and cancelled between two counts', async () => {
    const one = await makeGoods(shop, staff, 99);
    const { id: orderId } = await bought(shop, [[one, 3]], {}, ada);
    await changed(shop, ORDER_CHANGES.cancel, { orderId }, ada);
    await bought(shop, [[one, 2]]);
    await count();
    expect(await soldOf(one)).toBe(2);
    const left = `SELECT count(*)::int AS n FROM event_log e, order_sales s WHERE e.pos > s.pos AND e.topic <> 'sales'`;
    expect(await countOf(shop, left)).toBe(0);
  });
});
