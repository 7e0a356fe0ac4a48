import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, fillProducts, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  anOrder,
  bought,
  buyingDump,
  changed,
  makeGoods,
  order,
  ORDER_CHANGES,
  orderChanges,
  placed,
  readOrder,
  rowsOf,
  variantOf,
} from './support/orders.js';
import { makeCart } from './support/carts.js';
import { startShop, type Shop } from './support/shop.js';

type Made = Record<string, any>;
type Who = 'nobody' | 'other' | 'owner' | 'staff' | 'admin';

// Fewer fields than all, for orders that are only made to be changed.
const STEPS = orderChanges('id number email state');
const WHO: readonly Who[] = ['nobody', 'other', 'owner', 'staff', 'admin'];
const NO_ORDER = 'order_0198f2c4d1e27abc8def0123456789ab';
const DECLINED = { payment: { method: 'sandbox', token: 'decline' } };
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };

let shop: Shop;
let people: Record<Who, Account | undefined>;
let owner: Account;
let staff: Account;
let goods: MadeProduct;
let own: Made;
let guests: Made;

beforeAll(async () => {
  shop = await startShop();
  owner = await signUp(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  const admin = await signUp(shop, { roles: [Role.ADMIN] });
  people = { nobody: undefined, other: await signUp(shop), owner, staff, admin };
  goods = await makeGoods(shop, staff, 9_999);
  own = await bought(shop, [[goods, 1]], {}, owner);
  guests = await bought(shop, [[goods, 1]], { email: 'Guest@Example.com' });
});

afterAll(async () => {
  const wrong = await wrongBooks(shop);
  await shop.close();
  expect(wrong).toEqual([]);
});

/** How an operation ends for nobody, another customer, the owner, staff and admin. */
async function outcomes(attempt: (who: Who) => Promise<string>): Promise<string[]> {
  const found = [];
  for (const who of WHO) found.push(await attempt(who));
  return found;
}

describe('an order is seen', () => {
  const seen =
    (by: () => object) =>
    async (who: Who): Promise<string> =>
      (await readOrder(shop, by(), people[who], 'id')) ? 'SEEN' : 'NULL';
  const CUSTOMER_AND_STAFF = ['NULL', 'NULL', 'SEEN', 'SEEN', 'SEEN'];
  const STAFF = ['NULL', 'NULL', 'NULL', 'SEEN', 'SEEN'];
  const EVERYBODY = ['SEEN', 'SEEN', 'SEEN', 'SEEN', 'SEEN'];
  const NOBODY = ['NULL', 'NULL', 'NULL', 'NULL', 'NULL'];

  it.each<[string, () => object, string[]]>([
    ['by its id', () => ({ id: own['id'] }), CUSTOMER_AND_STAFF],
    ['by its number', () => ({ number: own['number'] }), CUSTOMER_AND_STAFF],
    ["by a guest's id", () => ({ id: guests['id'] }), STAFF],
    ["by a guest's number", () => ({ number: guests['number'] }), STAFF],
    ['by number and address', () => guestOf(own), EVERYBODY],
    ["by a guest's number and address", () => guestOf(guests), EVERYBODY],
    [
      'by the number in lower case',
      () => guestOf({ ...guests, number: ` ${guests['number'].toLowerCase()} ` }),
      EVERYBODY,
    ],
    ['by its number in lower case', () => ({ number: own['number'].toLowerCase() }), CUSTOMER_AND_STAFF],
    ['by the address in upper case', () => guestOf({ ...guests, email: ' GUEST@EXAMPLE.COM ' }), EVERYBODY],
    ['by number and the address of another order', () => guestOf({ ...guests, email: own['email'] }), NOBODY],
    ['by an address and the number of another order', () => guestOf({ ...guests, number: own['number'] }), NOBODY],
    ['by a part of its number', () => guestOf({ ...guests, number: guests['number'].slice(0, 9) }), NOBODY],
    ['by a pattern', () => guestOf({ number: '%', email: 'guest@example.com' }), NOBODY],
    ['by an id that leads nowhere', () => ({ id: NO_ORDER }), NOBODY],
    ['by a number that leads nowhere', () => ({ number: '0000-0000-0000' }), NOBODY],
  ])('%s', async (_, by, expected) => {
    expect(await outcomes(seen(by))).toEqual(expected);
  });

  it('as a node, and among nodes', async () => {
    const NODES = 'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id __typename } nodes(ids: $ids) { id } }';
    const found = await outcomes(async (who) => {
      const ids = [own['id'], NO_ORDER, guests['id']];
      const { data } = await shop.send(NODES, { id: own['id'], ids }, people[who]?.token);
      const nodes = data['nodes'].map((node: object | null) => (node ? 1 : 0)).join('');
      return `${data['node']?.__typename ?? null} ${nodes}`;
    });
    expect(found).toEqual(['null 000', 'null 000', 'Order 100', 'Order 101', 'Order 101']);
  });

  it('with who bought it and who did what only by those who may know them', async () => {
    const { id: orderId } = await bought(shop, [[goods, 1]], PAID, owner);
    const packed = await changed(shop, ORDER_CHANGES.fulfill, { orderId }, staff);
    const told = async (who: Who): Promise<object> => {
      const found = await readOrder(shop, guestOf(packed), people[who]);
      const actors = found?.['history'].map(({ actor }: Made) => actor?.['id'] ?? null);
      return { customer: found?.['customer']?.id ?? null, first: actors[0], packer: actors[2] };
    };
    const nothing = { customer: null, first: null, packer: null };
    expect([await told('nobody'), await told('other')]).toEqual([nothing, nothing]);
    expect(await told('owner')).toEqual({ customer: owner.id, first: owner.id, packer: null });
    const everything = { customer: owner.id, first: owner.id, packer: staff.id };
    expect([await told('staff'), await told('admin')]).toEqual([everything, everything]);
  });
});

describe('lists of orders', () => {
  it('of everybody are for staff', async () => {
    const ORDERS = '{ orders { totalCount } }';
    const found = await outcomes(async (who) => codeOf(await shop.send(ORDERS, {}, people[who]?.token)));
    expect(found).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'OK', 'OK']);
  });

  it('of an account are for itself and staff', async () => {
    const MINE = '{ me { orders { nodes { customer { id } } totalCount } } }';
    const { data } = await shop.send(MINE, {}, owner.token);
    const { nodes, totalCount } = data['me'].orders;
    expect(nodes.map(({ customer }: Made) => customer['id'])).toEqual(
      Array.from({ length: totalCount }, () => owner.id),
    );
    expect(totalCount).toBeGreaterThan(0);
    expect((await shop.send(MINE, {}, people.other?.token)).data['me'].orders.totalCount).toBe(0);
    const USER = 'query ($id: ID!) { user(id: $id) { orders { totalCount } } }';
    const found = await outcomes(async (who) => {
      const answer = await shop.send(USER, { id: owner.id }, people[who]?.token);
      return answer.errors ? codeOf(answer) : String(answer.data['user']?.orders?.totalCount ?? null);
    });
    expect(found.slice(3)).toEqual([String(totalCount), String(totalCount)]);
    expect(found.slice(0, 2)).toEqual(['UNAUTHENTICATED', 'FORBIDDEN']);
  });
});

describe('who changes an order', () => {
  type Row = [keyof typeof ORDER_CHANGES, () => Promise<Made>, (made: Made) => object, string[]];
  const byId = ({ id: orderId }: Made): object => ({ orderId });
  const make = (traits: object) => (): Promise<Made> =>
    changed(shop, STEPS.place, anOrder([{ variantId: variantOf(goods), quantity: 1 }], traits), owner);
  const packed = async (): Promise<Made> =>
    changed(shop, STEPS.fulfill, { orderId: (await make(PAID)())['id'] }, staff);
  const shipped = async (): Promise<Made> => changed(shop, STEPS.ship, { orderId: (await packed())['id'] }, staff);
  const MINE = ['NOT_FOUND', 'NOT_FOUND', 'OK', 'OK', 'OK'];
  const STAFF = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'OK', 'OK'];
  const ALL = ['OK', 'OK', 'OK', 'OK', 'OK'];
  const pay = PAID.payment;

  it.each<Row>([
    ['cancel', make({}), byId, ['UNAUTHENTICATED', ...MINE.slice(1)]],
    ['fulfill', make(PAID), byId, STAFF],
    ['ship', packed, byId, STAFF],
    ['deliver', shipped, byId, STAFF],
    ['refund', make(PAID), byId, STAFF],
    ['capture', make({}), byId, STAFF],
    ['start', make(DECLINED), ({ id }) => ({ order: { id }, payment: pay }), MINE],
    ['start', make(DECLINED), ({ number }) => ({ order: { number }, payment: pay }), MINE],
    ['start', make(DECLINED), (made) => ({ order: guestOf(made), payment: pay }), ALL],
  ])('by %s (%#)', async (name, makeOne, inputOf, expected) => {
    const target = await makeOne();
    const before = await buyingDump(shop);
    const found: string[] = [];
    for (const [n, who] of WHO.entries()) {
      const may = expected[n] === 'OK';
      if (may && found.every((code) => code !== 'OK')) expect(await buyingDump(shop)).toBe(before);
      const input = inputOf(may ? await makeOne() : target);
      found.push(codeOf(await shop.send(STEPS[name], { input }, people[who]?.token)));
    }
    expect(found).toEqual(expected);
  });

  it('names the field at fault when there is none', async () => {
    const missing = async (name: keyof typeof ORDER_CHANGES, input: object): Promise<string[] | null | undefined> =>
      (await order(shop, ORDER_CHANGES[name], input, staff)).userErrors[0]?.field;
    for (const name of ['cancel', 'fulfill', 'ship', 'deliver', 'refund', 'capture'] as const) {
      expect(await missing(name, { orderId: NO_ORDER })).toEqual(['input', 'orderId']);
    }
    expect(await missing('start', { order: { id: NO_ORDER }, payment: pay })).toEqual(['input', 'order']);
  });
});

describe('who places orders', () => {
  it('everybody, each for themselves', async () => {
    const found = await outcomes(async (who) => {
      const made = await bought(shop, [[goods, 1]], {}, people[who]);
      const seen = await readOrder(shop, { id: made['id'] }, staff);
      return WHO.find((name) => people[name]?.id === seen?.['customer']?.id) ?? 'nobody';
    });
    expect(found).toEqual([...WHO]);
  });

  it('guests not too often: an order without a cart is counted as one', async () => {
    const slow = await startShop({ NEW_CARTS_PER_MINUTE: '3' });
    try {
      await fillProducts(slow, 1, []);
      const { data } = await slow.send('{ products { nodes { variants { id } } } }');
      const variantId: string = data['products'].nodes[0].variants[0].id;
      const input = anOrder([{ variantId, quantity: 1 }]);
      const cart = await makeCart(slow, { [variantId]: 1 });
      for (const _ of [1, 2]) await placed(slow, input);
      const before = await buyingDump(slow);
      expect(codeOf(await slow.send(ORDER_CHANGES.place, { input }))).toBe('RATE_LIMITED');
      expect(await buyingDump(slow)).toBe(before);
      // The cart was counted when it was made.
      await placed(slow, { ...input, lines: undefined, cartId: cart.id });
      expect(await rowsOf(slow, 'orders')).toBe(3);
    } finally {
      await slow.close();
    }
  });
});

function guestOf({ number, email }: Made): { guest: object } {
  return { guest: { number, email } };
}
