import type { VariantRow } from './product-variant.type.js';
import type { ProductRow } from './product.type.js';

/** What may be told apart of a change of a product or a variant, by the columns that show it. */
const PRODUCT_PARTS: Readonly<Record<string, readonly (keyof ProductRow)[]>> = {
  slug: ['slug'],
  name: ['name'],
  description: ['description'],
  status: ['status'],
  category: ['categoryId'],
  attributes: ['attributes'],
  images: ['images'],
  price: ['minPriceMinor', 'maxPriceMinor'],
  stock: ['inStock'],
  version: ['version', 'updatedAt'],
};

const VARIANT_PARTS: Readonly<Record<string, readonly (keyof VariantRow)[]>> = {
  variants: ['sku', 'title', 'selectedOptions', 'weightGrams', 'taxClass'],
  price: ['priceMinor', 'compareAtMinor'],
};

/** Names of the parts of a product that a change has changed. */
export function changedOfProduct(before: ProductRow, after: ProductRow): string[] {
  return differing(PRODUCT_PARTS, before, after);
}

/** Names of the parts of its product that a change of a variant has changed, beside what is told of the product itself. */
export function changedOfVariant(before: VariantRow, after: VariantRow): string[] {
  return differing(VARIANT_PARTS, before, after);
}

function differing<Row>(parts: Readonly<Record<string, readonly (keyof Row)[]>>, before: Row, after: Row): string[] {
  return Object.entries(parts).flatMap(([part, columns]) =>
    columns.some((column) => JSON.stringify(before[column]) !== JSON.stringify(after[column])) ? [part] : [],
  );
}
