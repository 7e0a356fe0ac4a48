import { checked } from '../plans/checked.js';
import { connection } from '../plans/connection-shape.js';
import { onlyOnce, type Draft, type Shape } from '../plans/shape.js';
import { column, listOf } from '../plans/sql-json.js';
import { sightIn } from '../products/product.shape.js';
import { noteList, noteListOfCategories, SEARCHED } from './catalogue.kept.js';
import {
  CategoryProductsArgs,
  ProductCountArgs,
  ProductsArgs,
  ProductSortField,
  SearchArgs,
  SortDirection,
  SuggestionsArgs,
} from './catalogue.inputs.js';
import { ProductConditions } from './product-conditions.js';
import { foundBy, suggestedFor } from './product-search.queries.js';
import { productSort, searchSort } from './product-sorts.js';

const SUGGESTED_FIRST = { field: ProductSortField.BEST_SELLING, direction: SortDirection.DESC };

/** The root fields of this room. */
export function catalogueQueries(currency: string): Shape<null> {
  return {
    products: (_, asked, draft) => {
      const { filter, sort, ...request } = checked(ProductsArgs, asked.args);
      noteList(draft, { filter, sort });
      const from = `products p WHERE ${conditionsIn(draft, currency).of(filter, sightIn(draft))}`;
      return connection('ProductConnection', { alias: 'p', from, sort: productSort(sort), request }, asked, draft);
    },
    search: (_, asked, draft) => {
      const { text, filter, sort, ...request } = checked(SearchArgs, asked.args);
      noteList(draft, { filter, sort, parts: SEARCHED });
      const search = { text, filter, sight: sightIn(draft) };
      const from = foundBy(search, (value) => draft.bind(value), currency);
      const source = { alias: 'p', from, sort: searchSort(sort), request, foundWhole: 'products' };
      return connection('ProductSearchConnection', source, asked, draft);
    },
    searchSuggestions: (_, asked, draft) => {
      const { prefix, first } = checked(SuggestionsArgs, asked.args);
      noteList(draft, { sort: SUGGESTED_FIRST, parts: SEARCHED });
      const product = draft.alias();
      const json = asked.of('SearchSuggestion', product);
      const found = suggestedFor(prefix, first, (value) => draft.bind(value));
      const rows = `(SELECT p.*, row_number() OVER () AS n FROM (${found}) p) ${product}`;
      return listOf(json, rows, `${product}.n`);
    },
  };
}

/** A suggestion, made of a product. */
export const SEARCH_SUGGESTION: Shape = {
  text: column('name'),
  product: (row, asked) => asked.of('Product', row),
};

/** What this room knows of categories. */
export function categoryProducts(currency: string): Shape {
  return {
    products: (row, asked, draft) => {
      onlyOnce(asked);
      const { filter, sort, includeSubcategories, ...request } = checked(CategoryProductsArgs, asked.args);
      noteListOfCategories(draft, { filter, sort }, includeSubcategories);
      const conditions = conditionsIn(draft, currency);
      const from = `products p WHERE ${conditions.inCategory(`${row}.id`, includeSubcategories)} AND
        ${conditions.of(filter, sightIn(draft))}`;
      return connection('ProductConnection', { alias: 'p', from, sort: productSort(sort), request }, asked, draft);
    },
    productCount: (row, asked, draft) => {
      onlyOnce(asked);
      const { includeSubcategories } = checked(ProductCountArgs, asked.args);
      noteListOfCategories(draft, {}, includeSubcategories);
      const conditions = conditionsIn(draft, currency);
      return `(SELECT count(*) FROM products p WHERE ${conditions.inCategory(`${row}.id`, includeSubcategories)} AND
        ${conditions.of(null, sightIn(draft))})`;
    },
  };
}

function conditionsIn(draft: Draft, currency: string): ProductConditions {
  return new ProductConditions((value) => draft.bind(value), currency);
}
