import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import { CART_CHANGES, changeCart, makeCart, readCart, refusedCart, type MadeCart } from './support/carts.js';
import { change, countOf, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  ADDRESS,
  anOrder,
  changed,
  makeGoods,
  order,
  ORDER_CHANGES,
  placed,
  readOrder,
  refusedOrder,
  rowsOf,
  stockOf,
  variantOf,
} from './support/orders.js';
import { aMethod, aRate, SET_SHIPPING_METHODS, SET_TAX_RATES } from './support/price-tables.js';
import { makePromotion, PROMOTION_CHANGES, wrongUses } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

const { place } = ORDER_CHANGES;
const PAYMENT = { method: 'manual' };
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let admin: Account;
let buyer: Account;
let heavy: MadeProduct;
let light: MadeProduct;
let lines: { variantId: string; quantity: number }[];
let automatic: { id: string };

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  buyer = await signUp(shop);
  const rates = [aRate(), aRate({ country: 'US', pricesIncludeTax: false, standardRate: '8.25', reducedRate: '0' })];
  await change(shop, admin, SET_TAX_RATES, { rates });
  const byPrice = aMethod({ bands: [{ price: gbp('3.99') }, { fromAmount: gbp('27.50'), price: gbp('0') }] });
  const bands = [{ price: gbp('5.00') }, { fromGrams: 2_100, price: gbp('9.00') }];
  const byWeight = aMethod({ code: 'parcel', name: 'Parcel', basis: 'WEIGHT', bands });
  await change(shop, admin, SET_SHIPPING_METHODS, { methods: [byPrice, byWeight] });
  automatic = await makePromotion(shop, staff, { name: 'Five off', kind: 'FIXED_AMOUNT', amount: gbp('5.00') });
  await makePromotion(shop, staff, { name: 'Ten per cent', code: 'TEN' });
  heavy = await makeGoods(shop, staff, 99, { weightGrams: 700 });
  light = await makeGoods(shop, staff, 99, { price: gbp('5.55'), taxClass: 'REDUCED' });
  lines = [
    { variantId: variantOf(heavy), quantity: 3 },
    { variantId: variantOf(light), quantity: 1 },
  ];
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

describe('the amounts of an order', () => {
  // 5.00 is spread as 4.22 and 0.78, then 10 % are 2.58 and 0.48: 23.20 and 4.29 are left.
  const DISCOUNTED = {
    subtotal: gbp('35.55'),
    discountTotal: gbp('8.06'),
    discounts: [
      { name: 'Five off', code: null, amount: gbp('5.00') },
      { name: 'Ten per cent', code: 'TEN', amount: gbp('3.06') },
    ],
  };
  const line = (lineTotal: string, taxRate: string, tax: string): object => ({
    lineTotal: gbp(lineTotal),
    taxRate,
    tax: gbp(tax),
  });

  it('hold a tax that prices include, and shipping by price', async () => {
    const made = await placed(shop, anOrder(lines, { coupons: ['ten'] }));
    expect(made).toMatchObject({
      ...DISCOUNTED,
      taxIncluded: true,
      shippingTotal: gbp('3.99'),
      taxTotal: gbp('4.74'),
      total: gbp('31.48'),
      lines: [line('23.20', '20', '3.87'), line('4.29', '5', '0.20')],
      payments: [{ amount: gbp('31.48') }],
    });
  });

  it('add a tax that prices do not include, and shipping by weight', async () => {
    const traits = { coupons: ['TEN'], shippingMethod: 'parcel', shippingAddress: { ...ADDRESS, country: 'US' } };
    const made = await placed(shop, anOrder(lines, traits));
    expect(made).toMatchObject({
      ...DISCOUNTED,
      taxIncluded: false,
      shippingMethod: { code: 'parcel', name: 'Parcel' },
      shippingTotal: gbp('9.00'),
      taxTotal: gbp('2.65'),
      total: gbp('39.14'),
      lines: [line('23.20', '8.25', '1.91'), line('4.29', '0', '0.00')],
    });
  });

  it('are those of the shop without the promotion that has ended, and where nothing is taxed', async () => {
    await change(shop, staff, PROMOTION_CHANGES.update, { id: automatic.id, enabled: false });
    const made = await placed(shop, anOrder(lines, { shippingAddress: { ...ADDRESS, country: 'JP' } }));
    expect(made).toMatchObject({ taxIncluded: false, taxTotal: gbp('0.00'), shippingTotal: gbp('0.00') });
    expect(made).toMatchObject({ discounts: [], discountTotal: gbp('0.00'), total: gbp('35.55') });
  });
});

describe('an order of a cart', () => {
  const TERMS: [keyof typeof CART_CHANGES, object][] = [
    ['setCustomer', { email: 'cart@example.com' }],
    ['setAddresses', { shippingAddress: ADDRESS, billingAddress: { ...ADDRESS, fullName: 'Byron & Co' } }],
    ['selectShipping', { method: 'parcel' }],
    ['applyCoupon', { code: 'TEN' }],
  ];

  /** A cart with everything that an order needs but the payment. */
  async function fullCart(by?: Account): Promise<MadeCart> {
    const cart = await makeCart(shop, { [variantOf(light)]: 2, [variantOf(heavy)]: 1 }, by);
    for (const [name, input] of TERMS) await changeCart(shop, CART_CHANGES[name], { cartId: cart.id, ...input }, by);
    return cart;
  }

  it('has its lines, addresses, method, coupon and total, and closes it', async () => {
    const cart = await fullCart(buyer);
    const total = (await readCart(shop, cart.id, buyer))?.['total'];
    const made = await placed(shop, { cartId: cart.id, payment: PAYMENT, expectedTotal: total }, buyer);
    expect(made).toMatchObject({
      email: 'cart@example.com',
      customer: { id: buyer.id },
      shippingAddress: ADDRESS,
      billingAddress: { fullName: 'Byron & Co' },
      shippingMethod: { code: 'parcel' },
      discounts: [{ code: 'TEN', amount: gbp('2.11') }],
      lines: [
        { sku: light.variants[0]?.sku, quantity: 2 },
        { sku: heavy.variants[0]?.sku, quantity: 1 },
      ],
      subtotal: gbp('21.10'),
      shippingTotal: gbp('5.00'),
      total: { amount: total.amount },
    });
    expect(await readCart(shop, cart.id, buyer)).toMatchObject({ orderId: made['id'] });
    const add = { cartId: cart.id, lines: [{ variantId: variantOf(heavy) }] };
    expect(await refusedCart(shop, CART_CHANGES.add, add, buyer)).toBe('CART_CLOSED input.cartId');
  });

  it('has what is said instead, and still the lines and coupons of the cart', async () => {
    const cart = await fullCart();
    const said = {
      email: 'ada@example.com',
      shippingAddress: { ...ADDRESS, country: 'US' },
      shippingMethod: 'standard',
    };
    const billingAddress = { ...ADDRESS, fullName: 'Ada alone' };
    const made = await placed(shop, { cartId: cart.id, payment: PAYMENT, billingAddress, ...said });
    expect(made).toMatchObject({
      email: 'ada@example.com',
      shippingAddress: { country: 'US' },
      billingAddress: { fullName: 'Ada alone' },
      shippingMethod: { code: 'standard' },
      discounts: [{ code: 'TEN' }],
      taxIncluded: false,
      lines: [{ quantity: 2 }, { quantity: 1 }],
    });
  });

  it("of a guest is the account's when somebody signed in places it", async () => {
    const cart = await makeCart(shop, { [variantOf(light)]: 1 });
    const { email: _, lines: __, ...terms } = anOrder([]) as Record<string, unknown>;
    const made = await placed(shop, { cartId: cart.id, ...terms }, buyer);
    expect(made).toMatchObject({ email: buyer.email, customer: { id: buyer.id } });
    expect(await refusedOrder(shop, place, { cartId: cart.id, payment: PAYMENT })).toBe('NOT_FOUND input.cartId');
  });

  it('is the same one when the cart is placed again, whatever is said then', async () => {
    const cart = await fullCart(buyer);
    const first = await placed(shop, { cartId: cart.id, payment: { method: 'sandbox', token: 'pending' } }, buyer);
    const [orders, stock] = [await rowsOf(shop, 'orders'), await stockOf(shop, light)];
    const other = { expectedTotal: { amount: '1.00' }, payment: { method: 'stripe' }, email: 'eve@example.com' };
    const { order: again, payment } = await order(shop, place, { cartId: cart.id, ...other }, buyer);
    expect(payment).toBeNull();
    expect(again).toEqual(first);
    expect([await rowsOf(shop, 'orders'), await stockOf(shop, light)]).toEqual([orders, stock]);
    await changed(shop, ORDER_CHANGES.cancel, { orderId: first['id'] }, buyer);
    // Also when it has been given up.
    expect(await placed(shop, { cartId: cart.id }, buyer)).toMatchObject({ id: first['id'], state: 'CANCELLED' });
  });

  it('leaves the cart open when it is refused', async () => {
    const rare = await makeGoods(shop, staff, 1);
    const cart = await makeCart(shop, { [variantOf(light)]: 1, [variantOf(rare)]: 2 });
    const { lines: _, ...terms } = anOrder([]) as Record<string, unknown>;
    const input = { cartId: cart.id, ...terms };
    expect(await refusedOrder(shop, place, input)).toBe('OUT_OF_STOCK input.cartId');
    expect(await readCart(shop, cart.id)).toMatchObject({ orderId: null, version: 1 });
    await change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId: variantOf(rare), delta: 1 });
    const made = await placed(shop, input);
    expect(await stockOf(shop, rare)).toEqual([0, 0]);
    const ofCart =
      'SELECT count(*) AS n FROM orders o JOIN carts c ON c.id = o.cart_id AND c.order_id = o.id WHERE c.id = $1';
    expect(await countOf(shop, ofCart, [uuidOf('cart', cart.id)])).toBe(1);
    expect(await readOrder(shop, { id: made['id'] }, staff)).toMatchObject({ number: made['number'] });
  });

  it("of somebody else is not to be found, and neither is one's order", async () => {
    const cart = await fullCart(buyer);
    const input = { cartId: cart.id, payment: PAYMENT };
    const stranger = await signUp(shop);
    const outcomes = async (): Promise<string[]> => {
      const found = [];
      for (const by of [undefined, stranger, staff, admin]) found.push(await refusedOrder(shop, place, input, by));
      return found;
    };
    const missing = Array.from({ length: 4 }, () => 'NOT_FOUND input.cartId');
    expect(await outcomes()).toEqual(missing);
    await placed(shop, input, buyer);
    expect(await outcomes()).toEqual(missing);
  });
});
