import { uuidOf } from '../../src/graphql/global-id.js';
import { snapshot, type Account } from './accounts.js';
import { aVariant, makeProduct } from './catalogue.js';
import type { Answer, Shop } from './shop.js';

/** A line of a cart, as far as most tests look at it. */
export interface MadeLine {
  id: string;
  sku: string | null;
  quantity: number;
}

/** A cart as the changes of carts answer it. */
export interface MadeCart {
  id: string;
  version: number;
  email: string | null;
  itemCount: number;
  lines: MadeLine[];
}

const MONEY = '{ amount currency }';
const ADDRESS = '{ fullName company line1 line2 city region postalCode country phone }';

/** Everything that a cart tells. */
export const CART = `
  id version email itemCount currency taxIncluded orderId expiresAt createdAt updatedAt
  customer { id } shippingAddress ${ADDRESS} billingAddress ${ADDRESS}
  lines {
    id sku productName quantity availableQuantity problem
    unitPrice ${MONEY} discount ${MONEY} lineTotal ${MONEY} variant { id product { id } }
  }
  subtotal ${MONEY} discountTotal ${MONEY} shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
  discounts { name code amount ${MONEY} } coupons { code problem }
  shippingMethod { code name price ${MONEY} } availableShippingMethods { code name price ${MONEY} }`;

/** What is stored of a cart: no field of it needs a price. */
export const STORED = 'id version email itemCount lines { id quantity }';

function changeOf(name: string, fields: string): string {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${input}!) { ${name}(input: $input) { cart { ${fields} } userErrors { code field } } }`;
}

/** The changes of carts that answer the given fields. */
export function cartChanges(fields: string): Record<CartChangeName, string> {
  return {
    create: changeOf('createCart', fields),
    add: changeOf('addCartLines', fields),
    update: changeOf('updateCartLines', fields),
    remove: changeOf('removeCartLines', fields),
    setCustomer: changeOf('setCartCustomer', fields),
    setAddresses: changeOf('setCartAddresses', fields),
    selectShipping: changeOf('selectCartShipping', fields),
    applyCoupon: changeOf('applyCoupon', fields),
    removeCoupon: changeOf('removeCoupon', fields),
  };
}

type CartChangeName =
  | 'create'
  | 'add'
  | 'update'
  | 'remove'
  | 'setCustomer'
  | 'setAddresses'
  | 'selectShipping'
  | 'applyCoupon'
  | 'removeCoupon';

/** The changes of carts, each answering everything. */
export const CART_CHANGES = cartChanges(CART);

export const READ_CART = `query ($id: ID!) { cart(id: $id) { ${CART} } }`;

/** Sends a change that must succeed, for a guest when nobody is named, and answers the cart. */
export async function changeCart(shop: Shop, document: string, input: object, by?: Account): Promise<Answer['data']> {
  const { data, errors } = await shop.send(document, { input }, by?.token);
  const payload = data && Object.values(data)[0];
  if (errors || payload.userErrors.length > 0) throw new Error(JSON.stringify(errors ?? payload.userErrors));
  return payload.cart;
}

/** Makes a cart with so many units of variants, through the API. */
export async function makeCart(shop: Shop, units: Readonly<Record<string, number>>, by?: Account): Promise<MadeCart> {
  const lines = Object.entries(units).map(([variantId, quantity]) => ({ variantId, quantity }));
  return (await changeCart(shop, CART_CHANGES.create, { lines }, by)) as MadeCart;
}

/** The cart as somebody sees it; `null` when they do not. */
export async function readCart(shop: Shop, id: string, by?: Account): Promise<Answer['data'] | null> {
  const { data, errors } = await shop.send(READ_CART, { id }, by?.token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data['cart'];
}

/** Adds a product with so many variants of 10.00 and 5 units each; answers the ids of the variants. */
export async function makeVariants(shop: Shop, staff: Account, count: number, traits: object = {}): Promise<string[]> {
  const variants = Array.from({ length: count }, (_, n) =>
    aVariant({ options: [{ name: 'Size', value: String(n) }], ...traits }),
  );
  return (await makeProduct(shop, staff, { name: 'Lamp', variants })).variants.map(({ id }) => id);
}

/**
 * Sends a change that the shop must refuse, and answers why and where: `NOT_FOUND input.cartId`. Fails when the payload holds
 * more than the one refusal, or when any cart or line is not what it was.
 */
export async function refusedCart(shop: Shop, document: string, input: object, by?: Account): Promise<string> {
  const before = await snapshot(shop, 'carts', 'cart_lines');
  const { data, errors } = await shop.send(document, { input }, by?.token);
  expect(await snapshot(shop, 'carts', 'cart_lines')).toBe(before);
  if (errors) return [errors[0]?.extensions['code'], ...fieldsOf(errors)].join(' ');
  const { cart, userErrors } = Object.values(data)[0];
  expect([cart, userErrors.length]).toEqual([null, 1]);
  const { code, field } = userErrors[0];
  return [code, ...(field ? [field.join('.')] : [])].join(' ');
}

function fieldsOf(errors: NonNullable<Answer['errors']>): string[] {
  return errors.flatMap(({ extensions }) => (extensions['fields'] ?? []).map(({ path }: { path: string }) => path));
}

/** Lets a cart expire. */
export async function expire(shop: Shop, cartId: string): Promise<void> {
  const sql = `UPDATE carts SET expires_at = now() - interval '1 second' WHERE id = $1`;
  await shop.database.query('test.expire', sql, [uuidOf('cart', cartId)]);
}

/** Closes a cart, as an order does; answers the order's id as clients see it. */
export async function close(shop: Shop, cartId: string): Promise<string> {
  const sql = `UPDATE carts SET order_id = uuidv7() WHERE id = $1 RETURNING replace(order_id::text, '-', '') AS id`;
  const [row] = await shop.database.query<{ id: string }>('test.close', sql, [uuidOf('cart', cartId)]);
  return `order_${row?.id}`;
}

/** Units of a variant in all carts together. */
export async function unitsInCarts(shop: Shop, variantId: string): Promise<number> {
  const sql = 'SELECT coalesce(sum(quantity), 0)::int AS units FROM cart_lines WHERE variant_id = $1';
  const [row] = await shop.database.query<{ units: number }>('test.units', sql, [uuidOf('variant', variantId)]);
  return row?.units ?? -1;
}
