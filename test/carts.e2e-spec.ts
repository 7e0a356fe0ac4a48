import { Role } from '../src/access/role.js';
import { CartSweeper } from '../src/carts/cart-sweeper.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { outcomeOf, signUp, snapshot, type Account } from './support/accounts.js';
import {
  CART_CHANGES,
  cartChanges,
  changeCart,
  close,
  expire,
  makeCart,
  makeVariants,
  readCart,
  refusedCart,
  STORED,
} from './support/carts.js';
import { countOf, NOBODY } from './support/catalogue.js';
import { ADDRESS } from './support/orders.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const NO_CART = 'cart_0198f2c4d1e27abc8def0123456789ab';
const stored = cartChanges(STORED);
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

let shop: Shop;
let staff: Account;
let admin: Account;
let owner: Account;
let other: Account;
let variant: string;
let second: string;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  owner = await signUp(shop);
  other = await signUp(shop);
  [variant = '', second = ''] = await makeVariants(shop, staff, 2);
});

afterAll(() => shop?.close());

/** How an operation ends for nobody, another customer, the owner, staff and admin. */
async function outcomes(attempt: (by?: Account) => Promise<string>): Promise<string[]> {
  const results = [];
  for (const by of [undefined, other, owner, staff, admin]) results.push(await attempt(by));
  return results;
}

describe('access', () => {
  it("to read: a guest's cart for all who know its id, a customer's for the customer and staff", async () => {
    const guest = await makeCart(shop, { [variant]: 1 });
    const own = await makeCart(shop, { [variant]: 1 }, owner);
    const seen = (id: string) => async (by?: Account) => ((await readCart(shop, id, by)) ? 'SEEN' : 'NULL');
    expect(await outcomes(seen(guest.id))).toEqual(['SEEN', 'SEEN', 'SEEN', 'SEEN', 'SEEN']);
    expect(await outcomes(seen(own.id))).toEqual(['NULL', 'NULL', 'SEEN', 'SEEN', 'SEEN']);
    expect(await outcomes(seen(NO_CART))).toEqual(['NULL', 'NULL', 'NULL', 'NULL', 'NULL']);
    const NODE = 'query ($id: ID!) { node(id: $id) { __typename id ... on Cart { itemCount } } }';
    const node = async (by?: Account): Promise<object> => (await shop.send(NODE, { id: own.id }, by?.token)).data;
    expect(await node(other)).toEqual({ node: null });
    expect(await node(owner)).toMatchObject({ node: { __typename: 'Cart', id: own.id } });
  });

  it.each([
    ['add', () => ({ lines: [{ variantId: variant, quantity: 1 }] })],
    ['update', (lineId: string) => ({ lines: [{ id: lineId, quantity: 7 }] })],
    ['remove', (lineId: string) => ({ lineIds: [lineId] })],
    ['setCustomer', () => ({ email: 'ada@example.com' })],
    ['setAddresses', () => ({ shippingAddress: ADDRESS })],
    ['selectShipping', () => ({ method: 'standard' })],
    ['applyCoupon', () => ({ code: 'NO-SUCH-CODE' }), 'COUPON_INVALID'],
    ['removeCoupon', () => ({ code: 'NO-SUCH-CODE' })],
  ] as const)("to change a customer's cart by %s: the customer only", async (name, input, done: string = 'DONE') => {
    const cart = await makeCart(shop, { [second]: 1 }, owner);
    const line = cart.lines[0]?.id ?? '';
    const attempt = async (by?: Account): Promise<string> => {
      const before = await snapshot(shop, 'carts', 'cart_lines');
      const answer = await shop.send(stored[name], { input: { cartId: cart.id, ...input(line) } }, by?.token);
      if (by !== owner) expect(await snapshot(shop, 'carts', 'cart_lines')).toBe(before);
      return outcomeOf(answer);
    };
    expect(await outcomes(attempt)).toEqual(['NOT_FOUND', 'NOT_FOUND', done, 'NOT_FOUND', 'NOT_FOUND']);
  });

  it('to create: everybody', async () => {
    const attempt = async (by?: Account): Promise<string> =>
      outcomeOf(await shop.send(stored.create, { input: {} }, by?.token));
    expect(await outcomes(attempt)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  });

  it("shows an account's open cart to its owner and staff", async () => {
    const buyer = await signUp(shop);
    const mine = async (): Promise<object> =>
      (await shop.send('{ me { cart { id customer { id } } } }', {}, buyer.token)).data;
    expect(await mine()).toEqual({ me: { cart: null } });
    const { id } = await makeCart(shop, { [variant]: 1 }, buyer);
    expect(await mine()).toEqual({ me: { cart: { id, customer: { id: buyer.id } } } });
    const { data, extensions } = await shop.send(
      'query ($text: String) { users(filter: { text: $text }) { nodes { cart { id itemCount customer { id } } } } }',
      { text: buyer.email },
      staff.token,
    );
    expect(data['users'].nodes).toEqual([{ cart: { id, itemCount: 1, customer: { id: buyer.id } } }]);
    expect(extensions.sql.statements).toBe(3);
    await close(shop, id);
    expect(await mine()).toEqual({ me: { cart: null } });
  });
});

describe('a new cart', () => {
  it('tells everything, at the prices of now', async () => {
    const cart = await makeCart(shop, { [variant]: 2, [second]: 9 });
    const empty = { discountTotal: gbp('0.00'), shippingTotal: gbp('0.00'), taxTotal: gbp('0.00'), taxIncluded: false };
    const line = { productName: 'Lamp', availableQuantity: 5, unitPrice: gbp('10.00'), discount: gbp('0.00') };
    expect(cart).toMatchObject({
      ...empty,
      id: expect.stringMatching(/^cart_[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/),
      version: 1,
      email: null,
      customer: null,
      orderId: null,
      itemCount: 11,
      currency: 'GBP',
      shippingAddress: null,
      billingAddress: null,
      coupons: [],
      discounts: [],
      shippingMethod: null,
      subtotal: gbp('110.00'),
      total: gbp('110.00'),
      availableShippingMethods: [{ code: 'standard', name: 'Standard delivery', price: gbp('0.00') }],
      lines: [
        { ...line, quantity: 2, lineTotal: gbp('20.00'), problem: null, variant: { id: variant } },
        { ...line, quantity: 9, lineTotal: gbp('90.00'), problem: 'OUT_OF_STOCK', variant: { id: second } },
      ],
    });
    expect(await readCart(shop, cart.id)).toEqual(cart);
  });

  it('is kept for thirty days after the last change', async () => {
    const { id } = await makeCart(shop, {});
    const days = 'SELECT extract(epoch FROM expires_at - updated_at) / 86400 AS n FROM carts WHERE id = $1';
    expect(await countOf(shop, days, [uuidOf('cart', id)])).toBe(30);
    await expire(shop, id);
    await shop.database.query('test.revive', `UPDATE carts SET expires_at = now() + interval '1 day' WHERE id = $1`, [
      uuidOf('cart', id),
    ]);
    await changeCart(shop, stored.add, { cartId: id, lines: [{ variantId: variant }] });
    expect(await countOf(shop, days, [uuidOf('cart', id)])).toBe(30);
  });

  it('begins with the address that is given, or that of the account', async () => {
    const create = (input: object, by?: Account): Promise<Answer['data']> => changeCart(shop, stored.create, input, by);
    expect(await create({ email: ' Ada@Example.com' })).toMatchObject({ email: 'ada@example.com' });
    const buyer = await signUp(shop);
    expect(await create({}, buyer)).toMatchObject({ email: buyer.email });
    expect(await create({ email: 'office@example.com' }, buyer)).toMatchObject({ email: 'office@example.com' });
    expect(await create({}, buyer)).toMatchObject({ email: 'office@example.com' });
    expect(await refusedCart(shop, stored.create, { email: 'nobody' })).toBe('BAD_USER_INPUT input.email');
  });

  it('is the open one of an account that has one, until that is ordered or expired', async () => {
    const buyer = await signUp(shop);
    const create = (quantity: number): Promise<Answer['data']> =>
      changeCart(shop, stored.create, { lines: [{ variantId: variant, quantity }] }, buyer);
    const first = await create(2);
    expect(await create(3)).toMatchObject({ id: first['id'], version: 2, itemCount: 5 });
    await close(shop, first['id']);
    const next = await create(1);
    expect(next).toMatchObject({ version: 1, itemCount: 1 });
    await expire(shop, next['id']);
    const last = await create(4);
    expect(last).toMatchObject({ version: 1, itemCount: 4 });
    expect(new Set([first['id'], next['id'], last['id']]).size).toBe(3);
    const left = 'SELECT count(*) AS n FROM carts WHERE customer_id = $1';
    expect(await countOf(shop, left, [buyer.uuid])).toBe(2);
  });

  it('is refused as a whole when one of its lines is', async () => {
    const lines = [{ variantId: variant }, { variantId: NOBODY.variant }];
    expect(await refusedCart(shop, stored.create, { lines })).toBe('NOT_FOUND input.lines.1.variantId');
    expect(await refusedCart(shop, stored.create, { lines }, owner)).toBe('NOT_FOUND input.lines.1.variantId');
  });

  it('takes few statements', async () => {
    const lines = [{ variantId: variant }, { variantId: second }];
    const sent = async (document: string, input: object, by?: Account): Promise<string[]> =>
      (await shop.send(document, { input }, by?.token)).extensions.sql.names.map((name) => name.replace(/#.*/, ''));
    const guest = ['START', 'carts.insertGuest', 'cartLines.add', 'COMMIT'];
    expect(await sent(stored.create, { lines })).toEqual(guest);
    const [whole, priced] = [await sent(CART_CHANGES.create, { lines }), ['pricing.offers', 'pricing.terms']];
    expect(whole.slice(0, 4)).toEqual(guest);
    expect(whole.slice(4).toSorted()).toEqual([...priced, 'products.byIds', 'products.variantsByIds']);
    const account = ['START', 'carts.lockCustomer', 'carts.open', 'cartLines.add', 'COMMIT'];
    expect(await sent(stored.create, { lines }, owner)).toEqual(account);
  });
});

describe('limits', () => {
  it('how many carts one network may make in a minute', async () => {
    const strict = await startShop({ NEW_CARTS_PER_MINUTE: '3' });
    try {
      const buyer = await signUp(strict);
      const made = [];
      for (const by of [undefined, undefined, buyer, undefined, buyer]) {
        made.push(outcomeOf(await strict.send(stored.create, { input: {} }, by?.token)));
      }
      expect(made).toEqual(['DONE', 'DONE', 'DONE', 'RATE_LIMITED', 'RATE_LIMITED']);
      expect(await countOf(strict, 'SELECT count(*) AS n FROM carts')).toBe(3);
    } finally {
      await strict.close();
    }
  });
});

describe('an expired cart', () => {
  it('is not there any more for anybody', async () => {
    const cart = await makeCart(shop, { [variant]: 1 }, owner);
    await expire(shop, cart.id);
    for (const by of [undefined, owner, staff]) expect(await readCart(shop, cart.id, by)).toBeNull();
    const { data } = await shop.send('{ me { cart { id } } }', {}, owner.token);
    expect(data).toEqual({ me: { cart: null } });
    const input = { cartId: cart.id, lines: [{ variantId: variant }] };
    expect(await refusedCart(shop, stored.add, input, owner)).toBe('NOT_FOUND input.cartId');
  });

  it('is swept away, ordered or not, with its lines, and in batches', async () => {
    const kept = await makeCart(shop, { [variant]: 1 });
    const ordered = await makeCart(shop, { [variant]: 1 });
    await close(shop, ordered.id);
    await expire(shop, ordered.id);
    const sweeper = shop.app.get(CartSweeper, { strict: false });
    await sweeper.sweep();
    await shop.database.query(
      'test.expired',
      `WITH made AS (INSERT INTO carts (expires_at) SELECT now() - n * interval '1 minute' FROM generate_series(1, 1203) n RETURNING id)
       INSERT INTO cart_lines (cart_id, variant_id, quantity) SELECT id, $1, 1 FROM made`,
      [uuidOf('variant', variant)],
    );
    expect(await sweeper.sweep()).toBe(1_203);
    expect(await sweeper.sweep()).toBe(0);
    expect(await countOf(shop, 'SELECT count(*) AS n FROM carts WHERE expires_at <= now()')).toBe(0);
    expect(await readCart(shop, kept.id)).toMatchObject({ itemCount: 1 });
  });

  it('that somebody is changing is left for the next time', async () => {
    const { id } = await makeCart(shop, {});
    await expire(shop, id);
    const sweeper = shop.app.get(CartSweeper, { strict: false });
    await shop.database.transaction(async (tx) => {
      await tx.query('test.lock', 'SELECT FROM carts WHERE id = $1 FOR UPDATE', [uuidOf('cart', id)]);
      expect(await sweeper.sweep()).toBe(0);
    });
    expect(await sweeper.sweep()).toBe(1);
  });
});
