import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { LOGIN, PASSWORD, REGISTER, signUp, type Account } from './support/accounts.js';
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
  type MadeCart,
} from './support/carts.js';
import { countOf, fillProducts } from './support/catalogue.js';
import { ADDRESS } from './support/orders.js';
import { makePromotion } from './support/promotions.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const NO_CART = 'cart_0198f2c4d1e27abc8def0123456789ab';
const stored = cartChanges(STORED);

let shop: Shop;
let staff: Account;
let a: string;
let b: string;
let c: string;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  [a = '', b = '', c = ''] = await makeVariants(shop, staff, 3);
  for (const code of ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN'])
    await makePromotion(shop, staff, { code });
});

afterAll(() => shop?.close());

/** Signs in with a cart, which must succeed. */
async function signIn({ email }: Account, cartId: string): Promise<Answer> {
  const answer = await shop.send(LOGIN, { input: { email, password: PASSWORD, cartId } });
  expect(answer.data['login']).toMatchObject({ user: { email }, userErrors: [] });
  return answer;
}

/** Id of the account's open cart; `null` when there is none. */
async function openCart({ token }: Account): Promise<string | null> {
  const { data } = await shop.send('{ me { cart { id } } }', {}, token);
  return data['me'].cart?.id ?? null;
}

const change = (
  document: string,
  { id: cartId }: { id: string },
  input: object,
  by?: Account,
): Promise<Answer['data']> => changeCart(shop, document, { cartId, ...input }, by);
const unitsOf = (cart: Answer['data'] | null): [variant: string, units: number][] =>
  cart?.['lines'].map(({ variant, quantity }: { variant: { id: string }; quantity: number }) => [variant.id, quantity]);
const manyVariants = async (skip: number, count: number): Promise<Record<string, number>> => {
  const rows = await shop.database.query<{ id: string }>(
    'test.many',
    `SELECT 'variant_' || replace(id::text, '-', '') AS id FROM product_variants WHERE sku LIKE 'B-%' ORDER BY id OFFSET $1 LIMIT $2`,
    [skip, count],
  );
  return Object.fromEntries(rows.map(({ id }) => [id, 2]));
};

describe("a guest's cart, on login", () => {
  it("becomes the account's when that has none, under the same id", async () => {
    const buyer = await signUp(shop);
    const guest = await makeCart(shop, { [a]: 2 });
    await signIn(buyer, guest.id);
    expect(await openCart(buyer)).toBe(guest.id);
    expect(await readCart(shop, guest.id)).toBeNull();
    const cart = await readCart(shop, guest.id, buyer);
    expect(cart).toMatchObject({ version: 2, email: buyer.email, customer: { id: buyer.id }, itemCount: 2 });
  });

  it("becomes the account's in the place of one that has expired or was ordered", async () => {
    const buyer = await signUp(shop);
    for (const end of [expire, close]) {
      const old = await makeCart(shop, { [b]: 1 }, buyer);
      await end(shop, old.id);
      const guest = await makeCart(shop, { [a]: 2 });
      await signIn(buyer, guest.id);
      expect(await openCart(buyer)).toBe(guest.id);
      expect(unitsOf(await readCart(shop, guest.id, buyer))).toEqual([[a, 2]]);
      await close(shop, guest.id);
    }
  });

  it('is merged into the one that the account has: units are added, nothing is lost', async () => {
    const buyer = await signUp(shop);
    const own = await makeCart(shop, { [b]: 1, [a]: 998 }, buyer);
    const guest = await makeCart(shop, { [a]: 5, [c]: 3, [b]: 4 });
    await signIn(buyer, guest.id);
    expect(await openCart(buyer)).toBe(own.id);
    const merged = await readCart(shop, own.id, buyer);
    expect(unitsOf(merged)).toEqual([
      [b, 5],
      [a, 999],
      [c, 3],
    ]);
    expect(merged).toMatchObject({
      version: 2,
      lines: own.lines.map(({ id }) => ({ id })).concat({ id: guest.lines[1]?.id ?? '' }),
    });
    expect(await countOf(shop, 'SELECT count(*) AS n FROM carts WHERE id = $1', [uuidOf('cart', guest.id)])).toBe(0);
    expect(await readCart(shop, guest.id)).toBeNull();
  });

  it("gives what the account's lacks: addresses, e-mail, shipping, and coupons behind its own", async () => {
    const buyer = await signUp(shop);
    const own = await makeCart(shop, { [a]: 1 }, buyer);
    await change(CART_CHANGES.setAddresses, own, { shippingAddress: { ...ADDRESS, city: 'Bath' } }, buyer);
    for (const code of ['ONE', 'TWO', 'THREE']) await change(CART_CHANGES.applyCoupon, own, { code }, buyer);
    const guest = await makeCart(shop, { [a]: 1 });
    await change(CART_CHANGES.setAddresses, guest, {
      shippingAddress: ADDRESS,
      billingAddress: { ...ADDRESS, city: 'York' },
    });
    await change(CART_CHANGES.setCustomer, guest, { email: 'elsewhere@example.com' });
    await change(CART_CHANGES.selectShipping, guest, { method: 'standard' });
    for (const code of ['FOUR', 'TWO', 'FIVE', 'SIX', 'SEVEN']) await change(CART_CHANGES.applyCoupon, guest, { code });
    await signIn(buyer, guest.id);
    expect(await readCart(shop, own.id, buyer)).toMatchObject({
      email: buyer.email,
      shippingAddress: { city: 'Bath' },
      billingAddress: { city: 'York' },
      shippingMethod: { code: 'standard' },
      coupons: ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'].map((code) => ({ code })),
    });
  });

  it('keeps the lines that find no room among a hundred', async () => {
    await fillProducts(shop, 40, []);
    const buyer = await signUp(shop);
    const own = await makeCart(shop, { ...(await manyVariants(0, 97)), [a]: 1 }, buyer);
    const guest = await makeCart(shop, { ...(await manyVariants(96, 5)), [a]: 1 });
    await signIn(buyer, guest.id);
    const merged = await readCart(shop, own.id, buyer);
    expect(merged?.['lines']).toHaveLength(100);
    const places = guest.lines.slice(1, 3).map(({ id }) => id);
    expect(merged?.['lines'].slice(98).map(({ id }: { id: string }) => id)).toEqual(places);
    const left = await readCart(shop, guest.id);
    expect(left).toMatchObject({ version: 2, customer: null, itemCount: 4 });
    expect(left?.['lines'].map(({ id }: { id: string }) => id)).toEqual(guest.lines.slice(3, 5).map(({ id }) => id));
    expect(merged?.['itemCount'] + left?.['itemCount']).toBe(98 * 2 - 1 + 5 * 2 + 1);
  });

  it('comes along with a registration, too', async () => {
    const guest = await makeCart(shop, { [a]: 2 });
    const email = 'new-buyer@example.com';
    const input = { email, name: 'Grace', password: PASSWORD, cartId: guest.id };
    const { data } = await shop.send(REGISTER, { input });
    expect(data['register']).toMatchObject({ user: { email }, userErrors: [] });
    const mine = await shop.send('{ me { cart { id email itemCount } } }', {}, data['register'].accessToken);
    expect(mine.data).toEqual({ me: { cart: { id: guest.id, email, itemCount: 2 } } });
  });

  it('is shown with the account that has signed in', async () => {
    const buyer = await signUp(shop);
    const guest = await makeCart(shop, { [a]: 2 });
    const document =
      'mutation ($input: LoginInput!) { login(input: $input) { user { cart { id itemCount total { amount } } } } }';
    const { data } = await shop.send(document, { input: { email: buyer.email, password: PASSWORD, cartId: guest.id } });
    expect(data['login'].user.cart).toEqual({ id: guest.id, itemCount: 2, total: { amount: '20.00' } });
  });

  it('is passed over when it is gone, ordered, expired or of somebody else', async () => {
    const buyer = await signUp(shop);
    const other = await signUp(shop);
    const [ordered, expired] = [await makeCart(shop, { [a]: 1 }), await makeCart(shop, { [a]: 1 })];
    await close(shop, ordered.id);
    await expire(shop, expired.id);
    const foreign = await makeCart(shop, { [a]: 1 }, other);
    for (const id of [NO_CART, ordered.id, expired.id, foreign.id]) {
      await signIn(buyer, id);
      expect(await openCart(buyer)).toBeNull();
    }
    expect(await readCart(shop, foreign.id, other)).toMatchObject({ version: 1, itemCount: 1 });
    const own = await makeCart(shop, { [a]: 1 }, buyer);
    await signIn(buyer, own.id);
    expect(await readCart(shop, own.id, buyer)).toMatchObject({ version: 1, itemCount: 1 });
    const { errors } = await shop.send(LOGIN, { input: { email: buyer.email, password: PASSWORD, cartId: buyer.id } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.cartId' }] });
  });

  it('stays with the guest when the password is wrong', async () => {
    const buyer = await signUp(shop);
    const guest = await makeCart(shop, { [a]: 2 });
    const { data } = await shop.send(LOGIN, { input: { email: buyer.email, password: 'wrong', cartId: guest.id } });
    expect(data['login'].userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect(await readCart(shop, guest.id)).toMatchObject({ version: 1, customer: null });
  });

  it('takes few statements', async () => {
    const buyer = await signUp(shop);
    const none = (await shop.send(LOGIN, { input: { email: buyer.email, password: PASSWORD } })).extensions.sql
      .statements;
    const more = async (cartId: string): Promise<number> =>
      (await signIn(buyer, cartId)).extensions.sql.statements - none;
    const guest = async (): Promise<MadeCart> => makeCart(shop, { [a]: 1, [b]: 1 });
    expect(await more(NO_CART)).toBe(2);
    expect(await more((await guest()).id)).toBe(3);
    expect(await more((await guest()).id)).toBe(5);
  });
});

describe('setCartCustomer', () => {
  it("gives a guest's cart to who is signed in, and merges it, with the address that is told", async () => {
    const buyer = await signUp(shop);
    const first = await makeCart(shop, { [a]: 2 });
    const mine = await change(CART_CHANGES.setCustomer, first, { expectedVersion: 1 }, buyer);
    expect(mine).toMatchObject({ id: first.id, email: buyer.email, customer: { id: buyer.id }, itemCount: 2 });
    const next = await makeCart(shop, { [a]: 1, [b]: 1 });
    const merged = await change(CART_CHANGES.setCustomer, next, { email: 'office@example.com' }, buyer);
    expect(merged).toMatchObject({ id: first.id, email: 'office@example.com', itemCount: 4 });
    expect(await readCart(shop, next.id, buyer)).toBeNull();
    const again = await change(CART_CHANGES.setCustomer, first, { email: 'home@example.com' }, buyer);
    expect(again).toMatchObject({ id: first.id, email: 'home@example.com', itemCount: 4 });
  });

  it('refuses what every change refuses, and a guest without an address', async () => {
    const buyer = await signUp(shop);
    const guest = await makeCart(shop, { [a]: 2 });
    const refused = (input: object, by?: Account): Promise<string> => refusedCart(shop, stored.setCustomer, input, by);
    expect(await refused({ cartId: guest.id })).toBe('BAD_USER_INPUT input.email');
    expect(await refused({ cartId: guest.id, email: 'nobody' })).toBe('BAD_USER_INPUT input.email');
    for (const by of [undefined, buyer]) {
      const email = 'ada@example.com';
      const stale = { cartId: guest.id, email, expectedVersion: 2 };
      expect(await refused(stale, by)).toBe('VERSION_CONFLICT input.expectedVersion');
      expect(await refused({ cartId: NO_CART, email }, by)).toBe('NOT_FOUND input.cartId');
    }
    await close(shop, guest.id);
    expect(await refused({ cartId: guest.id }, buyer)).toBe('CART_CLOSED input.cartId');
  });
});
