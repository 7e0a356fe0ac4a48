import { Role } from '../src/access/role.js';
import type { Viewer } from '../src/access/viewer.js';
import { CartsService, type OrderableCart } from '../src/carts/carts.service.js';
import { toGlobalId, uuidOf } from '../src/graphql/global-id.js';
import { countingStatements, statementLog } from '../src/telemetry/statements.js';
import { signUp, snapshot, type Account } from './support/accounts.js';
import {
  CART_CHANGES,
  changeCart,
  expire,
  makeCart,
  makeVariants,
  readCart,
  refusedCart,
  type MadeCart,
} from './support/carts.js';
import { ADDRESS } from './support/orders.js';
import { makePromotion } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

const NO_CART = 'cart_0198f2c4d1e27abc8def0123456789ab';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let shop: Shop;
let staff: Account;
let buyer: Account;
let a: string;
let b: string;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
  [a = '', b = ''] = await makeVariants(shop, staff, 2);
  await makePromotion(shop, staff, { code: 'ORDERED' });
});

afterAll(() => shop?.close());

const viewerOf = ({ uuid }: Account): Viewer => ({ id: uuid, roles: [Role.USER], sessionId: uuid, expiresAt: 0 });
const uuid = ({ id }: { id: string }): string => uuidOf('cart', id) ?? '';

/** Orders a cart in a transaction of its own; answers it and the statements that it took. */
async function order(cart: { id: string }, by?: Account): Promise<[ordered: OrderableCart, statements: string[]]> {
  const service = shop.app.get(CartsService, { strict: false });
  const log = statementLog();
  const ordered = await shop.database.transaction((tx) =>
    countingStatements(log, () => service.order(tx, uuid(cart), by ? viewerOf(by) : null)),
  );
  return [ordered, log.names.filter((name) => name !== 'COMMIT').map((name) => name.replace(/#.*/, ''))];
}

/** An order that must be refused and change nothing. */
async function refusal(cart: { id: string }, by?: Account): Promise<unknown> {
  const before = await snapshot(shop, 'carts', 'cart_lines');
  const error = await order(cart, by).catch((thrown: unknown) => thrown);
  expect(await snapshot(shop, 'carts', 'cart_lines')).toBe(before);
  return error;
}

async function fullCart(by?: Account): Promise<MadeCart> {
  const cart = await makeCart(shop, { [b]: 2, [a]: 1 }, by);
  const changes: [keyof typeof CART_CHANGES, object][] = [
    ['setAddresses', { shippingAddress: ADDRESS }],
    ['selectShipping', { method: 'standard' }],
    ['applyCoupon', { code: 'ORDERED' }],
  ];
  for (const [name, input] of changes) await changeCart(shop, CART_CHANGES[name], { cartId: cart.id, ...input }, by);
  return cart;
}

describe('a cart that is ordered', () => {
  it('is closed with the id of its order, and tells all that is ordered, in two statements', async () => {
    const cart = await fullCart(buyer);
    const [ordered, statements] = await order(cart, buyer);
    expect(statements).toEqual(['START', 'carts.close', 'cartLines.of']);
    expect(ordered).toEqual({
      id: uuid(cart),
      orderId: expect.stringMatching(UUID),
      alreadyOrdered: false,
      customerId: buyer.uuid,
      email: buyer.email,
      shippingMethod: 'standard',
      coupons: ['ORDERED'],
      shippingAddress: expect.objectContaining(ADDRESS),
      billingAddress: null,
      lines: [
        { variantId: uuidOf('variant', b), quantity: 2 },
        { variantId: uuidOf('variant', a), quantity: 1 },
      ],
    });
    const orderId = toGlobalId('order', ordered.orderId);
    expect(await readCart(shop, cart.id, buyer)).toMatchObject({ orderId, version: 5, itemCount: 3 });
    const add = { cartId: cart.id, lines: [{ variantId: a }] };
    expect(await refusedCart(shop, CART_CHANGES.add, add, buyer)).toBe('CART_CLOSED input.cartId');
  });

  it('keeps its order when it is ordered again, and changes no more', async () => {
    const cart = await fullCart();
    const [first] = await order(cart);
    const before = await snapshot(shop, 'carts', 'cart_lines');
    const [again, statements] = await order(cart);
    expect(again).toEqual({ ...first, alreadyOrdered: true });
    expect(statements).toEqual(['START', 'carts.close', 'cartLines.of', 'carts.usable']);
    expect(await snapshot(shop, 'carts', 'cart_lines')).toBe(before);
  });

  it('is open again when the transaction is rolled back', async () => {
    const cart = await fullCart();
    const before = await snapshot(shop, 'carts', 'cart_lines');
    const service = shop.app.get(CartsService, { strict: false });
    const failed = shop.database.transaction(async (tx) => {
      await service.order(tx, uuid(cart), viewerOf(buyer));
      throw new Error('out of stock');
    });
    await expect(failed).rejects.toThrow('out of stock');
    expect(await snapshot(shop, 'carts', 'cart_lines')).toBe(before);
    expect((await order(cart))[0]).toMatchObject({ alreadyOrdered: false, customerId: null, email: null });
  });

  it("of a guest becomes the viewer's, who can have an open cart beside it", async () => {
    const somebody = await signUp(shop);
    const own = await makeCart(shop, { [a]: 1 }, somebody);
    const guest = await makeCart(shop, { [b]: 1 });
    expect((await order(guest, somebody))[0]).toMatchObject({ customerId: somebody.uuid, email: somebody.email });
    expect(await readCart(shop, guest.id, somebody)).toMatchObject({ customer: { id: somebody.id } });
    expect(await readCart(shop, own.id, somebody)).toMatchObject({ orderId: null, itemCount: 1 });
    expect(await readCart(shop, guest.id)).toBeNull();
  });

  it("is not found when it is unknown, expired or somebody else's", async () => {
    const cart = await fullCart(await signUp(shop));
    const expired = await fullCart();
    await expire(shop, expired.id);
    const missing = expect.objectContaining({ code: 'NOT_FOUND', field: ['input', 'cartId'] });
    expect(await refusal({ id: NO_CART }, buyer)).toEqual(missing);
    expect(await refusal(cart)).toEqual(missing);
    expect(await refusal(cart, buyer)).toEqual(missing);
    expect(await refusal(expired)).toEqual(missing);
  });
});
