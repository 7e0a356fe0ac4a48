import type { Drop } from '../answers/drop.js';
import type { NewEvent } from '../events/event.js';
import { ALL_PARTS, partsOf, type KeptType, type Source } from '../plans/made-from.js';
import { ProductEventType, type ProductEventPayload } from './products.events.js';
import { ProductStatus } from './product.type.js';

/** All products, as a list: whatever depends on which of them have some property, or come first by it. */
export const ALL_PRODUCTS = 'products';

/** The products that belong to some category, whichever: a product that changes its category leaves one that no event names. */
export const OF_ANY_CATEGORY = 'products@any';

/** How the things are called that list the products of one category; its id follows. */
export const OF_CATEGORY = 'products@';

/** The thing that tells which products have some SKU. */
export const SKUS = 'skus';

/** What is sold best. */
export const SALES: Source = { thing: 'sales', parts: ['sales'] };

/** The thing that tells which product has a slug. */
export function slugThing(slug: string): string {
  return `slug:${slug}`;
}

/** What the fields of a product are made from. `createdBy` is not kept: accounts tell no events about their names. */
export const KEPT_PRODUCT: KeptType<string> = {
  is: { kind: 'product', id: (row) => `${row}.id`, parts: ['status'] },
  fields: {
    id: [],
    createdAt: [],
    slug: ['slug'],
    name: ['name'],
    description: ['description'],
    status: ['status'],
    inStock: ['stock'],
    version: ['version'],
    updatedAt: ['version'],
    images: ['images'],
    attributes: ['attributes'],
    priceRange: ['price'],
    category: ['category'],
    variants: ['variants'],
    options: ['variants'],
    recommendations: ['category', { thing: ALL_PRODUCTS, parts: ['status', 'category', 'stock'] }, SALES],
  },
};

/** What the fields of a variant are made from: parts of its product. Stock levels, for staff, are not kept. */
export const KEPT_VARIANT: KeptType<string> = {
  is: { kind: 'product', id: (row) => `${row}.product_id`, parts: ['status', 'variants'] },
  fields: {
    id: [],
    createdAt: [],
    sku: ['variants'],
    title: ['variants'],
    weightGrams: ['variants'],
    taxClass: ['variants'],
    selectedOptions: ['variants'],
    version: ['version'],
    updatedAt: ['version'],
    price: ['price'],
    compareAtPrice: ['price'],
    inStock: ['units'],
    availableQuantity: ['units'],
    product: [],
  },
};

/** What the root field is made from that finds a product, beside the id, the slug or the SKU that it notes. */
export const KEPT_PRODUCT_QUERIES: KeptType = { fields: { product: [] } };

/** Parts of products and variants, which are kept with what they belong to. */
export const KEPT_PRODUCT_PARTS: Record<string, KeptType> = {
  PriceRange: { fields: { min: [], max: [] } },
  ProductImage: { fields: { url: [], alt: [] } },
  ProductAttribute: { fields: { name: [], value: [] } },
  ProductOption: { fields: { name: [], values: [] } },
  SelectedOption: { fields: { name: [], value: [] } },
};

const UNITS = partsOf(['units']);
const STOCK = partsOf(['units', 'stock']);
const CATEGORY = partsOf(['category']);

/** What an event of a product means for kept answers. */
export function dropsOfProduct({ entityId, type, payload }: NewEvent): Drop[] {
  const { product, statusBefore } = payload as ProductEventPayload;
  const parts = changedParts(type, payload as ProductEventPayload);
  const staffOnly = product.status !== ProductStatus.ACTIVE && statusBefore !== ProductStatus.ACTIVE;
  const things = [`product:${entityId}`];
  // No list, and no way to find a product, depends on how many units there are.
  if ((parts & ~UNITS) !== 0) {
    things.push(ALL_PRODUCTS, slugThing(product.slug), SKUS);
    if (product.categoryId !== null) things.push(OF_CATEGORY + product.categoryId);
  }
  const drops = things.map((thing) => ({ thing, parts, staffOnly }));
  if (!isType(type, ProductEventType.CREATED) && (parts & CATEGORY) !== 0)
    drops.push({ thing: OF_ANY_CATEGORY, parts: CATEGORY, staffOnly });
  return drops;
}

function changedParts(type: string, { changed, stockChange }: ProductEventPayload): number {
  if (isType(type, ProductEventType.STOCK_CHANGED)) {
    // Whether a product can be bought turns only where one of its variants does.
    return !stockChange || stockChange.before > 0 !== stockChange.after > 0 ? STOCK : UNITS;
  }
  return changed ? partsOf(changed) : ALL_PARTS;
}

function isType(type: string, wanted: ProductEventType): boolean {
  return type === wanted.valueOf();
}

/** What an event of sales means for kept answers. */
export function dropsOfSales(): Drop[] {
  return [{ thing: 'sales', parts: ALL_PARTS }];
}
