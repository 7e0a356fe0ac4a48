import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import {
  aVariant,
  change,
  codeOf,
  makeProduct,
  NOBODY,
  PRODUCT_CHANGES,
  refused,
  wrongPaths,
} from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { adjustStock } = PRODUCT_CHANGES;
const MOVEMENTS = `query ($variantId: ID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  stockMovements(variantId: $variantId, first: $first, after: $after, last: $last, before: $before, skip: $skip) {
    nodes { delta onHandAfter reason note at actor { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop, { roles: [Role.USER] });
});

afterAll(() => shop?.close());

/** A product with one variant of so many units; answers the variant's id. */
async function stocked(stock: number): Promise<string> {
  const { variants } = await makeProduct(shop, staff, { name: 'Stocked', variants: [aVariant({ stock })] });
  return variants[0]?.id ?? '';
}

const adjust = (variantId: string, delta: number, traits: object = {}, by = staff): Promise<Answer['data']> =>
  change(shop, by, adjustStock, { variantId, delta, ...traits });
const level = (onHand: number): object => ({ onHand, reserved: 0, available: onHand });

async function ledger(variantId: string, page: object = {}): Promise<Answer['data']> {
  const { data, errors } = await shop.send(MOVEMENTS, { variantId, ...page }, staff.token);
  expect(errors).toBeUndefined();
  return data['stockMovements'];
}

const deltas = ({ nodes }: Answer['data']): number[] => nodes.map(({ delta }: { delta: number }) => delta);

const entry = (
  delta: number,
  onHandAfter: number,
  reason: string,
  by: Account,
  note: string | null = null,
): object => ({
  delta,
  onHandAfter,
  reason,
  note,
  at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  actor: { id: by.id },
});

describe('adjustStock', () => {
  it('adds and takes units, writes who and why, and keeps the versions', async () => {
    const variantId = await stocked(2);
    const { variant } = await adjust(variantId, 3, { reason: 'RECEIVED', note: 'Two boxes' });
    expect(variant).toMatchObject({ availableQuantity: 5, inStock: true, stock: level(5), version: 1 });
    const { variant: empty, product } = await adjust(variantId, -5, { reason: 'DAMAGED' }, admin);
    expect(empty).toMatchObject({ availableQuantity: 0, inStock: false, stock: level(0), product: { inStock: false } });
    expect(product).toMatchObject({ inStock: false, version: 1, variants: [{ availableQuantity: 0 }] });
    const back = await adjust(variantId, 1);
    expect(back['product'].inStock).toBe(true);
    expect((await ledger(variantId))['nodes']).toEqual([
      entry(1, 1, 'CORRECTION', staff),
      entry(-5, 0, 'DAMAGED', admin),
      entry(3, 5, 'RECEIVED', staff, 'Two boxes'),
      entry(2, 2, 'INITIAL', staff),
    ]);
  });

  it('tells in each of several changes of one request what is there then', async () => {
    const variantId = await stocked(1);
    const { data } = await shop.send(
      `mutation ($a: AdjustStockInput!, $b: AdjustStockInput!, $c: AdjustStockInput!) {
        a: adjustStock(input: $a) { variant { availableQuantity } }
        b: adjustStock(input: $b) { variant { availableQuantity } userErrors { code } }
        c: adjustStock(input: $c) { variant { availableQuantity } }
      }`,
      { a: { variantId, delta: 4 }, b: { variantId, delta: -9 }, c: { variantId, delta: -3 } },
      staff.token,
    );
    expect(data).toEqual({
      a: { variant: { availableQuantity: 5 } },
      b: { variant: null, userErrors: [{ code: 'OUT_OF_STOCK' }] },
      c: { variant: { availableQuantity: 2 } },
    });
  });

  it('refuses to take more than there is, or than is not promised, and an unknown variant', async () => {
    const variantId = await stocked(5);
    expect(await refused(shop, staff, adjustStock, { variantId, delta: -6 })).toBe('OUT_OF_STOCK input.delta');
    const sql = 'UPDATE stock_levels SET reserved = 2 WHERE variant_id = $1';
    await shop.database.query('test.reserve', sql, [uuidOf('variant', variantId)]);
    expect(await refused(shop, staff, adjustStock, { variantId, delta: -4 })).toBe('OUT_OF_STOCK input.delta');
    const { variant } = await adjust(variantId, -3);
    expect(variant).toMatchObject({
      availableQuantity: 0,
      inStock: false,
      stock: { onHand: 2, reserved: 2, available: 0 },
      product: { inStock: false },
    });
    expect(await refused(shop, staff, adjustStock, { variantId: NOBODY.variant, delta: 1 })).toBe(
      'NOT_FOUND input.variantId',
    );
  });

  it('adds units to a variant that was never stocked', async () => {
    const variantId = await stocked(0);
    await shop.database.query('test.unstock', 'DELETE FROM stock_levels WHERE variant_id = $1', [
      uuidOf('variant', variantId),
    ]);
    expect(await refused(shop, staff, adjustStock, { variantId, delta: -1 })).toBe('OUT_OF_STOCK input.delta');
    expect((await adjust(variantId, 2))['variant']).toMatchObject({ availableQuantity: 2, stock: level(2) });
    expect(deltas(await ledger(variantId))).toEqual([2]);
  });

  it.each([
    [{ delta: 0 }, 'input.delta'],
    [{ delta: 1_000_001 }, 'input.delta'],
    [{ delta: -1_000_001 }, 'input.delta'],
    [{ reason: 'INITIAL' }, 'input.reason'],
    [{ reason: 'IMPORT' }, 'input.reason'],
    [{ note: 'x'.repeat(501) }, 'input.note'],
    [{ variantId: NOBODY.product }, 'input.variantId'],
  ])('refuses the input %#', async (input, path) => {
    expect(await wrongPaths(shop, staff, adjustStock, { variantId: NOBODY.variant, delta: 1, ...input })).toEqual([
      path,
    ]);
  });
});

describe('stockMovements', () => {
  it('is for staff and admin only', async () => {
    const variantId = await stocked(1);
    const codes = [];
    for (const by of [undefined, customer, staff, admin]) {
      codes.push(codeOf(await shop.send(MOVEMENTS, { variantId }, by?.token)));
    }
    expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'OK', 'OK']);
  });

  it('pages the ledger newest first, forward and backward, and by number', async () => {
    const variantId = await stocked(0);
    for (let delta = 1; delta <= 11; delta += 1) await adjust(variantId, delta);
    const newestFirst = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    const forward: number[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await ledger(variantId, { first: 4, after });
      forward.push(...deltas(page));
      ({ endCursor: after, hasNextPage: more } = page['pageInfo']);
    }
    expect(forward).toEqual(newestFirst);
    const backward: number[] = [];
    for (let before: string | null = null, more = true; more;) {
      const page = await ledger(variantId, { last: 4, before });
      backward.unshift(...deltas(page));
      ({ startCursor: before, hasPreviousPage: more } = page['pageInfo']);
    }
    expect(backward).toEqual(newestFirst);
    const third = await ledger(variantId, { first: 5, skip: 10 });
    expect(deltas(third)).toEqual([1]);
    expect(third['totalCount']).toBe(11);
    expect(third['pageInfo']).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('is empty for an unknown variant, and refuses foreign ids, sizes and cursors', async () => {
    expect(await ledger(NOBODY.variant)).toMatchObject({ nodes: [], totalCount: 0 });
    const code = async (variables: object): Promise<string> =>
      codeOf(await shop.send(MOVEMENTS, { variantId: NOBODY.variant, ...variables }, staff.token));
    expect(await code({ variantId: NOBODY.product })).toBe('BAD_USER_INPUT');
    for (const first of [0, -1, 101]) expect(await code({ first })).toBe('BAD_USER_INPUT');
    const { data } = await shop.send('{ products { pageInfo { endCursor } } }');
    for (const after of [data['products'].pageInfo.endCursor, 'garbage', '']) {
      expect(await code({ after })).toBe('CURSOR_INVALID');
    }
  });
});
