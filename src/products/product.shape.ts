import { isStaff } from '../access/viewer.js';
import { globalId, column, listOf, momentColumn, idColumn } from '../plans/sql-json.js';
import { checked } from '../plans/checked.js';
import { moneyOf } from '../plans/money-shape.js';
import type { Draft, Shape } from '../plans/shape.js';
import { ProductBy } from './product.inputs.js';
import { VARIANT_ORDER, visible, type Sight } from './products.columns.js';

/** What the viewer of a statement may see of the catalogue. */
export function sightIn({ viewer }: Pick<Draft, 'viewer'>): Sight {
  return { staff: isStaff(viewer) };
}

/** `products` in SQL, as ProductFieldsResolver shows it. Rows are visible to the viewer, whoever selects them sees to it. */
export function productShape(currency: string): Shape {
  return {
    id: idColumn('product', 'id'),
    slug: column('slug'),
    name: column('name'),
    description: column('description'),
    status: column('status'),
    inStock: column('in_stock'),
    version: column('version'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    images: (row, asked, draft) => {
      const image = draft.alias();
      const json = asked.of('ProductImage', image);
      return listOf(json, `jsonb_array_elements(${row}.images) WITH ORDINALITY ${image} (value, n)`, `${image}.n`);
    },
    attributes: (row, asked, draft) => {
      const fact = draft.alias();
      const json = asked.of('ProductAttribute', fact);
      // In the order of JavaScript, which compares UTF-16 and not the letters of a language.
      return listOf(json, `jsonb_each_text(${row}.attributes) ${fact}`, `${fact}.key COLLATE "C"`);
    },
    priceRange: (row, asked) =>
      `CASE WHEN ${row}.min_price_minor IS NOT NULL THEN ${asked.of('PriceRange', { row, currency })} END`,
    category: (row, asked, draft) => {
      const category = draft.alias();
      const json = asked.of('Category', category);
      return `(SELECT ${json} FROM categories ${category} WHERE ${category}.id = ${row}.category_id)`;
    },
    variants: (row, asked, draft) => {
      const variant = draft.alias();
      const json = asked.of('ProductVariant', variant);
      const order = VARIANT_ORDER.replaceAll('v.', `${variant}.`);
      return listOf(json, `product_variants ${variant} WHERE ${variant}.product_id = ${row}.id`, order);
    },
  };
}

export const PRODUCT_IMAGE: Shape = {
  url: (row) => `${row}.value ->> 'url'`,
  alt: (row) => `${row}.value ->> 'alt'`,
};

export const PRODUCT_ATTRIBUTE: Shape = { name: column('key'), value: column('value') };

export const PRICE_RANGE: Shape<{ row: string; currency: string }> = {
  min: ({ row, currency }, asked) => moneyOf(asked, `${row}.min_price_minor`, currency),
  max: ({ row, currency }, asked) => moneyOf(asked, `${row}.max_price_minor`, currency),
};

/** Units of a variant that can be bought. */
function available(row: string): string {
  return `coalesce((SELECT s.on_hand - s.reserved FROM stock_levels s WHERE s.variant_id = ${row}.id), 0)`;
}

/** `product_variants` in SQL, as VariantFieldsResolver shows it. */
export function variantShape(currency: string): Shape {
  return {
    id: (row) => globalId('variant', `${row}.id`),
    sku: column('sku'),
    title: column('title'),
    version: column('version'),
    price: (row, asked) => moneyOf(asked, `${row}.price_minor`, currency),
    compareAtPrice: (row, asked) =>
      `CASE WHEN ${row}.compare_at_minor IS NOT NULL THEN ${moneyOf(asked, `${row}.compare_at_minor`, currency)} END`,
    inStock: (row) => `${available(row)} > 0`,
    availableQuantity: available,
    product: (row, asked, draft) => {
      const product = draft.alias();
      const json = asked.of('Product', product);
      const seen = visible(sightIn(draft)).replaceAll('p.', `${product}.`);
      return `(SELECT ${json} FROM products ${product} WHERE ${product}.id = ${row}.product_id AND ${seen})`;
    },
  };
}

/** The root fields of this room. */
export const PRODUCT_QUERIES: Shape<null> = {
  product: (_, asked, draft) => {
    const row = draft.alias();
    const json = asked.of('Product', row);
    const { id, slug, sku } = checked(ProductBy, asked.args['by']);
    const seen = visible(sightIn(draft)).replaceAll('p.', `${row}.`);
    const which =
      id != null
        ? `${row}.id = ${draft.bind(id)}`
        : slug != null
          ? `${row}.slug = ${draft.bind(slug)}`
          : `${row}.id = (SELECT v.product_id FROM product_variants v WHERE v.sku = ${draft.bind(sku)})`;
    return `(SELECT ${json} FROM products ${row} WHERE ${which} AND ${seen})`;
  },
};
