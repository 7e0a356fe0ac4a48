import type { Account } from './accounts.js';
import { makeCategory, makeProduct, pick, seeded, type MadeCategory } from './catalogue.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import type { Shop } from './shop.js';

/** A product as the model of the catalogue knows it. */
export interface ModelProduct {
  id: string;
  name: string;
  status: string;
  /** Index into the categories of the model; `null` outside of all. */
  category: number | null;
  attributes: Record<string, string>;
  /** Pennies and units of each variant. */
  variants: { price: number; stock: number }[];
  createdAt: string;
  unitsSold: number;
}

/** A filter as the API takes it. */
export interface ModelFilter {
  categoryId?: string | null;
  includeSubcategories?: boolean | null;
  price?: { min?: string | null; max?: string | null } | null;
  inStock?: boolean | null;
  status?: string | null;
  attributes?: { name: string; values: string[] }[] | null;
  ids?: string[] | null;
  createdAfter?: string | null;
  and?: ModelFilter[] | null;
  or?: ModelFilter[] | null;
  not?: ModelFilter | null;
}

const NAMES = ['lamp', 'Lamp', 'TABLE', 'chair', 'sofa', 'Vase', 'rug', 'Zebra', 'apple'];
const ATTRIBUTES = { Colour: ['red', 'blue', 'green'], Size: ['L', 'M', 'S'], Brand: ['Ork', "O'Neill %_"] } as const;
/** Parent of each category, by index: two roots, one of them three levels deep. */
const PARENTS = [null, 0, 1, 0, null, 4];

/** The same catalogue twice: in the shop, made through the API, and in memory, simple enough to be right at a glance. */
export class CatalogueModel {
  private constructor(
    readonly categories: readonly MadeCategory[],
    readonly products: readonly ModelProduct[],
  ) {}

  /** Makes so many products by chance, the same ones for the same seed. */
  static async make(shop: Shop, by: Account, options: { count: number; seed: number }): Promise<CatalogueModel> {
    const random = seeded(options.seed);
    const categories: MadeCategory[] = [];
    for (const [index, parent] of PARENTS.entries()) {
      const parentId = parent === null ? null : categories[parent]?.id;
      categories.push(await makeCategory(shop, by, { name: `Category ${index}`, parentId }));
    }
    const products: ModelProduct[] = [];
    for (let n = 0; n < options.count; n += 1) products.push(await this.product(shop, by, random, categories));
    return new CatalogueModel(categories, products);
  }

  private static async product(
    shop: Shop,
    by: Account,
    random: () => number,
    categories: readonly MadeCategory[],
  ): Promise<ModelProduct> {
    const category = random() < 0.2 ? null : Math.floor(random() * categories.length);
    const attributes = Object.fromEntries(
      Object.entries(ATTRIBUTES).flatMap(([name, values]) => (random() < 0.6 ? [[name, pick(random, values)]] : [])),
    );
    const variants = Array.from({ length: Math.floor(random() * 4) }, () => ({
      price: Math.floor(random() * 20) * 50,
      stock: random() < 0.5 ? 0 : 3,
    }));
    const traits = {
      name: pick(random, NAMES) + (random() < 0.5 ? Math.floor(random() * 5) : ''),
      status: pick(random, ['ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAFT', 'ARCHIVED']),
      // Some at the same instant and with the same sales, so that ids must break the ties.
      createdAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(random() * 20))).toISOString(),
      unitsSold: Math.floor(random() * 8),
    };
    const { id } = await makeProduct(shop, by, {
      name: traits.name,
      status: traits.status,
      categoryId: category === null ? null : categories[category]?.id,
      attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
      variants: variants.map(({ price, stock }, index) => ({
        sku: `${uniqueSku(random)}-${index}`,
        price: { amount: (price / 100).toFixed(2) },
        options: [{ name: 'Nr', value: String(index) }],
        stock,
      })),
    });
    const sql = 'UPDATE products SET created_at = $2, units_sold = $3 WHERE id = $1';
    await shop.database.query('test.age', sql, [uuidOf('product', id), traits.createdAt, traits.unitsSold]);
    return { id, category, attributes, variants, ...traits };
  }

  /** What a viewer finds with a filter, in no particular order. */
  found(filter: ModelFilter, staff: boolean): ModelProduct[] {
    return this.products.filter((product) => (staff || product.status === 'ACTIVE') && this.fits(product, filter));
  }

  private fits(product: ModelProduct, filter: ModelFilter): boolean {
    const { categoryId, price, inStock, status, attributes, ids, createdAfter, and, or, not } = filter;
    return (
      (categoryId == null || this.isIn(product, categoryId, filter.includeSubcategories ?? false)) &&
      (!price ||
        (price.min == null && price.max == null) ||
        product.variants.some((variant) => isBetween(variant.price, price))) &&
      (inStock == null || product.variants.some(({ stock }) => stock > 0) === inStock) &&
      (status == null || product.status === status) &&
      (attributes ?? []).every(({ name, values }) => values.includes(product.attributes[name] ?? '\0')) &&
      (!ids || ids.includes(product.id)) &&
      (!createdAfter || product.createdAt > createdAfter) &&
      (and ?? []).every((inner) => this.fits(product, inner)) &&
      (!or || or.some((inner) => this.fits(product, inner))) &&
      (!not || !this.fits(product, not))
    );
  }

  private isIn({ category }: ModelProduct, categoryId: string, below: boolean): boolean {
    for (let at = category; at != null; at = below ? (PARENTS[at] ?? null) : null) {
      if (this.categories[at]?.id === categoryId) return true;
    }
    return false;
  }

  /** A filter by chance, nested up to so many levels. */
  filter(random: () => number, depth: number): ModelFilter {
    const sometimes = <T>(value: () => T): T | null | undefined =>
      random() < 0.2 ? value() : random() < 0.1 ? null : undefined;
    const amount = (): string => (Math.floor(random() * 22) * 0.5).toFixed(2);
    const several = (): ModelFilter[] =>
      Array.from({ length: 1 + Math.floor(random() * 2) }, () => this.filter(random, depth - 1));
    return {
      categoryId: sometimes(() => pick(random, this.categories).id),
      includeSubcategories: sometimes(() => random() < 0.7),
      price: sometimes(() => ({ min: random() < 0.6 ? amount() : null, max: random() < 0.6 ? amount() : undefined })),
      inStock: sometimes(() => random() < 0.5),
      status: sometimes(() => pick(random, ['ACTIVE', 'DRAFT', 'ARCHIVED'])),
      attributes: sometimes(() => {
        const name = pick(random, Object.keys(ATTRIBUTES) as (keyof typeof ATTRIBUTES)[]);
        return [{ name, values: [pick(random, ATTRIBUTES[name]), pick(random, ATTRIBUTES[name])] }];
      }),
      ids: sometimes(() => Array.from({ length: 40 }, () => pick(random, this.products).id)),
      createdAfter: sometimes(() => pick(random, this.products).createdAt),
      and: depth > 0 ? sometimes(several) : undefined,
      or: depth > 0 ? sometimes(several) : undefined,
      not: depth > 0 ? sometimes(() => this.filter(random, depth - 1)) : undefined,
    };
  }
}

let skus = 0;

function uniqueSku(random: () => number): string {
  skus += 1;
  return `M${skus}X${Math.floor(random() * 100)}`;
}

function isBetween(price: number, { min, max }: { min?: string | null; max?: string | null }): boolean {
  return (min == null || price >= Number(min) * 100) && (max == null || price <= Number(max) * 100);
}

/** The value that a product is sorted by. */
export const SORT_KEYS: Record<string, (product: ModelProduct) => string | number> = {
  NAME: ({ name }) => name.toLowerCase(),
  PRICE: ({ variants }) => Math.min(...variants.map(({ price }) => price)),
  CREATED_AT: ({ createdAt }) => createdAt,
  RELEVANCE: ({ unitsSold }) => unitsSold,
  BEST_SELLING: ({ unitsSold }) => unitsSold,
};

const compare = (a: string | number, b: string | number): number => (a === b ? 0 : a < b ? -1 : 1);

/** Ids of products in the order that a list must have. */
export function inOrder(products: readonly ModelProduct[], field: string, direction: string): string[] {
  const key = SORT_KEYS[field] ?? (() => 0);
  const sign = direction === 'ASC' ? 1 : -1;
  return products.toSorted((a, b) => sign * (compare(key(a), key(b)) || compare(a.id, b.id))).map(({ id }) => id);
}
