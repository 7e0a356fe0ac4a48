import { Role } from '../../src/access/role.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { signUp, type Account } from '../support/accounts.js';
import {
  aVariant,
  CATEGORY_CHANGES,
  codeOf,
  countOf,
  makeCategory,
  makeProduct,
  pick,
  PRODUCT_CHANGES,
  seeded,
  type MadeProduct,
} from '../support/catalogue.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const { adjustStock, update, archive, createVariant, updateVariant, deleteVariant } = PRODUCT_CHANGES;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const send = (document: string, input: object): Promise<Answer> => shop.send(document, { input }, staff.token);
const size = (value: string): object[] => [{ name: 'Size', value }];

/** How often each code was answered. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[codeOf(answer)] = (counts[codeOf(answer)] ?? 0) + 1;
  return counts;
}

/** Products whose summary is not what their variants and stock say. */
function wrongSummaries(): Promise<object[]> {
  return shop.database.query(
    'test.summaries',
    `SELECT p.slug FROM products p, LATERAL (
       SELECT min(v.price_minor), max(v.price_minor), coalesce(string_agg(v.sku, ' ' ORDER BY v.position, v.id), '') AS skus,
         coalesce(bool_or(s.on_hand > s.reserved), false) AS in_stock
       FROM product_variants v LEFT JOIN stock_levels s ON s.variant_id = v.id WHERE v.product_id = p.id
     ) v
     WHERE (p.min_price_minor, p.max_price_minor, p.skus, p.in_stock) IS DISTINCT FROM (v.min, v.max, v.skus, v.in_stock)`,
  );
}

/** Variants whose ledger does not add up to their units on hand, or whose entries do not follow on each other. */
function wrongLedgers(): Promise<object[]> {
  return shop.database.query(
    'test.ledgers',
    `SELECT s.variant_id FROM stock_levels s
     WHERE s.on_hand <> (SELECT coalesce(sum(delta), 0) FROM stock_movements m WHERE m.variant_id = s.variant_id)
     UNION
     SELECT variant_id FROM (
       SELECT variant_id, on_hand_after, sum(delta) OVER (PARTITION BY variant_id ORDER BY id) AS running FROM stock_movements
     ) m WHERE running <> on_hand_after`,
  );
}

describe('stock', () => {
  it('sells 20 units exactly 20 times to 50 who want one at once', async () => {
    const product = await makeProduct(shop, staff, { name: 'Wanted', variants: [aVariant({ stock: 20 })] });
    const input = { variantId: product.variants[0]?.id, delta: -1 };
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(adjustStock, input)));
    expect(tally(answers)).toEqual({ OK: 20, OUT_OF_STOCK: 30 });
    const params = [uuidOf('variant', input.variantId)];
    const after = await shop.database.query<{ units: number }>(
      'test.after',
      'SELECT on_hand_after AS units FROM stock_movements WHERE variant_id = $1 ORDER BY id',
      params,
    );
    expect(after.map(({ units }) => units)).toEqual(Array.from({ length: 21 }, (_, sold) => 20 - sold));
    expect(await countOf(shop, 'SELECT on_hand AS n FROM stock_levels WHERE variant_id = $1', params)).toBe(0);
    expect(await wrongLedgers()).toEqual([]);
  });

  it('adds up when units come and go at once', async () => {
    const product = await makeProduct(shop, staff, { name: 'Busy', variants: [aVariant({ stock: 10 })] });
    const variantId = product.variants[0]?.id;
    const random = seeded(41);
    const wanted = Array.from({ length: 60 }, () => Math.floor(random() * 9) - 4).filter((delta) => delta !== 0);
    const answers = await Promise.all(wanted.map((delta) => send(adjustStock, { variantId, delta })));
    const done = wanted.filter((_, index) => codeOf(answers[index] as Answer) === 'OK');
    expect(done.length).toBeGreaterThan(20);
    const expected = done.reduce((sum, delta) => sum + delta, 10);
    const params = [uuidOf('variant', variantId)];
    expect(await countOf(shop, 'SELECT on_hand AS n FROM stock_levels WHERE variant_id = $1', params)).toBe(expected);
    expect(await wrongLedgers()).toEqual([]);
  });

  it('leaves a product sold out whose two variants sell out at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const variants = [aVariant({ stock: 1, options: size('L') }), aVariant({ stock: 1, options: size('S') })];
      const product = await makeProduct(shop, staff, { name: 'Pair', variants });
      const sold = await Promise.all(product.variants.map(({ id }) => send(adjustStock, { variantId: id, delta: -1 })));
      expect(tally(sold)).toEqual({ OK: 2 });
      const { data } = await shop.send('query ($id: ID!) { product(by: { id: $id }) { inStock } }', { id: product.id });
      expect(data['product'].inStock).toBe(false);
    }
    expect(await wrongSummaries()).toEqual([]);
  });
});

describe('everything that can happen to products, at once', () => {
  const random = seeded(97);

  /** One change, chosen by chance, and what it may be answered. */
  function anyChange(products: readonly MadeProduct[], n: number): [document: string, input: object] {
    const { id, variants } = pick(random, products);
    const variant = pick(random, variants).id;
    const amount = String(1 + Math.floor(random() * 50));
    return pick<[string, object]>(random, [
      [update, { id, description: `Text ${n}` }],
      [update, { id, status: pick(random, ['ACTIVE', 'DRAFT']) }],
      [archive, { id }],
      [createVariant, { productId: id, ...aVariant({ options: size(`new ${n}`), price: { amount } }) }],
      [updateVariant, { id: variant, price: { amount } }],
      [updateVariant, { id: variant, sku: `RACE-${n}` }],
      [deleteVariant, { id: variant }],
      [adjustStock, { variantId: variant, delta: 1 + Math.floor(random() * 3) }],
      [adjustStock, { variantId: variant, delta: -1 - Math.floor(random() * 3) }],
    ]);
  }

  it('leaves summaries, ledgers and versions right, and deadlocks nobody', async () => {
    const products: MadeProduct[] = [];
    for (let n = 0; n < 3; n += 1) {
      const variants = ['L', 'M', 'S'].map((value) => aVariant({ options: size(value), stock: 3 }));
      products.push(await makeProduct(shop, staff, { name: 'Storm', variants }));
    }
    const changes = Array.from({ length: 150 }, (_, n) => anyChange(products, n));
    const answers = await Promise.all(changes.map(([document, input]) => send(document, input)));
    const codes = tally(answers);
    expect(Object.keys(codes).filter((code) => !['OK', 'NOT_FOUND', 'OUT_OF_STOCK'].includes(code))).toEqual([]);
    expect(codes['OK']).toBeGreaterThan(80);
    expect(await wrongSummaries()).toEqual([]);
    expect(await wrongLedgers()).toEqual([]);
    // One event for each change, and one version for each but those of stock.
    for (const { id } of products) {
      const changed = `SELECT count(*) AS n FROM (
        SELECT entity_id, type FROM event_outbox UNION ALL SELECT entity_id, type FROM event_log
      ) e WHERE entity_id = $1 AND type <> 'STOCK_CHANGED'`;
      const version = 'SELECT version AS n FROM products WHERE id = $1';
      const params = [uuidOf('product', id)];
      expect(await countOf(shop, version, params)).toBe(await countOf(shop, changed, params));
    }
  });

  it('never leaves a product in a category that is gone', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await makeCategory(shop, staff, { name: 'Vanishing' });
      const [made, gone] = await Promise.all([
        send(PRODUCT_CHANGES.create, { name: 'Homeless', categoryId: id }),
        send(CATEGORY_CHANGES.delete, { id }),
      ]);
      expect([
        ['OK', 'CATEGORY_NOT_EMPTY'],
        ['NOT_FOUND', 'OK'],
      ]).toContainEqual([codeOf(made), codeOf(gone)]);
    }
  });
});
