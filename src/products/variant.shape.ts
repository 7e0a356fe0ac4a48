import { checked } from '../plans/checked.js';
import { moneyOf } from '../plans/money-shape.js';
import type { Draft, Selection, Shape } from '../plans/shape.js';
import { column, idColumn, listOf, member, momentColumn } from '../plans/sql-json.js';
import { available, stockLevelOf } from '../stock/stock.shape.js';
import { productWith, seen } from './product.shape.js';
import { ProductVariantsArgs } from './variant.inputs.js';

/** `product_variants` in SQL, as VariantFieldsResolver shows it. */
export function variantShape(currency: string): Shape {
  return {
    id: idColumn('variant', 'id'),
    sku: column('sku'),
    title: column('title'),
    weightGrams: column('weight_grams'),
    taxClass: column('tax_class'),
    version: column('version'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    selectedOptions: (row, asked, draft) => {
      const option = draft.alias();
      const json = asked.of('SelectedOption', `${option}.value`);
      return listOf(json, `jsonb_array_elements(${row}.options) WITH ORDINALITY ${option} (value, n)`, `${option}.n`);
    },
    price: (row, asked) => moneyOf(asked, `${row}.price_minor`, currency),
    compareAtPrice: (row, asked) =>
      `CASE WHEN ${row}.compare_at_minor IS NOT NULL THEN ${moneyOf(asked, `${row}.compare_at_minor`, currency)} END`,
    inStock: (row) => `${available(`${row}.id`)} > 0`,
    availableQuantity: (row) => available(`${row}.id`),
    stock: (row, asked, draft) => (draft.forStaff ? stockLevelOf(`${row}.id`, asked, draft) : 'NULL'),
    product: (row, asked, draft) => productWith(`${row}.product_id`, asked.shared, draft),
  };
}

/** A choice that makes a variant; its row is SQL of the JSON that it is kept in. */
export const SELECTED_OPTION: Shape = { name: member('name'), value: member('value') };

/** SQL of the variant with an id, as VariantById finds it. @param id SQL; null for none */
export function variantWith(id: string, asked: Selection, draft: Draft): string {
  const [row, product] = [draft.alias(), draft.alias()];
  return `(SELECT ${asked.of('ProductVariant', row)}
    FROM product_variants ${row} JOIN products ${product} ON ${product}.id = ${row}.product_id
    WHERE ${row}.id = ${id} AND ${seen(product, draft)})`;
}

/** The root field that finds variants. */
export const VARIANT_QUERIES: Shape<null> = {
  productVariants: (_, asked, draft) => {
    const { ids } = checked(ProductVariantsArgs, asked.args);
    const wanted = draft.alias();
    const json = variantWith(`${wanted}.id`, asked.shared, draft);
    return listOf(json, `unnest(${draft.bind(ids)}::uuid[]) WITH ORDINALITY ${wanted} (id, n)`, `${wanted}.n`);
  },
};
