import { Role } from '../src/access/role.js';
import { outcomeOf, signUp, type Account } from './support/accounts.js';
import {
  CART_CHANGES,
  changeCart,
  makeCart,
  makeVariants,
  readCart,
  refusedCart,
  type MadeCart,
} from './support/carts.js';
import { ADDRESS, anOrder, ORDER_CHANGES } from './support/orders.js';
import { makePromotion } from './support/promotions.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { setAddresses, selectShipping, applyCoupon, removeCoupon, setCustomer } = CART_CHANGES;
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

let shop: Shop;
let staff: Account;
let variant: string;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  [variant = ''] = await makeVariants(shop, staff, 1);
  await shop.database.query(
    'test.shipping',
    `INSERT INTO shipping_methods (code, name, countries, basis, bands, position) VALUES
       ('express', 'Express', '{GB,FR}', 'PRICE', '[{"from": 0, "priceMinor": 750}, {"from": 5000, "priceMinor": 0}]', 1),
       ('parcel', 'Parcel', '{DE}', 'PRICE', '[{"from": 0, "priceMinor": 400}, {"from": 10000, "priceMinor": null}]', 2)`,
  );
  await shop.database.query(
    'test.taxes',
    `INSERT INTO tax_rates (country, name, prices_include_tax, standard_bp, reduced_bp) VALUES
       ('GB', 'VAT', true, 2000, 500), ('US', 'Sales tax', false, 1000, 0)`,
  );
});

afterAll(() => shop?.close());

const changed = (document: string, { id: cartId }: { id: string }, input: object): Promise<Answer['data']> =>
  changeCart(shop, document, { cartId, ...input });
const refused = (document: string, { id: cartId }: { id: string }, input: object): Promise<string> =>
  refusedCart(shop, document, { cartId, ...input });
const address = (country: string): object => ({ ...ADDRESS, country });
const guestsCart = (units = 2): Promise<MadeCart> => makeCart(shop, { [variant]: units });

describe('setCartAddresses', () => {
  it('keeps what is left out, and takes away what is null', async () => {
    const cart = await guestsCart();
    const empty = { company: null, line2: null, region: null, postalCode: null, phone: null };
    const both = {
      shippingAddress: address('gb'),
      billingAddress: { ...address('FR'), company: ' Engines ', line2: '' },
    };
    expect(await changed(setAddresses, cart, both)).toMatchObject({
      version: 2,
      shippingAddress: { ...ADDRESS, ...empty, country: 'GB' },
      billingAddress: { ...ADDRESS, ...empty, country: 'FR', company: 'Engines' },
    });
    const left = { shippingAddress: { country: 'US' }, billingAddress: { country: 'FR' } };
    expect(await changed(setAddresses, cart, { shippingAddress: address('US') })).toMatchObject(left);
    const less = await changed(setAddresses, cart, { billingAddress: null });
    expect(less).toMatchObject({ version: 4, shippingAddress: { country: 'US' }, billingAddress: null });
    expect(await readCart(shop, cart.id)).toEqual(less);
  });

  it('makes taxes follow the country of the goods, contained or added', async () => {
    const cart = await guestsCart();
    expect(cart).toMatchObject({ taxTotal: gbp('0.00'), total: gbp('20.00') });
    const home = await changed(setAddresses, cart, { shippingAddress: address('GB') });
    expect(home).toMatchObject({ taxTotal: gbp('3.33'), taxIncluded: true, total: gbp('20.00') });
    const abroad = await changed(setAddresses, cart, { shippingAddress: address('US') });
    expect(abroad).toMatchObject({ taxTotal: gbp('2.00'), taxIncluded: false, total: gbp('22.00') });
  });

  it.each([
    [{ shippingAddress: { ...ADDRESS, fullName: ' ' } }, 'input.shippingAddress.fullName'],
    [{ billingAddress: { ...ADDRESS, city: 'x'.repeat(101) } }, 'input.billingAddress.city'],
  ])('refuses the input %#', async (input, path) => {
    expect(await refused(setAddresses, await guestsCart(), input)).toBe(`BAD_USER_INPUT ${path}`);
  });
});

describe('selectCartShipping', () => {
  it('chooses a method that delivers there, at the price for these goods', async () => {
    const cart = await guestsCart();
    const standard = { code: 'standard', name: 'Standard delivery', price: gbp('0.00') };
    const express = { code: 'express', name: 'Express', price: gbp('7.50') };
    expect(cart).toMatchObject({ availableShippingMethods: [standard] });
    const addressed = await changed(setAddresses, cart, { shippingAddress: address('GB') });
    expect(addressed).toMatchObject({ availableShippingMethods: [standard, express], shippingMethod: null });
    const chosen = await changed(selectShipping, cart, { method: 'express' });
    expect(chosen).toMatchObject({
      version: 3,
      shippingMethod: express,
      shippingTotal: gbp('7.50'),
      total: gbp('27.50'),
    });
    expect(await readCart(shop, cart.id)).toEqual(chosen);
    const more = await changed(CART_CHANGES.add, cart, { lines: [{ variantId: variant, quantity: 3 }] });
    expect(more).toMatchObject({ shippingMethod: { ...express, price: gbp('0.00') }, total: gbp('50.00') });
  });

  it('refuses a method that does not exist, does not deliver there, or not so much', async () => {
    const cart = await guestsCart(10);
    const unavailable = 'SHIPPING_UNAVAILABLE input.method';
    expect(await refused(selectShipping, cart, { method: 'teleport' })).toBe(unavailable);
    expect(await refused(selectShipping, cart, { method: 'express' })).toBe(unavailable);
    await changed(setAddresses, cart, { shippingAddress: address('DE') });
    expect(await refused(selectShipping, cart, { method: 'express' })).toBe(unavailable);
    expect(await refused(selectShipping, cart, { method: 'parcel' })).toBe(unavailable);
    expect(await refused(selectShipping, cart, { method: '' })).toBe('BAD_USER_INPUT input.method');
  });

  it('is forgotten while the method does not deliver, and there again when it does', async () => {
    const cart = await guestsCart();
    await changed(setAddresses, cart, { shippingAddress: address('GB') });
    await changed(selectShipping, cart, { method: 'express' });
    const away = await changed(setAddresses, cart, { shippingAddress: address('US') });
    expect(away).toMatchObject({ shippingMethod: null, shippingTotal: gbp('0.00') });
    const back = await changed(setAddresses, cart, { shippingAddress: address('FR') });
    expect(back).toMatchObject({ shippingMethod: { code: 'express' }, shippingTotal: gbp('7.50') });
  });
});

describe('coupons', () => {
  it('take off what they say, whatever case they are entered in, once', async () => {
    const cart = await guestsCart();
    const { code } = await makePromotion(shop, staff, { name: 'Tenth', code: 'TENTH' });
    const with10 = await changed(applyCoupon, cart, { code: ' tenth ' });
    const discounts = [{ name: 'Tenth', code, amount: gbp('2.00') }];
    const figures = { subtotal: gbp('20.00'), discountTotal: gbp('2.00'), total: gbp('18.00'), discounts };
    const lines = [{ discount: gbp('2.00'), lineTotal: gbp('18.00'), unitPrice: gbp('10.00') }];
    expect(with10).toMatchObject({ ...figures, lines, coupons: [{ code, problem: null }] });
    expect(await changed(applyCoupon, cart, { code: 'TENTH' })).toMatchObject({ ...figures, coupons: [{ code }] });
    const without = await changed(removeCoupon, cart, { code: 'Tenth' });
    expect(without).toMatchObject({ coupons: [], discounts: [], total: gbp('20.00') });
    expect(await changed(removeCoupon, cart, { code: 'TENTH' })).toMatchObject({ coupons: [], total: gbp('20.00') });
  });

  it('are refused when they are unknown, over, not begun, used up, or for other goods', async () => {
    const cart = await guestsCart();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    await makePromotion(shop, staff, { code: 'TOMORROW', startsAt: tomorrow });
    await makePromotion(shop, staff, { code: 'OFF', enabled: false });
    await makePromotion(shop, staff, { code: 'BIG', minSubtotal: { amount: '20.01' } });
    const { uuid } = await makePromotion(shop, staff, { code: 'ONCE', usageLimit: 1 });
    await shop.database.query('test.use', 'UPDATE promotions SET used = 1 WHERE id = $1', [uuid]);
    const codes = [];
    for (const code of ['NOTHING', 'straße', 'TOMORROW', 'OFF', 'ONCE', 'BIG', '']) {
      codes.push(await refused(applyCoupon, cart, { code }));
    }
    expect(codes).toEqual([
      ...['COUPON_INVALID', 'COUPON_INVALID', 'COUPON_EXPIRED', 'COUPON_EXPIRED', 'COUPON_USED_UP'].map(
        (code) => `${code} input.code`,
      ),
      'COUPON_NOT_APPLICABLE input.code',
      'BAD_USER_INPUT input.code',
    ]);
  });

  it('stay and tell their problem when they stop to apply', async () => {
    const cart = await guestsCart();
    const { uuid, code } = await makePromotion(shop, staff, { code: 'STAYS', minSubtotal: { amount: '20.00' } });
    await changed(applyCoupon, cart, { code });
    const lines = [{ id: cart.lines[0]?.id, quantity: 1 }];
    const less = await changed(CART_CHANGES.update, cart, { lines });
    expect(less).toMatchObject({ total: gbp('10.00'), coupons: [{ code, problem: 'NOT_APPLICABLE' }] });
    await shop.database.query('test.off', 'UPDATE promotions SET enabled = false WHERE id = $1', [uuid]);
    expect(await readCart(shop, cart.id)).toMatchObject({ coupons: [{ code, problem: 'EXPIRED' }] });
    await shop.database.query('test.gone', 'DELETE FROM promotions WHERE id = $1', [uuid]);
    expect(await readCart(shop, cart.id)).toMatchObject({ coupons: [{ code, problem: 'INVALID' }] });
  });

  it('that a customer has used up are told by the account, or by the address of a guest', async () => {
    const { uuid, code } = await makePromotion(shop, staff, { code: 'PERHEAD', usageLimitPerCustomer: 1 });
    const buyer = await signUp(shop);
    await shop.database.query(
      'test.heads',
      `INSERT INTO promotion_customers (promotion_id, customer, used) VALUES ($1, $2, 1), ($1, 'grace@example.com', 1)`,
      [uuid, buyer.uuid],
    );
    const own = await makeCart(shop, { [variant]: 1 }, buyer);
    expect(await refusedCart(shop, applyCoupon, { cartId: own.id, code }, buyer)).toBe('COUPON_USED_UP input.code');
    const cart = await guestsCart();
    expect(await changed(applyCoupon, cart, { code })).toMatchObject({ coupons: [{ code, problem: null }] });
    const known = await changed(setCustomer, cart, { email: 'Grace@Example.com' });
    expect(known).toMatchObject({ email: 'grace@example.com', coupons: [{ code, problem: 'USED_UP' }], discounts: [] });
  });

  it('are at most five in one cart', async () => {
    const cart = await guestsCart();
    const codes = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `FIVE-${letter}`);
    for (const code of codes) await makePromotion(shop, staff, { code });
    for (const code of codes.slice(0, 5)) await changed(applyCoupon, cart, { code });
    expect(await refused(applyCoupon, cart, { code: codes[5] })).toBe('COUPON_NOT_APPLICABLE input.code');
    expect(await changed(applyCoupon, cart, { code: codes[2] })).toMatchObject({
      coupons: codes.slice(0, 5).map((code) => ({ code, problem: null })),
    });
  });
});

describe('statements', () => {
  it('the change and the quote that decides about it are all that its answer needs', async () => {
    const cart = await guestsCart();
    await makePromotion(shop, staff, { code: 'COUNTED' });
    const sent = async (document: string, input: object): Promise<string[]> => {
      const { data, extensions } = await shop.send(document, { input: { cartId: cart.id, ...input } });
      expect(Object.values(data)[0].userErrors).toEqual([]);
      return extensions.sql.names.map((name) => name.replace(/#.*/, ''));
    };
    const head = ['START', 'carts.update', 'cartLines.of'];
    const quote = ['pricing.offers', 'pricing.terms'];
    // The answer asks for the variants and their products too.
    const shown = ['products.variantsByIds', 'products.byIds'];
    const quoted = [...head, ...quote, 'COMMIT', ...shown];
    expect(await sent(selectShipping, { method: 'standard' })).toEqual(quoted);
    expect(await sent(applyCoupon, { code: 'COUNTED' })).toEqual(quoted);
    const plain = [...head, 'COMMIT', ...quote, ...shown].toSorted();
    expect((await sent(setAddresses, { shippingAddress: ADDRESS })).toSorted()).toEqual(plain);
    expect((await sent(removeCoupon, { code: 'COUNTED' })).toSorted()).toEqual(plain);
    expect((await sent(setCustomer, { email: 'ada@example.com' })).toSorted()).toEqual(plain);
  });
});

describe('several carts at once', () => {
  it('are priced with two statements, each by its own country, coupons and goods', async () => {
    await makePromotion(shop, staff, { code: 'HALF', kind: 'PERCENT', percent: '50' });
    const carts = [await guestsCart(2), await guestsCart(3), await guestsCart(4)];
    await changed(setAddresses, carts[1] as MadeCart, { shippingAddress: address('US') });
    await changed(applyCoupon, carts[2] as MadeCart, { code: 'half' });
    const document =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Cart { total { amount } taxTotal { amount } } } }';
    const { data, extensions } = await shop.send(document, { ids: carts.map(({ id }) => id) });
    expect(data['nodes']).toEqual([
      { total: { amount: '20.00' }, taxTotal: { amount: '0.00' } },
      { total: { amount: '33.00' }, taxTotal: { amount: '3.00' } },
      { total: { amount: '20.00' }, taxTotal: { amount: '0.00' } },
    ]);
    expect(extensions.sql.names).toEqual(['carts.byIds', 'pricing.offers', 'pricing.terms']);
  });
});

describe('guessing coupons', () => {
  it('is refused after so many tries in a minute, by cart and by order alike', async () => {
    const strict = await startShop({ COUPON_ATTEMPTS_PER_MINUTE: '2' });
    try {
      const desk = await signUp(strict, { roles: [Role.STAFF] });
      const [only = ''] = await makeVariants(strict, desk, 1);
      const cart = await makeCart(strict, { [only]: 1 });
      const guess = (code: string): Promise<Answer> => strict.send(applyCoupon, { input: { cartId: cart.id, code } });
      expect(outcomeOf(await guess('A'))).toBe('COUPON_INVALID');
      const input = anOrder([{ variantId: only, quantity: 1 }], { coupons: ['B'] });
      expect(outcomeOf(await strict.send(ORDER_CHANGES.place, { input }))).toBe('COUPON_INVALID');
      expect(outcomeOf(await guess('C'))).toBe('RATE_LIMITED');
      expect(outcomeOf(await strict.send(ORDER_CHANGES.place, { input }))).toBe('RATE_LIMITED');
    } finally {
      await strict.close();
    }
  });
});
