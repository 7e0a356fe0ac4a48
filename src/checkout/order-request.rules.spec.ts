import type { OrderableCart } from '../carts/carts.service.js';
import { BadUserInput } from '../errors/request-errors.js';
import type { Address } from '../users/address.type.js';
import { CartEmpty, Incomplete } from './checkout.errors.js';
import { customerOf, orderRequest, quoteTerms, refuseMixture } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

const LONDON = { fullName: 'Ada', line1: '12 St James Square', city: 'London', country: 'GB' };
const PARIS = { ...LONDON, city: 'Paris', country: 'FR' };
const stored = (input: typeof LONDON): Address => ({
  fullName: input.fullName,
  line1: input.line1,
  city: input.city,
  country: input.country,
  company: null,
  line2: null,
  region: null,
  postalCode: null,
  phone: null,
});
const said = {
  lines: [{ variantId: 'a', quantity: 1 }],
  email: 'ada@example.com',
  shippingMethod: 'standard',
  shippingAddress: LONDON,
};
const cart: OrderableCart = {
  id: 'cart',
  orderId: 'order',
  alreadyOrdered: false,
  customerId: null,
  email: 'cart@example.com',
  shippingAddress: stored(PARIS),
  billingAddress: stored(LONDON),
  shippingMethod: 'express',
  coupons: ['TEN'],
  lines: [{ variantId: 'b', quantity: 2 }],
};

describe('what is ordered', () => {
  it('is what one call says, each variant once under its first field', () => {
    const lines = [
      { variantId: 'a', quantity: 1 },
      { variantId: 'b', quantity: 2 },
      { variantId: 'a', quantity: 3 },
    ];
    expect(orderRequest({ ...said, lines, coupons: ['ten'], billingAddress: PARIS }, null, null)).toEqual({
      lines: [
        { variantId: 'a', quantity: 4, field: ['input', 'lines', '0', 'variantId'] },
        { variantId: 'b', quantity: 2, field: ['input', 'lines', '1', 'variantId'] },
      ],
      email: 'ada@example.com',
      shippingAddress: stored(LONDON),
      billingAddress: stored(PARIS),
      shippingMethod: 'standard',
      coupons: ['ten'],
    });
  });

  it('is what the cart holds', () => {
    expect(orderRequest({ cartId: 'cart' }, cart, 'account@example.com')).toEqual({
      lines: [{ variantId: 'b', quantity: 2, field: ['input', 'cartId'] }],
      email: 'cart@example.com',
      shippingAddress: stored(PARIS),
      billingAddress: stored(LONDON),
      shippingMethod: 'express',
      coupons: ['TEN'],
    });
  });

  it('is what is said where both say something', () => {
    const { lines: _, ...terms } = said;
    const request = orderRequest({ cartId: 'cart', ...terms, billingAddress: PARIS }, cart, 'account@example.com');
    expect(request).toMatchObject({
      email: 'ada@example.com',
      shippingAddress: stored(LONDON),
      billingAddress: stored(PARIS),
      shippingMethod: 'standard',
      coupons: ['TEN'],
      lines: [{ variantId: 'b', quantity: 2 }],
    });
  });

  it("goes to the account's address when nobody says another one", () => {
    expect(orderRequest({ ...said, email: null }, null, 'account@example.com').email).toBe('account@example.com');
  });

  it.each([
    ['email', { ...said, email: null }],
    ['shippingAddress', { ...said, shippingAddress: null }],
    ['shippingMethod', { ...said, shippingMethod: null }],
  ])('is incomplete without %s', (field, input) => {
    const error = refusalOf(() => orderRequest(input, null, null));
    expect(error).toBeInstanceOf(Incomplete);
    expect(error).toMatchObject({ field: ['input', field] });
  });

  it('is nothing when the cart is empty', () => {
    expect(refusalOf(() => orderRequest({ cartId: 'cart' }, { ...cart, lines: [] }, null))).toBeInstanceOf(CartEmpty);
  });
});

describe('a mixture', () => {
  it.each<[string, PlaceOrderInput]>([
    ['input.lines', {}],
    ['input.lines', { cartId: 'cart', lines: [{ variantId: 'a', quantity: 1 }] }],
    ['input.lines', { cartId: null, lines: null }],
    ['input.coupons', { cartId: 'cart', coupons: [] }],
  ])('is refused at %s', (path, input) => {
    const error = refusalOf(() => refuseMixture(input));
    expect(error).toBeInstanceOf(BadUserInput);
    expect(error).toMatchObject({ details: { fields: [{ path }] } });
  });

  it('is neither a cart alone nor lines alone', () => {
    expect(refusalOf(() => refuseMixture({ cartId: 'cart', coupons: null }))).toBeNull();
    expect(refusalOf(() => refuseMixture({ ...said, cartId: null, coupons: ['ten'] }))).toBeNull();
  });
});

describe('who buys', () => {
  it('is the account, or a guest by the address in lower case', () => {
    expect(customerOf('account', 'Ada@Example.com')).toBe('account');
    expect(customerOf(null, 'Ada@Example.com')).toBe('ada@example.com');
  });

  it('is told to the prices, with where the goods go', () => {
    const request = orderRequest({ ...said, coupons: ['ten'] }, null, null);
    expect(quoteTerms(request, null)).toEqual({
      country: 'GB',
      shippingMethod: 'standard',
      coupons: ['ten'],
      customer: 'ada@example.com',
    });
  });
});

function refusalOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
