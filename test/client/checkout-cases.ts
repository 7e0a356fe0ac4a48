import {
  CartAddressesSetDocument,
  CartCouponDocument,
  CartCouponRemoveDocument,
  CartCreateDocument,
  CartCustomerSetDocument,
  CartGetDocument,
  CartLinesAddDocument,
  CartLinesRemoveDocument,
  CartLinesUpdateDocument,
  CartShippingSetDocument,
  MyCartDocument,
  type CartPartsFragment,
  type MoneyPartsFragment,
} from '../../client/generated/operations.js';
import type { Account } from '../support/accounts.js';
import { CART_CHANGES, changeCart, makeCart, type MadeCart } from '../support/carts.js';
import { ADDRESS as LONDON } from '../support/orders.js';
import { makePromotion } from '../support/promotions.js';
import { trial, type DocumentCase, type LampShop } from './document-cases.js';

const gbp = (amount: string): MoneyPartsFragment => ({ amount, currency: 'GBP' });
const nothing = gbp('0.00');
const CODE = 'LAMPS';
const ADDRESS = { ...LONDON, postalCode: 'SW1Y 4JH' };

/** A cart with two small lamps and one large one, which is out of stock. */
async function aCart({ shop, brassLamp }: LampShop, by?: Account): Promise<MadeCart> {
  const [small, large] = brassLamp.variants.map(({ id }) => id);
  return makeCart(shop, { [small ?? '']: 2, [large ?? '']: 1 }, by);
}

/** The same with a coupon of a tenth. */
async function aCartWithCoupon(lamps: LampShop): Promise<MadeCart> {
  const { shop, staff } = lamps;
  const [known] = await shop.database.query('test.coupon', 'SELECT id FROM promotions WHERE code = $1', [CODE]);
  if (!known) await makePromotion(shop, staff, { name: 'A tenth', code: CODE });
  const cart = await aCart(lamps);
  await changeCart(shop, CART_CHANGES.applyCoupon, { cartId: cart.id, code: CODE });
  return cart;
}

/** What every page of such a cart shows, but for what a case changes. */
function shownOf({ brassLamp }: LampShop, changes: object = {}): object {
  const [small, large] = brassLamp.variants.map(({ id }) => id);
  const { id, slug } = brassLamp;
  const product = { id, slug, images: [{ url: 'https://shop.example/brass.jpg', alt: 'A lamp of brass' }] };
  const line = { id: expect.stringMatching(/^cartline_/), productName: 'Brass lamp', discount: nothing };
  const sizeOf = (value: string): object => ({ title: value, selectedOptions: [{ name: 'Size', value }], product });
  return {
    id: expect.stringMatching(/^cart_[0-9a-f]{32}$/),
    itemCount: 3,
    currency: 'GBP',
    taxIncluded: false,
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    email: null,
    orderId: null,
    shippingAddress: null,
    billingAddress: null,
    shippingMethod: null,
    lines: [
      {
        ...line,
        sku: 'BRASS-S',
        quantity: 2,
        availableQuantity: 7,
        problem: null,
        unitPrice: gbp('25.00'),
        lineTotal: gbp('50.00'),
        variant: { id: small, ...sizeOf('S') },
      },
      {
        ...line,
        sku: 'BRASS-L',
        quantity: 1,
        availableQuantity: 0,
        problem: 'OUT_OF_STOCK',
        unitPrice: gbp('40.00'),
        lineTotal: gbp('40.00'),
        variant: { id: large, ...sizeOf('L') },
      },
    ],
    subtotal: gbp('90.00'),
    discountTotal: nothing,
    shippingTotal: nothing,
    taxTotal: nothing,
    total: gbp('90.00'),
    discounts: [],
    coupons: [],
    availableShippingMethods: [{ code: 'standard', name: 'Standard delivery', price: nothing }],
    ...changes,
  };
}

const changed = (lamps: LampShop, changes: object): object => ({ cart: shownOf(lamps, changes), userErrors: [] });
const unitsOf = (cart: CartPartsFragment | null): number[] => cart?.lines.map(({ quantity }) => quantity) ?? [];

/** What the pages of cart and checkout send. */
export const CHECKOUT: DocumentCase[] = [
  trial(CartGetDocument, {
    statements: 5,
    variables: async (lamps) => ({ id: (await aCart(lamps)).id }),
    sees: ({ cart }, lamps, { id }) => [[cart, shownOf(lamps, { id, version: 1 })]],
  }),
  trial(MyCartDocument, {
    as: 'somebody',
    statements: 6,
    variables: async (lamps) => {
      await aCart(lamps, lamps.somebody);
      return {};
    },
    sees: ({ me }, lamps) => {
      const { id, email } = lamps.somebody;
      return [[me, { id, cart: shownOf(lamps, { email, version: 1 }) }]];
    },
  }),
  trial(CartCreateDocument, {
    statements: 8,
    variables: ({ brassLamp: { variants } }) => ({
      input: { lines: variants.map(({ id }, n) => ({ variantId: id, quantity: 2 - n })) },
    }),
    sees: ({ createCart }, lamps) => [[createCart, changed(lamps, { version: 1 })]],
  }),
  trial(CartLinesAddDocument, {
    statements: 8,
    variables: async (lamps) => {
      const lines = [{ variantId: lamps.brassLamp.variants[0]?.id ?? '', quantity: 3 }];
      return { input: { cartId: (await aCart(lamps)).id, lines, expectedVersion: 1 } };
    },
    sees: ({ addCartLines: { cart, userErrors } }) => [
      [cart, { version: 2, itemCount: 6, total: gbp('165.00') }],
      [unitsOf(cart), [5, 1]],
      [userErrors, []],
    ],
  }),
  trial(CartLinesUpdateDocument, {
    statements: 8,
    variables: async (lamps) => {
      const cart = await aCart(lamps);
      return { input: { cartId: cart.id, lines: cart.lines.map(({ id }, n) => ({ id, quantity: n * 4 })) } };
    },
    sees: ({ updateCartLines: { cart, userErrors } }) => [
      [cart, { version: 2, itemCount: 4, total: gbp('160.00') }],
      [unitsOf(cart), [4]],
      [userErrors, []],
    ],
  }),
  trial(CartLinesRemoveDocument, {
    statements: 8,
    variables: async (lamps) => {
      const cart = await aCart(lamps);
      return { input: { cartId: cart.id, lineIds: [cart.lines[1]?.id ?? ''] } };
    },
    sees: ({ removeCartLines: { cart, userErrors } }) => [
      [cart, { version: 2, itemCount: 2, total: gbp('50.00') }],
      [unitsOf(cart), [2]],
      [userErrors, []],
    ],
  }),
  trial(CartCouponDocument, {
    statements: 8,
    variables: async (lamps) => ({ input: { cartId: (await aCartWithCoupon(lamps)).id, code: 'lamps' } }),
    sees: ({ applyCoupon: { cart, userErrors } }) => [
      [cart, { discountTotal: gbp('9.00'), total: gbp('81.00'), coupons: [{ code: CODE, problem: null }] }],
      [cart?.discounts, [{ name: 'A tenth', code: CODE, amount: gbp('9.00') }]],
      [cart?.lines.map(({ discount }) => discount), [gbp('5.00'), gbp('4.00')]],
      [userErrors, []],
    ],
  }),
  trial(CartCouponRemoveDocument, {
    statements: 8,
    variables: async (lamps) => ({ input: { cartId: (await aCartWithCoupon(lamps)).id, code: 'lamps' } }),
    sees: ({ removeCoupon }, lamps) => [[removeCoupon, changed(lamps, { version: 3 })]],
  }),
  trial(CartCustomerSetDocument, {
    statements: 8,
    variables: async (lamps) => ({ input: { cartId: (await aCart(lamps)).id, email: 'Ada@Example.com' } }),
    sees: ({ setCartCustomer }, lamps) => [[setCartCustomer, changed(lamps, { version: 2, email: 'ada@example.com' })]],
  }),
  trial(CartAddressesSetDocument, {
    statements: 8,
    variables: async (lamps) => {
      const shippingAddress = { ...ADDRESS, company: 'Engines' };
      return { input: { cartId: (await aCart(lamps)).id, shippingAddress, billingAddress: ADDRESS } };
    },
    sees: ({ setCartAddresses }, lamps) => {
      const billingAddress = { ...ADDRESS, company: null, line2: null, region: null, phone: null };
      const shippingAddress = { ...billingAddress, company: 'Engines' };
      return [[setCartAddresses, changed(lamps, { version: 2, shippingAddress, billingAddress })]];
    },
  }),
  trial(CartShippingSetDocument, {
    statements: 8,
    variables: async (lamps) => ({ input: { cartId: (await aCart(lamps)).id, method: 'standard' } }),
    sees: ({ selectCartShipping }, lamps) => {
      const shippingMethod = { code: 'standard', name: 'Standard delivery', price: nothing };
      return [[selectCartShipping, changed(lamps, { version: 2, shippingMethod })]];
    },
  }),
];
