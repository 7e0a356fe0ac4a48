import { categoryWith } from '../categories/category.shape.js';
import { checked } from '../plans/checked.js';
import { moneyOf } from '../plans/money-shape.js';
import { onlyOnce, type Draft, type Selection, type Shape } from '../plans/shape.js';
import { column, idColumn, listOf, member, momentColumn } from '../plans/sql-json.js';
import { userWith } from '../users/user.shape.js';
import { ProductBy, RecommendationsArgs } from './product.inputs.js';
import { SKUS, slugThing } from './product.kept.js';
import { VARIANT_ORDER, visible, type Sight } from './products.columns.js';
import { recommendedFor } from './products.queries.js';

/** What the viewer of a statement may see of the catalogue. */
export function sightIn({ forStaff }: Pick<Draft, 'forStaff'>): Sight {
  return { staff: forStaff };
}

/** The condition that hides products from the viewer. @param row alias of the table */
export function seen(row: string, draft: Draft): string {
  return visible(sightIn(draft)).replaceAll('p.', `${row}.`);
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
      const json = asked.of('ProductImage', `${image}.value`);
      return listOf(json, `jsonb_array_elements(${row}.images) WITH ORDINALITY ${image} (value, n)`, `${image}.n`);
    },
    attributes: (row, asked, draft) => {
      const fact = draft.alias();
      const json = asked.of('ProductAttribute', fact);
      // By the numbers of the characters, and not by the letters of a language.
      return listOf(json, `jsonb_each_text(${row}.attributes) ${fact}`, `${fact}.key COLLATE "C"`);
    },
    priceRange: (row, asked) =>
      `CASE WHEN ${row}.min_price_minor IS NOT NULL THEN ${asked.of('PriceRange', { row, currency })} END`,
    category: (row, asked, draft) => categoryWith(`${row}.category_id`, asked.shared, draft),
    createdBy: (row, asked, draft) => {
      return draft.forStaff ? userWith(`${row}.created_by`, asked.shared, draft) : 'NULL';
    },
    variants: (row, asked, draft) => {
      const variant = draft.alias();
      const json = asked.of('ProductVariant', variant);
      const order = VARIANT_ORDER.replaceAll('v.', `${variant}.`);
      return listOf(json, `product_variants ${variant} WHERE ${variant}.product_id = ${row}.id`, order);
    },
    options: (row, asked, draft) => {
      onlyOnce(asked);
      const option = draft.alias();
      return listOf(asked.of('ProductOption', option), `(${optionsOf(`${row}.id`)}) ${option}`, `${option}.n`);
    },
    recommendations: (row, asked, draft) => {
      onlyOnce(asked);
      const { first } = checked(RecommendationsArgs, asked.args);
      const product = draft.alias();
      const json = asked.of('Product', product);
      const rows = `(SELECT p.*, row_number() OVER () AS n FROM (${recommendedFor(row, first)}) p) ${product}`;
      return listOf(json, rows, `${product}.n`);
    },
  };
}

/** Names and values of the choices of a product's variants, each when it first occurs. */
function optionsOf(productId: string): string {
  return `SELECT name, json_agg(value ORDER BY n) AS values, min(n) AS n FROM (
    SELECT o.value ->> 'name' AS name, o.value ->> 'value' AS value, min(ARRAY[v.place, o.n]) AS n
    FROM (SELECT v.options, row_number() OVER (ORDER BY ${VARIANT_ORDER}) AS place
          FROM product_variants v WHERE v.product_id = ${productId}) v,
      jsonb_array_elements(v.options) WITH ORDINALITY o (value, n)
    GROUP BY 1, 2) o GROUP BY name`;
}

/** A choice of a product. */
export const PRODUCT_OPTION: Shape = { name: column('name'), values: column('values') };

/** A picture of a product; its row is SQL of the JSON that it is kept in. */
export const PRODUCT_IMAGE: Shape = { url: member('url'), alt: member('alt') };

/** A fact about a product. */
export const PRODUCT_ATTRIBUTE: Shape = { name: column('key'), value: column('value') };

/** Lowest and highest price of a product. */
export const PRICE_RANGE: Shape<{ row: string; currency: string }> = {
  min: ({ row, currency }, asked) => moneyOf(asked, `${row}.min_price_minor`, currency),
  max: ({ row, currency }, asked) => moneyOf(asked, `${row}.max_price_minor`, currency),
};

/** SQL of the product with an id, as ProductById finds it. @param id SQL */
export function productWith(id: string, asked: Selection, draft: Draft): string {
  const row = draft.alias();
  return `(SELECT ${asked.of('Product', row)} FROM products ${row} WHERE ${row}.id = ${id} AND ${seen(row, draft)})`;
}

/** The root field that finds one product. */
export const PRODUCT_QUERIES: Shape<null> = {
  product: (_, asked, draft) => {
    const { id, slug, sku } = checked(ProductBy, asked.args['by']);
    if (id != null) {
      draft.madeFrom(`product:${id}`, ['status']);
      return productWith(draft.bind(id), asked, draft);
    }
    if (slug == null) {
      draft.madeFrom(SKUS, ['variants', 'status']);
      return productWith(
        `(SELECT v.product_id FROM product_variants v WHERE v.sku = ${draft.bind(sku)})`,
        asked,
        draft,
      );
    }
    draft.madeFrom(slugThing(slug), ['slug', 'status']);
    draft.madeFromEach('product', 'product:', ['slug']);
    const row = draft.alias();
    const json = asked.of('Product', row);
    return `(SELECT ${json} FROM products ${row} WHERE ${row}.slug = ${draft.bind(slug)} AND ${seen(row, draft)})`;
  },
};
