import { Role } from '../../src/access/role.js';
import { CartsService } from '../../src/carts/carts.service.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { LOGIN, outcomeOf, PASSWORD, signUp, tally, type Account } from '../support/accounts.js';
import {
  cartChanges,
  expire,
  makeCart,
  makeVariants,
  readCart,
  STORED,
  unitsInCarts,
  type MadeCart,
} from '../support/carts.js';
import { countOf, pick, seeded } from '../support/catalogue.js';
import { ADDRESS } from '../support/orders.js';
import { makePromotion } from '../support/promotions.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const stored = cartChanges(STORED);

let shop: Shop;
let staff: Account;
let variants: string[];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  variants = await makeVariants(shop, staff, 50);
  await makePromotion(shop, staff, { code: 'RACE' });
});

afterAll(() => shop?.close());

const variant = (place: number): string => variants[place] ?? '';
const send = (document: string, input: object, by?: Account): Promise<Answer> =>
  shop.send(document, { input }, by?.token);
const addOne = ({ id: cartId }: { id: string }, variantId: string, by?: Account): Promise<Answer> =>
  send(stored.add, { cartId, lines: [{ variantId, quantity: 1 }] }, by);
const signIn = ({ email }: Account, cartId: string): Promise<Answer> =>
  send(LOGIN, { email, password: PASSWORD, cartId });
const times = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

async function unitsOf(cart: { id: string }, by?: Account): Promise<number> {
  return (await readCart(shop, cart.id, by))?.['itemCount'] ?? 0;
}

async function openCarts({ uuid }: Account): Promise<number> {
  return countOf(shop, 'SELECT count(*) AS n FROM carts WHERE customer_id = $1 AND order_id IS NULL', [uuid]);
}

describe('one cart', () => {
  it('loses none of 50 units of the same variant that are added at once', async () => {
    const cart = await makeCart(shop, {});
    const answers = await times(50, () => addOne(cart, variant(0)));
    expect(tally(answers)).toEqual({ DONE: 50 });
    const seen = answers.map(({ data }) => data['addCartLines'].cart.itemCount).toSorted((x, y) => x - y);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(await readCart(shop, cart.id)).toMatchObject({ version: 51, itemCount: 50, lines: [{ quantity: 50 }] });
  });

  it('loses none of 50 variants that are added at once', async () => {
    const cart = await makeCart(shop, {});
    const answers = await times(50, (n) => addOne(cart, variant(n)));
    expect(tally(answers)).toEqual({ DONE: 50 });
    const after = await readCart(shop, cart.id);
    expect(after).toMatchObject({ version: 51, itemCount: 50 });
    const inside = after?.['lines'].map(({ variant: { id } }: { variant: { id: string } }) => id);
    expect(inside.toSorted()).toEqual(variants.toSorted());
  });

  it('never holds more than 999 of one variant or 100 lines', async () => {
    const cart = await makeCart(shop, { [variant(0)]: 990 });
    expect(tally(await times(20, () => addOne(cart, variant(0))))).toEqual({ DONE: 9, BAD_USER_INPUT: 11 });
    const many = await makeVariants(shop, staff, 60);
    const full = await makeCart(shop, Object.fromEntries(variants.concat(many.slice(0, 40)).map((id) => [id, 1])));
    expect(tally(await times(20, (n) => addOne(full, many[40 + n] ?? '')))).toEqual({ DONE: 10, TOO_MANY_LINES: 10 });
    expect(await unitsOf(full)).toBe(100);
  });

  it('lets one of 20 changes through that all expect the same version', async () => {
    const cart = await makeCart(shop, {});
    const input = { cartId: cart.id, expectedVersion: 1, lines: [{ variantId: variant(0), quantity: 1 }] };
    expect(tally(await times(20, () => send(stored.add, input)))).toEqual({ DONE: 1, VERSION_CONFLICT: 19 });
    expect(await unitsOf(cart)).toBe(1);
  });

  it('adds up when lines are added, set and removed, coupons, addresses and methods change, all at once', async () => {
    const random = seeded(7);
    const cart = await makeCart(shop, Object.fromEntries(variants.slice(0, 10).map((id) => [id, 5])));
    const lineIds = cart.lines.map(({ id }) => id);
    const input = (more: object): object => ({ cartId: cart.id, ...more });
    const anyChange = (): [document: string, input: object] =>
      pick<[string, object]>(random, [
        [stored.add, input({ lines: [{ variantId: pick(random, variants.slice(20)), quantity: 2 }] })],
        [stored.add, input({ lines: [{ variantId: pick(random, variants.slice(20)), quantity: 1 }] })],
        [stored.update, input({ lines: [{ id: pick(random, lineIds), quantity: 1 + Math.floor(random() * 9) }] })],
        [stored.remove, input({ lineIds: [pick(random, lineIds)] })],
        [stored.applyCoupon, input({ code: 'RACE' })],
        [stored.removeCoupon, input({ code: 'RACE' })],
        [stored.setAddresses, input({ shippingAddress: ADDRESS })],
        [stored.selectShipping, input({ method: 'standard' })],
        [stored.setCustomer, input({ email: 'ada@example.com' })],
      ]);
    const changes = Array.from({ length: 150 }, anyChange);
    const answers = await Promise.all(changes.map(([document, wanted]) => send(document, wanted)));
    const { DONE = 0, NOT_FOUND = 0, COUPON_NOT_APPLICABLE = 0, ...others } = tally(answers);
    expect(others).toEqual({});
    expect(DONE + NOT_FOUND + COUPON_NOT_APPLICABLE).toBe(150);
    const after = await readCart(shop, cart.id);
    expect(after).toMatchObject({ version: DONE + 1, email: 'ada@example.com', shippingAddress: ADDRESS });
    const added = changes.reduce((sum, [document, { lines }]: [string, { lines?: { quantity: number }[] }], n) => {
      const done = document === stored.add && outcomeOf(answers[n] as Answer) === 'DONE';
      return sum + (done ? (lines?.[0]?.quantity ?? 0) : 0);
    }, 0);
    const sql = `SELECT coalesce(sum(quantity), 0) AS n FROM cart_lines WHERE cart_id = $1 AND variant_id = ANY($2::uuid[])`;
    const late = variants.slice(20).map((id) => uuidOf('variant', id));
    expect(await countOf(shop, sql, [uuidOf('cart', cart.id), late])).toBe(added);
  });

  it('is ordered once by 20 who order it at once, and what is added is in the order or refused', async () => {
    const service = shop.app.get(CartsService, { strict: false });
    for (let round = 0; round < 5; round += 1) {
      const cart = await makeCart(shop, { [variant(0)]: 1 });
      const uuid = uuidOf('cart', cart.id) ?? '';
      const orders = times(20, () => shop.database.transaction((tx) => service.order(tx, uuid, null)));
      const [ordered, adds] = await Promise.all([orders, times(10, () => addOne(cart, variant(0)))]);
      expect(new Set(ordered.map(({ orderId }) => orderId)).size).toBe(1);
      const [first, ...rest] = ordered.filter(({ alreadyOrdered }) => !alreadyOrdered);
      expect(rest).toEqual([]);
      const { DONE = 0, CART_CLOSED = 0 } = tally(adds);
      expect(DONE + CART_CLOSED).toBe(10);
      expect(first?.lines).toEqual([{ variantId: uuidOf('variant', variant(0)), quantity: 1 + DONE }]);
      expect(await unitsOf(cart)).toBe(1 + DONE);
    }
  });
});

describe('an account', () => {
  it('has one open cart with everything after making 20 at once', async () => {
    for (const expired of [false, true]) {
      const buyer = await signUp(shop);
      if (expired) await expire(shop, (await makeCart(shop, { [variant(1)]: 100 }, buyer)).id);
      const lines = [{ variantId: variant(0), quantity: 2 }];
      const answers = await times(20, () => send(stored.create, { lines }, buyer));
      expect(tally(answers)).toEqual({ DONE: 20 });
      const ids = new Set(answers.map(({ data }) => data['createCart'].cart.id));
      expect(ids.size).toBe(1);
      expect(await openCarts(buyer)).toBe(1);
      expect(await unitsOf({ id: [...ids][0] ?? '' }, buyer)).toBe(40);
    }
  });

  it('gets one cart out of many that it brings and makes at once', async () => {
    const [mine = ''] = await makeVariants(shop, staff, 1);
    const buyer = await signUp(shop);
    const guests = await times(10, () => makeCart(shop, { [mine]: 1 }));
    const lines = [{ variantId: mine, quantity: 1 }];
    const answers = await Promise.all([
      ...guests.map(({ id }, n) => (n % 2 ? signIn(buyer, id) : send(stored.setCustomer, { cartId: id }, buyer))),
      ...Array.from({ length: 10 }, () => send(stored.create, { lines }, buyer)),
    ]);
    expect(tally(answers)).toEqual({ DONE: 20 });
    expect(await openCarts(buyer)).toBe(1);
    expect(await unitsInCarts(shop, mine)).toBe(20);
    const owned =
      'SELECT sum(l.quantity) AS n FROM cart_lines l JOIN carts c ON c.id = l.cart_id WHERE c.customer_id = $1';
    expect(await countOf(shop, owned, [buyer.uuid])).toBe(20);
  });
});

describe("a guest's cart", () => {
  it('goes to one of two accounts that sign in with it at once; for one account it counts once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [first, second] = [await signUp(shop), await signUp(shop)];
      // With and without carts of their own.
      if (round % 2) for (const buyer of [first, second]) await makeCart(shop, { [variant(2)]: 1 }, buyer);
      const [mine = ''] = await makeVariants(shop, staff, 1);
      const guest = await makeCart(shop, { [mine]: 3 });
      const answers = await Promise.all([first, second, first, second].map((buyer) => signIn(buyer, guest.id)));
      expect(tally(answers)).toEqual({ DONE: 4 });
      expect(await unitsInCarts(shop, mine)).toBe(3);
      const owners = `SELECT count(DISTINCT c.customer_id) AS n FROM cart_lines l JOIN carts c ON c.id = l.cart_id WHERE l.variant_id = $1`;
      expect(await countOf(shop, owners, [uuidOf('variant', mine)])).toBe(1);
      expect((await openCarts(first)) + (await openCarts(second))).toBe(round % 2 ? 2 : 1);
    }
  });

  it('loses nothing when it is merged while units are added to both carts', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [mine = '', other = ''] = await makeVariants(shop, staff, 2);
      const buyer = await signUp(shop);
      const own: MadeCart | null = round % 2 ? await makeCart(shop, { [mine]: 1 }, buyer) : null;
      const guest = await makeCart(shop, { [mine]: 1, [other]: 1 });
      const toGuest = times(12, (n) => addOne(guest, n % 2 ? mine : other));
      const toOwn = times(own ? 6 : 0, () => addOne(own ?? guest, mine, buyer));
      const [login, guests, owns] = await Promise.all([signIn(buyer, guest.id), toGuest, toOwn]);
      expect(outcomeOf(login)).toBe('DONE');
      const { DONE = 0, NOT_FOUND = 0 } = tally(guests);
      expect(DONE + NOT_FOUND).toBe(12);
      expect(tally(owns)).toEqual(own ? { DONE: 6 } : {});
      const units = (await unitsInCarts(shop, mine)) + (await unitsInCarts(shop, other));
      expect(units).toBe(2 + DONE + (own ? 7 : 0));
      expect(await openCarts(buyer)).toBe(1);
    }
  });
});
