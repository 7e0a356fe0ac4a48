import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
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
import { aVariant, change, countOf, fillProducts, makeProduct, NOBODY, PRODUCT_CHANGES } from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const NO_LINE = 'cartline_0198f2c4d1e27abc8def0123456789ab';
const NO_CART = 'cart_0198f2c4d1e27abc8def0123456789ab';
const { add, update, remove } = cartChanges(STORED);
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

let shop: Shop;
let staff: Account;
let a: string;
let b: string;
let c: string;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  [a = '', b = '', c = ''] = await makeVariants(shop, staff, 3);
});

afterAll(() => shop?.close());

const changed = (document: string, input: object): Promise<Answer['data']> => changeCart(shop, document, input);
const unitsOf = ({ lines }: Answer['data']): number[] => lines.map(({ quantity }: { quantity: number }) => quantity);
const lineOf = ({ lines }: MadeCart, place: number): string => lines[place]?.id ?? '';

/** A product with one variant that is not sold any more; answers the variant and the cart that it is in. */
async function soldNoMore(status: string): Promise<{ variantId: string; productId: string; cart: MadeCart }> {
  const product = await makeProduct(shop, staff, { name: 'Secret lamp', variants: [aVariant()] });
  const variantId = product.variants[0]?.id ?? '';
  const cart = await makeCart(shop, { [variantId]: 2, [a]: 1 });
  await change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, status });
  return { variantId, productId: product.id, cart };
}

describe('addCartLines', () => {
  it('puts new lines behind the others and adds to those that are there', async () => {
    const { id: cartId, lines } = await makeCart(shop, { [b]: 1 });
    const wanted = [c, a, b, c].map((variantId, n) => ({ variantId, quantity: n + 1 }));
    const cart = await changed(CART_CHANGES.add, { cartId, lines: wanted });
    expect(cart['lines'].map(({ variant }: { variant: object }) => variant)).toMatchObject([
      { id: b },
      { id: c },
      { id: a },
    ]);
    expect(cart).toMatchObject({ version: 2, itemCount: 11, lines: [{ id: lines[0]?.id }, {}, {}] });
    expect(unitsOf(cart)).toEqual([4, 5, 2]);
  });

  it('refuses what does not exist or is not sold, and then adds nothing', async () => {
    const { id: cartId } = await makeCart(shop, { [a]: 1 });
    const { variantId } = await soldNoMore('DRAFT');
    const { variantId: archived } = await soldNoMore('ARCHIVED');
    const refusal = (last: string): Promise<string> =>
      refusedCart(shop, add, { cartId, lines: [{ variantId: b }, { variantId: last }] });
    expect(await refusal(NOBODY.variant)).toBe('NOT_FOUND input.lines.1.variantId');
    expect(await refusal(variantId)).toBe('NOT_FOR_SALE input.lines.1.variantId');
    expect(await refusal(archived)).toBe('NOT_FOR_SALE input.lines.1.variantId');
  });

  it('refuses more of a line that is not sold any more', async () => {
    const { variantId, cart } = await soldNoMore('ARCHIVED');
    const input = { cartId: cart.id, lines: [{ variantId }] };
    expect(await refusedCart(shop, add, input)).toBe('NOT_FOR_SALE input.lines.0.variantId');
  });

  it('takes 100 lines and not one more, 999 units and not one more', async () => {
    await fillProducts(shop, 34, []);
    const rows = await shop.database.query<{ id: string }>(
      'test.bulk',
      `SELECT 'variant_' || replace(id::text, '-', '') AS id FROM product_variants WHERE sku LIKE 'B-%' ORDER BY id LIMIT 101`,
    );
    const lines = rows.map(({ id }) => ({ variantId: id, quantity: 999 }));
    const full = await makeCart(shop, {});
    await changed(add, { cartId: full.id, lines: lines.slice(0, 100) });
    expect(await refusedCart(shop, add, { cartId: full.id, lines: lines.slice(100) })).toBe(
      'TOO_MANY_LINES input.lines',
    );
    expect(await refusedCart(shop, add, { cartId: full.id, lines: [{ variantId: rows[0]?.id }] })).toBe(
      'BAD_USER_INPUT input.lines',
    );
    expect(await refusedCart(shop, add, { cartId: full.id, lines })).toBe('BAD_USER_INPUT input.lines');
    expect(await readCart(shop, full.id)).toMatchObject({ version: 2, itemCount: 99_900 });
  });

  it.each([
    [{ lines: [] }, 'input.lines'],
    [{ lines: [{ variantId: NOBODY.variant, quantity: 0 }] }, 'input.lines.0.quantity'],
    [{ lines: [{ variantId: NOBODY.variant, quantity: -1 }] }, 'input.lines.0.quantity'],
    [{ lines: [{ variantId: NOBODY.variant, quantity: 1_000 }] }, 'input.lines.0.quantity'],
    [{ lines: [{ variantId: NOBODY.product }] }, 'input.lines.0.variantId'],
    [{ cartId: NOBODY.product, lines: [{ variantId: NOBODY.variant }] }, 'input.cartId'],
  ])('refuses the input %#', async (input, path) => {
    expect(await refusedCart(shop, add, { cartId: NO_CART, ...input })).toBe(`BAD_USER_INPUT ${path}`);
  });
});

describe('updateCartLines and removeCartLines', () => {
  it('set units, and remove lines', async () => {
    const cart = await makeCart(shop, { [a]: 1, [b]: 2, [c]: 3 });
    const wanted = [
      { id: lineOf(cart, 2), quantity: 30 },
      { id: lineOf(cart, 0), quantity: 0 },
    ];
    const after = await changed(update, { cartId: cart.id, lines: wanted });
    expect(after).toMatchObject({
      version: 2,
      itemCount: 32,
      lines: [{ id: lineOf(cart, 1) }, { id: lineOf(cart, 2) }],
    });
    expect(unitsOf(after)).toEqual([2, 30]);
    const last = await changed(remove, { cartId: cart.id, lineIds: [lineOf(cart, 1)] });
    expect(unitsOf(last)).toEqual([30]);
    expect(await changed(remove, { cartId: cart.id, lineIds: [lineOf(cart, 2)] })).toMatchObject({ lines: [] });
  });

  it('refuse lines of other carts, lines that are gone, and then change nothing', async () => {
    const cart = await makeCart(shop, { [a]: 1, [b]: 2 });
    const another = await makeCart(shop, { [a]: 1 });
    for (const id of [NO_LINE, lineOf(another, 0)]) {
      for (const quantity of [0, 5]) {
        const lines = [
          { id: lineOf(cart, 0), quantity: 9 },
          { id, quantity },
        ];
        expect(await refusedCart(shop, update, { cartId: cart.id, lines })).toBe('NOT_FOUND input.lines.1.id');
      }
      const lineIds = [lineOf(cart, 0), id];
      expect(await refusedCart(shop, remove, { cartId: cart.id, lineIds })).toBe('NOT_FOUND input.lineIds.1');
    }
  });

  it('refuse the same line twice, and units out of bounds', async () => {
    const cart = await makeCart(shop, { [a]: 1 });
    const refusal = (...quantities: number[]): Promise<string> => {
      const lines = quantities.map((quantity) => ({ id: lineOf(cart, 0), quantity }));
      return refusedCart(shop, update, { cartId: cart.id, lines });
    };
    expect(await refusal(1, 2)).toBe('BAD_USER_INPUT input.lines');
    expect(await refusal(-1)).toBe('BAD_USER_INPUT input.lines.0.quantity');
    expect(await refusal(1_000)).toBe('BAD_USER_INPUT input.lines.0.quantity');
    expect(await refusal()).toBe('BAD_USER_INPUT input.lines');
    const foreign = { cartId: cart.id, lineIds: [a] };
    expect(await refusedCart(shop, remove, foreign)).toBe('BAD_USER_INPUT input.lineIds');
  });
});

describe('every change of a cart', () => {
  const inputs = (cart: MadeCart): [document: string, input: object][] => [
    [add, { lines: [{ variantId: a }] }],
    [update, { lines: [{ id: lineOf(cart, 0), quantity: 3 }] }],
    [remove, { lineIds: [lineOf(cart, 0)] }],
  ];

  it('is refused for a stale version, an ordered cart, an expired one and one that never was', async () => {
    const cart = await makeCart(shop, { [a]: 1 });
    const all = async (cartId: string, expectedVersion?: number): Promise<string[]> => {
      const codes = [];
      for (const [document, input] of inputs(cart)) {
        codes.push(await refusedCart(shop, document, { cartId, expectedVersion, ...input }));
      }
      return [...new Set(codes)];
    };
    expect(await all(cart.id, 2)).toEqual(['VERSION_CONFLICT input.expectedVersion']);
    expect(await all(NO_CART)).toEqual(['NOT_FOUND input.cartId']);
    await close(shop, cart.id);
    expect(await all(cart.id)).toEqual(['CART_CLOSED input.cartId']);
    expect(await all(cart.id, 1)).toEqual(['CART_CLOSED input.cartId']);
    await expire(shop, cart.id);
    expect(await all(cart.id)).toEqual(['NOT_FOUND input.cartId']);
  });

  it('grows the version by one and takes four statements', async () => {
    const cart = await makeCart(shop, { [a]: 1 });
    for (const [n, [document, input]] of inputs(cart).entries()) {
      const variables = { input: { cartId: cart.id, expectedVersion: n + 1, ...input } };
      const { data, extensions } = await shop.send(document, variables);
      expect(Object.values(data)[0]).toMatchObject({ cart: { version: n + 2 }, userErrors: [] });
      expect(extensions.sql.statements).toBe(4);
    }
  });
});

describe('a line', () => {
  it.each(['DRAFT', 'ARCHIVED'])('of a product that is %s counts nothing and tells nothing', async (status) => {
    const { cart, variantId, productId } = await soldNoMore(status);
    const silent = { id: lineOf(cart, 0), sku: null, productName: null, unitPrice: null, variant: null };
    const figures = { quantity: 2, availableQuantity: 0, problem: 'NOT_FOR_SALE', lineTotal: gbp('0.00') };
    const seen = await readCart(shop, cart.id);
    expect(seen?.['lines'][0]).toMatchObject({ ...silent, ...figures });
    expect(seen).toMatchObject({ itemCount: 3, subtotal: gbp('10.00'), lines: [{}, { lineTotal: gbp('10.00') }] });
    const known = {
      productName: 'Secret lamp',
      unitPrice: gbp('10.00'),
      variant: { id: variantId, product: { id: productId } },
    };
    expect((await readCart(shop, cart.id, staff))?.['lines'][0]).toMatchObject({ ...known, ...figures });
  });

  it('of a variant that is deleted goes with it', async () => {
    const [id = '', other = ''] = await makeVariants(shop, staff, 2);
    const cart = await makeCart(shop, { [id]: 3, [other]: 1 });
    await change(shop, staff, PRODUCT_CHANGES.deleteVariant, { id });
    expect(await readCart(shop, cart.id)).toMatchObject({ itemCount: 1, lines: [{ variant: { id: other } }] });
  });

  it('follows price and stock', async () => {
    const [id = ''] = await makeVariants(shop, staff, 1);
    const cart = await makeCart(shop, { [id]: 5 });
    await change(shop, staff, PRODUCT_CHANGES.updateVariant, { id, price: { amount: '12.34' } });
    await change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId: id, delta: -1 });
    const line = { unitPrice: gbp('12.34'), lineTotal: gbp('61.70'), availableQuantity: 4, problem: 'OUT_OF_STOCK' };
    expect(await readCart(shop, cart.id)).toMatchObject({ total: gbp('61.70'), lines: [line] });
  });
});

describe('statements', () => {
  it('to read a cart are few, whatever is in it; without prices it is one', async () => {
    const { id: cartId } = await makeCart(shop, {});
    const rows = await shop.database.query<{ id: string }>(
      'test.bulk50',
      `SELECT 'variant_' || replace(id::text, '-', '') AS id FROM product_variants WHERE sku LIKE 'B-%' ORDER BY id LIMIT 50`,
    );
    await changed(add, { cartId, lines: rows.map(({ id }) => ({ variantId: id })) });
    const sent = async (fields: string): Promise<number> => {
      const { errors, extensions } = await shop.send(`{ cart(id: "${cartId}") { ${fields} } }`);
      expect(errors).toBeUndefined();
      return extensions.sql.statements;
    };
    expect(await sent(STORED)).toBe(1);
    expect(
      await sent('total { amount } lines { unitPrice { amount } lineTotal { amount } problem } coupons { code }'),
    ).toBe(3);
    expect(await sent('total { amount } lines { sku variant { title product { name images { url } } } }')).toBe(5);
    expect(
      await countOf(shop, 'SELECT count(*) AS n FROM cart_lines WHERE cart_id = $1', [uuidOf('cart', cartId)]),
    ).toBe(50);
  });
});
