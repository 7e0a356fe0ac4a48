import { checked } from '../plans/checked.js';
import { connection } from '../plans/connection-shape.js';
import type { Draft, Shape } from '../plans/shape.js';
import { sightIn } from '../products/product.shape.js';
import { CategoryProductsArgs, ProductCountArgs, ProductsArgs, SearchArgs } from './catalogue.inputs.js';
import { ProductConditions } from './product-conditions.js';
import { foundBy } from './product-search.queries.js';
import { productSort, searchSort } from './product-sorts.js';

/** The root fields of this room. */
export function catalogueQueries(currency: string): Shape<null> {
  return {
    products: (_, asked, draft) => {
      const { filter, sort, ...request } = checked(ProductsArgs, asked.args);
      const from = `products p WHERE ${conditionsIn(draft, currency).of(filter, sightIn(draft))}`;
      return connection('ProductConnection', { from, sort: productSort(sort), request }, asked, draft);
    },
    search: (_, asked, draft) => {
      const { text, filter, sort, ...request } = checked(SearchArgs, asked.args);
      const search = { text, filter, sight: sightIn(draft) };
      const from = foundBy(search, (value) => draft.bind(value), currency);
      return connection('ProductSearchConnection', { from, sort: searchSort(sort), request }, asked, draft);
    },
  };
}

/** What this room knows of categories. */
export function categoryProducts(currency: string): Shape {
  return {
    products: (row, asked, draft) => {
      const { filter, sort, includeSubcategories, ...request } = checked(CategoryProductsArgs, asked.args);
      const conditions = conditionsIn(draft, currency);
      const from = `products p WHERE ${conditions.inCategory(`${row}.id`, includeSubcategories)} AND
        ${conditions.of(filter, sightIn(draft))}`;
      return connection('ProductConnection', { from, sort: productSort(sort), request }, asked, draft);
    },
    productCount: (row, asked, draft) => {
      const { includeSubcategories } = checked(ProductCountArgs, asked.args);
      const conditions = conditionsIn(draft, currency);
      return `(SELECT count(*) FROM products p WHERE ${conditions.inCategory(`${row}.id`, includeSubcategories)} AND
        ${conditions.of(null, sightIn(draft))})`;
    },
  };
}

function conditionsIn(draft: Draft, currency: string): ProductConditions {
  return new ProductConditions((value) => draft.bind(value), currency);
}
