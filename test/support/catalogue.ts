import type { Account } from './accounts.js';
import type { Answer, Shop } from './shop.js';

/** Ids of the right shape that lead to nothing. */
export const NOBODY = {
  category: 'category_0198f2c4d1e27abc8def0123456789ab',
  product: 'product_0198f2c4d1e27abc8def0123456789ab',
  variant: 'variant_0198f2c4d1e27abc8def0123456789ab',
};

/** A category as `makeCategory` answers it. */
export interface MadeCategory {
  id: string;
  slug: string;
  version: number;
  position: number;
}

/** A chain of so many categories, each below the one before. */
export async function makeChain(shop: Shop, by: Account, name: string, levels: number): Promise<MadeCategory[]> {
  const made: MadeCategory[] = [];
  for (let level = 1; level <= levels; level += 1) {
    made.push(await makeCategory(shop, by, { name: `${name} ${level}`, parentId: made.at(-1)?.id }));
  }
  return made;
}

/** A variant of a product as `makeProduct` answers it. */
export interface MadeVariant {
  id: string;
  sku: string;
  version: number;
}

/** A product as `makeProduct` answers it. */
export interface MadeProduct {
  id: string;
  slug: string;
  name: string;
  status: string;
  version: number;
  variants: MadeVariant[];
}

/** The changes of categories. */
export const CATEGORY_CHANGES = {
  create: `mutation ($input: CreateCategoryInput!) {
    createCategory(input: $input) {
      category { id slug name description position version createdAt updatedAt parent { id } }
      userErrors { code field }
    }
  }`,
  update: `mutation ($input: UpdateCategoryInput!) {
    updateCategory(input: $input) { category { id slug name description version } userErrors { code field } }
  }`,
  move: `mutation ($input: MoveCategoryInput!) {
    moveCategory(input: $input) {
      category { id position version parent { id } ancestors { id } children { id } }
      userErrors { code field }
    }
  }`,
  delete: `mutation ($input: DeleteCategoryInput!) {
    deleteCategory(input: $input) { deletedCategoryId userErrors { code field } }
  }`,
};
const PRODUCT = `product {
  id slug name description status inStock version createdAt updatedAt
  category { id } images { url alt } attributes { name value } options { name values }
  priceRange { min { amount currency } max { amount currency } }
  variants {
    id sku title version inStock availableQuantity
    selectedOptions { name value } price { amount currency } compareAtPrice { amount currency }
  }
}`;
const VARIANT = `variant {
  id sku title version inStock availableQuantity weightGrams taxClass product { id version inStock }
  selectedOptions { name value } price { amount currency } compareAtPrice { amount currency }
  stock { onHand reserved available }
}`;

/** The changes of products, their variants and stock. */
export const PRODUCT_CHANGES = {
  create: `mutation ($input: CreateProductInput!) {
    createProduct(input: $input) { ${PRODUCT} userErrors { code field } }
  }`,
  update: `mutation ($input: UpdateProductInput!) {
    updateProduct(input: $input) { ${PRODUCT} userErrors { code field } }
  }`,
  archive: `mutation ($input: ArchiveProductInput!) {
    archiveProduct(input: $input) { ${PRODUCT} userErrors { code field } }
  }`,
  createVariant: `mutation ($input: CreateProductVariantInput!) {
    createProductVariant(input: $input) { ${PRODUCT} ${VARIANT} userErrors { code field } }
  }`,
  updateVariant: `mutation ($input: UpdateProductVariantInput!) {
    updateProductVariant(input: $input) { ${PRODUCT} ${VARIANT} userErrors { code field } }
  }`,
  deleteVariant: `mutation ($input: DeleteProductVariantInput!) {
    deleteProductVariant(input: $input) { ${PRODUCT} deletedVariantId userErrors { code field } }
  }`,
  adjustStock: `mutation ($input: AdjustStockInput!) {
    adjustStock(input: $input) { ${PRODUCT} ${VARIANT} userErrors { code field } }
  }`,
};

/** Sends a mutation that must succeed and answers its payload. */
export async function change(shop: Shop, by: Account, document: string, input: object): Promise<Answer['data']> {
  const { data, errors } = await shop.send(document, { input }, by.token);
  const payload = data && Object.values(data)[0];
  if (errors || payload.userErrors.length > 0) throw new Error(JSON.stringify(errors ?? payload.userErrors));
  return payload;
}

/** Adds a category through the API. */
export async function makeCategory(shop: Shop, by: Account, input: object): Promise<MadeCategory> {
  return (await change(shop, by, CATEGORY_CHANGES.create, input))['category'];
}

/** Adds a product through the API. */
export async function makeProduct(shop: Shop, by: Account, input: object): Promise<MadeProduct> {
  return (await change(shop, by, PRODUCT_CHANGES.create, input))['product'];
}

let skus = 0;

/** Input of a variant for 10.00 with 5 units and an SKU of its own; whatever is given replaces that. */
export function aVariant(traits: object = {}): Record<string, unknown> {
  skus += 1;
  return { sku: `SKU-${skus}`, price: { amount: '10.00' }, stock: 5, ...traits };
}

/** Everything that the catalogue holds, row by row, and how many events there are: equal texts mean that nothing changed. */
export async function catalogueDump(shop: Shop): Promise<string> {
  const tables = [
    'categories',
    'category_closure',
    'products',
    'product_variants',
    'stock_levels',
    'stock_movements',
  ] as const;
  const columns = tables.map((table) => `(SELECT json_agg(t ORDER BY t::text) FROM ${table} t) AS ${table}`);
  const [row] = await shop.database.query<Record<string, unknown>>(
    'test.dump',
    `SELECT ${columns.join(', ')}, (SELECT count(*) FROM event_outbox) + (SELECT count(*) FROM event_log) AS events`,
  );
  return JSON.stringify(row, null, 1);
}

/**
 * Sends a change that the shop must refuse, and answers why and where: `NOT_FOUND input.id`. Fails when the payload holds more than the one refusal,
 * or when anything in the catalogue is not what it was.
 */
export async function refused(shop: Shop, by: Account, document: string, input: object): Promise<string> {
  const before = await catalogueDump(shop);
  const { data, errors } = await shop.send(document, { input }, by.token);
  expect(errors).toBeUndefined();
  const { userErrors, ...result } = Object.values(data)[0];
  expect(Object.values(result).filter((value) => value !== null)).toEqual([]);
  expect(userErrors).toEqual([{ code: expect.any(String), field: userErrors[0]?.field ?? null }]);
  expect(await catalogueDump(shop)).toBe(before);
  const { code, field } = userErrors[0];
  return field ? `${code} ${field.join('.')}` : code;
}

/** Sends a change with values that are not acceptable, and answers the paths of the wrong ones. Nothing may have changed. */
export async function wrongPaths(shop: Shop, by: Account, document: string, input: object): Promise<string[]> {
  const before = await catalogueDump(shop);
  const { data, errors } = await shop.send(document, { input }, by.token);
  expect(data ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  const { code, fields } = errors?.[0]?.extensions ?? {};
  expect(code).toBe('BAD_USER_INPUT');
  expect(await catalogueDump(shop)).toBe(before);
  return fields.map(({ path }: { path: string }) => path);
}

/** One number that a statement answers as `n`. */
export async function countOf(shop: Shop, sql: string, params: unknown[] = []): Promise<number> {
  const [row] = await shop.database.query<{ n: number }>('test.count', sql, params);
  return Number(row?.n);
}

/** Code of the first top-level error, or of the first user error of the first field; `OK` when there is neither. */
export function codeOf({ data, errors }: Answer): string {
  if (errors?.[0]) return errors[0].extensions['code'];
  const payload = data && Object.values(data)[0];
  return payload?.userErrors?.[0]?.code ?? 'OK';
}

/** The same random numbers for the same seed, from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One item of a list, chosen by a random number. */
export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('Nothing to pick from.');
  return item;
}

/**
 * Fills the shop with products straight in the database, three variants each with stock, spread over the categories given.
 * Names are `Bulk lamp 1` and so on.
 */
export async function fillProducts(shop: Shop, count: number, categoryUuids: readonly string[]): Promise<void> {
  await shop.database.query(
    'test.fill',
    `WITH made AS (
       INSERT INTO products (slug, name, status, category_id, attributes, min_price_minor, max_price_minor, in_stock, skus)
       SELECT 'bulk-' || base + n, 'Bulk lamp ' || base + n, 'ACTIVE',
         ($2::uuid[])[1 + n % greatest(cardinality($2::uuid[]), 1)],
         jsonb_build_object('Colour', 'shade ' || n % 7), 1000 + n, 3000 + n, true, ''
       FROM generate_series(1, $1::int) n, (SELECT count(*) AS base FROM products) b
       RETURNING id, min_price_minor AS price
     ), variants AS (
       INSERT INTO product_variants (product_id, sku, title, options, price_minor, currency, position)
       SELECT id, 'B-' || id || '-' || v, 'Size ' || v, jsonb_build_array(jsonb_build_object('name', 'Size', 'value', v::text)),
         price + 1000 * (v - 1), 'GBP', v
       FROM made, generate_series(1, 3) v
       RETURNING id
     )
     INSERT INTO stock_levels (variant_id, on_hand) SELECT id, 5 FROM variants`,
    [count, categoryUuids],
  );
}
