import { Role } from '../src/access/role.js';
import { SaleService } from '../src/checkout/sale.service.js';
import { Unavailable } from '../src/errors/request-errors.js';
import { EventsService } from '../src/events/events.service.js';
import { PaymentsService } from '../src/payments/payments.service.js';
import { signUp, type Account } from './support/accounts.js';
import { CART_CHANGES, changeCart, expire, makeCart } from './support/carts.js';
import { change, codeOf, NOBODY, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  ADDRESS,
  anOrder,
  buyingDump,
  makeGoods,
  order,
  ORDER_CHANGES,
  placed,
  refusedOrder,
  rowsOf,
  stockOf,
  variantOf,
} from './support/orders.js';
import { replace } from './support/payments.js';
import { aMethod, SET_SHIPPING_METHODS } from './support/price-tables.js';
import { makePromotion, redeem, rulesOf, wrongUses, type MadePromotion } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

const { place } = ORDER_CHANGES;
const NO_CART = 'cart_0198f2c4d1e27abc8def0123456789ab';
const SANDBOX = { payment: { method: 'sandbox', token: 'succeed' } };
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let goods: MadeProduct;
let others: MadeProduct;
let rare: MadeProduct;
let draft: MadeProduct;
let spare: MadeProduct;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  goods = await makeGoods(shop, staff, 99);
  others = await makeGoods(shop, staff, 99);
  rare = await makeGoods(shop, staff, 1, { weightGrams: 30_000 });
  draft = await makeGoods(shop, staff, 9);
  spare = await makeGoods(shop, staff, 99);
  await change(shop, staff, PRODUCT_CHANGES.update, { id: draft.id, status: 'DRAFT' });
  const bands = [{ price: gbp('0') }, { fromGrams: 30_000 }];
  const admin = await signUp(shop, { roles: [Role.ADMIN] });
  const methods = [
    aMethod({ bands: [{ price: gbp('0') }] }),
    aMethod({ code: 'light', basis: 'WEIGHT', bands }),
    aMethod({ code: 'france', countries: ['FR'] }),
  ];
  await change(shop, admin, SET_SHIPPING_METHODS, { methods });
  const codes: [string, object][] = [
    ['OVER', { endsAt: '2020-01-01T00:00:00Z' }],
    ['SOON', { startsAt: '2999-01-01T00:00:00Z' }],
    ['SPENT', { usageLimit: 1 }],
    ['ONCE', { usageLimitPerCustomer: 1 }],
  ];
  for (const [code, traits] of codes) await makePromotion(shop, staff, { code, ...traits });
  await placed(shop, anOrder([line(goods)], { email: 'bo@example.com', coupons: ['SPENT'] }));
  await placed(shop, anOrder([line(goods)], { coupons: ['ONCE'] }));
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

const line = (product: MadeProduct, quantity = 1): { variantId: string; quantity: number } => ({
  variantId: variantOf(product),
  quantity,
});

describe('placeOrder leaves no trace when it is refused for', () => {
  it.each<[string, string, () => object]>([
    ['an unknown variant', 'NOT_FOUND input.lines.1.variantId', () => two({ variantId: NOBODY.variant, quantity: 1 })],
    ['a product that is not sold', 'NOT_FOR_SALE input.lines.1.variantId', () => two(line(draft))],
    ['the third line, on account', 'OUT_OF_STOCK input.lines.2.variantId', () => three()],
    ['the third line, to be paid', 'OUT_OF_STOCK input.lines.2.variantId', () => three(SANDBOX)],
    [
      'units that are named in two lines',
      'OUT_OF_STOCK input.lines.0.variantId',
      () => anOrder([line(rare), line(rare)]),
    ],
    ['no e-mail address', 'CART_INCOMPLETE input.email', () => one({ email: null })],
    ['no address', 'CART_INCOMPLETE input.shippingAddress', () => one({ shippingAddress: null })],
    ['no method', 'CART_INCOMPLETE input.shippingMethod', () => one({ shippingMethod: null })],
    ['no payment', 'CART_INCOMPLETE input.payment', () => one({ payment: null })],
    [
      'an unknown payment',
      'PAYMENT_METHOD_UNAVAILABLE input.payment.method',
      () => one({ payment: { method: 'stripe' } }),
    ],
    ['an unknown method', 'SHIPPING_UNAVAILABLE input.shippingMethod', () => one({ shippingMethod: 'drone' })],
    [
      'a method of another country',
      'SHIPPING_UNAVAILABLE input.shippingMethod',
      () => one({ shippingMethod: 'france' }),
    ],
    [
      'too much weight',
      'SHIPPING_UNAVAILABLE input.shippingMethod',
      () => anOrder([line(rare)], { shippingMethod: 'light' }),
    ],
    ['an unknown coupon', 'COUPON_INVALID input.coupons', () => one({ coupons: ['NONE'] })],
    ['a coupon of the past', 'COUPON_EXPIRED input.coupons', () => one({ coupons: ['OVER'] })],
    ['a coupon of the future', 'COUPON_EXPIRED input.coupons', () => one({ coupons: ['SOON'] })],
    ['a coupon that all have used', 'COUPON_USED_UP input.coupons', () => one({ coupons: ['SPENT'] })],
    [
      'a coupon that this guest has used',
      'COUPON_USED_UP input.coupons',
      () => one({ coupons: ['ONCE'], email: 'ADA@example.com' }),
    ],
    [
      'a total in another currency',
      'CURRENCY_MISMATCH input.expectedTotal',
      () => one({ expectedTotal: { amount: '10', currency: 'EUR' } }),
    ],
    ['an unknown cart', 'NOT_FOUND input.cartId', () => ofCart(NO_CART)],
  ])('%s', async (_, expected, input) => {
    expect(await refusedOrder(shop, place, input())).toBe(expected);
  });

  it('too few units, and tells how many there are', async () => {
    const { userErrors } = await order(shop, place, three());
    expect(userErrors).toMatchObject([{ message: `Only 1 units of ${rare.variants[0]?.sku} are available.` }]);
  });

  it('a price that has changed, and shows the total of now', async () => {
    const dear = await makeGoods(shop, staff, 9);
    const input = anOrder([line(dear, 2)], { expectedTotal: gbp('20') });
    await change(shop, staff, PRODUCT_CHANGES.updateVariant, { id: variantOf(dear), price: gbp('10.01') });
    expect(await refusedOrder(shop, place, input)).toBe('PRICE_CHANGED input.expectedTotal');
    const { currentTotal } = await order(shop, place, input);
    expect(currentTotal).toEqual({ amount: '20.02', currency: 'GBP' });
    await placed(shop, { ...input, expectedTotal: currentTotal });
    expect(await stockOf(shop, dear)).toEqual([7, 0]);
  });

  it('an empty cart, an expired one, and goods of a cart that are not sold any more', async () => {
    const empty = await makeCart(shop, {});
    expect(await refusedOrder(shop, place, ofCart(empty.id))).toBe('CART_EMPTY input.cartId');
    const old = await makeCart(shop, { [variantOf(goods)]: 1 });
    await expire(shop, old.id);
    expect(await refusedOrder(shop, place, ofCart(old.id))).toBe('NOT_FOUND input.cartId');
    const gone = await makeGoods(shop, staff, 9);
    const cart = await makeCart(shop, { [variantOf(goods)]: 1, [variantOf(gone)]: 1 });
    await change(shop, staff, PRODUCT_CHANGES.archive, { id: gone.id });
    expect(await refusedOrder(shop, place, ofCart(cart.id))).toBe('NOT_FOR_SALE input.cartId');
  });

  it('a coupon of the cart that was used up meanwhile', async () => {
    const last = await makePromotion(shop, staff, { code: 'LAST', usageLimit: 1 });
    const cart = await makeCart(shop, { [variantOf(goods)]: 1 });
    await changeCart(shop, CART_CHANGES.applyCoupon, { cartId: cart.id, code: 'LAST' });
    await redeem(shop, await rulesOf(shop, last), { orderId: (await someOrder()).id });
    expect(await refusedOrder(shop, place, ofCart(cart.id))).toBe('COUPON_USED_UP input.coupons');
  });

  it.each<[string, object | (() => object)]>([
    ['input.lines', { lines: null }],
    ['input.lines', { cartId: NO_CART }],
    ['input.coupons', () => ({ ...ofCart(NO_CART), lines: undefined, coupons: [] })],
    ['input.lines', { lines: [] }],
    ['input.lines', () => ({ lines: Array.from({ length: 101 }, () => line(goods)) })],
    ['input.lines.0.quantity', () => ({ lines: [line(goods, 0)] })],
    ['input.lines.0.quantity', () => ({ lines: [line(goods, 1_000)] })],
    ['input.lines.0.variantId', { lines: [{ variantId: NOBODY.product, quantity: 1 }] }],
    ['input.cartId', { lines: null, cartId: NOBODY.product }],
    ['input.email', { email: 'nobody' }],
    ['input.shippingAddress.city', { shippingAddress: { ...ADDRESS, city: ' ' } }],
    ['input.coupons', { coupons: ['A', 'B', 'C', 'D', 'E', 'F'] }],
    ['input.expectedTotal.amount', { expectedTotal: gbp('10.001') }],
    ['input.payment.method', { payment: { method: '' } }],
  ])('malformed input at %s (%#)', async (path, traits) => {
    const input = one(typeof traits === 'function' ? traits() : traits);
    const before = await buyingDump(shop);
    const { data, errors } = await shop.send(place, { input });
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    expect(await buyingDump(shop)).toBe(before);
  });
});

describe('work that was done before the refusal', () => {
  /** Lets something happen when the units of the next order are taken. */
  function whenTaken(happens: () => Promise<unknown>): void {
    const sale = shop.app.get(SaleService, { strict: false });
    const take = sale.takeUnits.bind(sale);
    const hook = replace(sale, 'takeUnits', async (...args) => {
      hook.restore();
      const events = await take(...args);
      await happens();
      return events;
    });
  }

  const useUp = async (promotion: MadePromotion): Promise<void> => {
    await redeem(shop, await rulesOf(shop, promotion), { orderId: (await someOrder()).id });
  };

  it('is undone when the coupon is used up behind the price', async () => {
    const last = await makePromotion(shop, staff, { code: 'BEHIND', usageLimit: 1 });
    let before = '';
    whenTaken(async () => {
      await useUp(last);
      before = await buyingDump(shop);
    });
    const { userErrors, ...result } = await order(shop, place, one({ coupons: ['BEHIND'] }));
    expect(userErrors).toMatchObject([{ code: 'COUPON_USED_UP' }]);
    expect(result).toEqual({ order: null, payment: null, currentTotal: null });
    expect(await buyingDump(shop)).toBe(before);
  });

  it('is undone and done again at the price of now when an automatic promotion is used up', async () => {
    const [orders, [onHand]] = [await rowsOf(shop, 'orders'), await stockOf(shop, goods)];
    const gone = await makePromotion(shop, staff, { kind: 'FIXED_AMOUNT', amount: gbp('1'), usageLimit: 1 });
    whenTaken(() => useUp(gone));
    const made = await placed(shop, one({}));
    expect(made).toMatchObject({ discounts: [], total: gbp('10.00') });
    // One of them is the order that has used it up.
    expect(await rowsOf(shop, 'orders')).toBe(orders + 2);
    expect(await stockOf(shop, goods)).toEqual([onHand - 1, 0]);
  });

  it.each([
    ['the units are taken', SaleService, 'sellPlenty'],
    ['the payment is opened', PaymentsService, 'open'],
    ['the events are written', EventsService, 'appendCompleted'],
  ] as const)('is undone when the shop fails before %s', async (_, service, method) => {
    const cart = await makeCart(shop, { [variantOf(goods)]: 1 });
    const broken = replace(shop.app.get<Record<string, unknown>>(service, { strict: false }), method, async () => {
      throw new Unavailable();
    });
    try {
      for (const input of [one(SANDBOX), ofCart(cart.id)]) {
        const before = await buyingDump(shop);
        const answer = await shop.send(place, { input });
        expect([answer.data ?? null, codeOf(answer)]).toEqual([null, 'UNAVAILABLE']);
        expect(await buyingDump(shop)).toBe(before);
      }
    } finally {
      broken.restore();
    }
    expect(await placed(shop, ofCart(cart.id))).toMatchObject({ version: 1 });
  });
});

/** An order of a product that no other one locks. */
const someOrder = async (): Promise<{ id: string }> => {
  await placed(shop, anOrder([line(spare)]));
  const sql = 'SELECT id FROM orders ORDER BY placed_at DESC, id DESC LIMIT 1';
  const [newest] = await shop.database.query<{ id: string }>('test.newest', sql);
  return newest ?? { id: '' };
};
const one = (traits: object): object => anOrder([line(goods)], traits);
const two = (second: { variantId: string; quantity: number }): object => anOrder([line(goods), second]);
const three = (traits: object = {}): object => anOrder([line(goods), line(others, 2), line(rare, 2)], traits);

function ofCart(cartId: string): object {
  const { lines: _, ...terms } = anOrder([]) as Record<string, unknown>;
  return { ...terms, cartId };
}
