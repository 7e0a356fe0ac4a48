import { categoryWith } from '../categories/category.shape.js';
import { moneyOf } from '../plans/money-shape.js';
import type { PageRow } from '../plans/connection-shape.js';
import type { Shape } from '../plans/shape.js';
import { column, listOf } from '../plans/sql-json.js';
import { facetsOf } from './product-search.queries.js';

/** What found products can be narrowed to, as CatalogueService shows it. */
export function facetShapes(currency: string): Record<string, Shape<never>> {
  const facets: Shape<PageRow> = {
    facets: ({ source }, asked, draft) => {
      const row = draft.alias();
      return `(SELECT ${asked.of('SearchFacets', row)} FROM (${facetsOf(source.from)}) ${row})`;
    },
  };
  const bands: Shape = {
    count: column('count'),
    min: (row, asked) => moneyOf(asked, `${row}.min`, currency),
    max: (row, asked) => moneyOf(asked, `${row}.max`, currency),
  };
  return {
    ProductSearchConnection: facets,
    SearchFacets: SEARCH_FACETS,
    CategoryFacet: CATEGORY_FACET,
    AttributeFacet: ATTRIBUTE_FACET,
    AttributeValueFacet: { value: column('value'), count: column('count') },
    PriceBandFacet: bands,
  };
}

/** A FacetRow. */
const SEARCH_FACETS: Shape = {
  inStockCount: (row) => `${row}."inStock"`,
  outOfStockCount: (row) => `${row}."outOfStock"`,
  categories: (row, asked, draft) => {
    const facet = draft.alias();
    const from = rowsOf(`${row}.categories`, { id: 'uuid', count: 'bigint' }, facet);
    return listOf(asked.of('CategoryFacet', facet), from, `${facet}.n`);
  },
  attributes: (row, asked, draft) => {
    const [facet, pair] = [draft.alias(), draft.alias()];
    const pairs = rowsOf(`${row}.attributes`, { name: 'text', value: 'text', count: 'bigint' }, pair);
    const value = `json_build_object('value', ${pair}.value, 'count', ${pair}.count)`;
    const from = `(SELECT ${pair}.name, json_agg(${value} ORDER BY ${pair}.n) AS values, min(${pair}.n) AS n
      FROM ${pairs} GROUP BY 1) ${facet}`;
    return listOf(asked.of('AttributeFacet', facet), from, `${facet}.n`);
  },
  priceBands: (row, asked, draft) => {
    const facet = draft.alias();
    const from = rowsOf(`${row}."priceBands"`, { min: 'bigint', max: 'bigint', count: 'bigint' }, facet);
    return listOf(asked.of('PriceBandFacet', facet), from, `${facet}.n`);
  },
};

const CATEGORY_FACET: Shape = {
  count: column('count'),
  category: (row, asked, draft) => categoryWith(`${row}.id`, asked.shared, draft),
};

const ATTRIBUTE_FACET: Shape = {
  name: column('name'),
  values: (row, asked, draft) => {
    const value = draft.alias();
    const from = rowsOf(`${row}.values`, { value: 'text', count: 'bigint' }, value);
    return listOf(asked.of('AttributeValueFacet', value), from, `${value}.n`);
  },
};

/** SQL of the rows of a list of JSON objects, numbered as `n`. @param columns the members that are needed, with their types */
function rowsOf(json: string, columns: Readonly<Record<string, string>>, alias: string): string {
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  const names = [...Object.keys(columns), 'n'];
  return `ROWS FROM (json_to_recordset(${json}) AS (${typed.join(', ')})) WITH ORDINALITY ${alias} (${names.join(', ')})`;
}
