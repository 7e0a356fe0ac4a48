import type { KeysetSort } from '../database/keyset.js';
import { ProductSortField, SortDirection, type ProductSort } from './catalogue.inputs.js';

// 2^53 - 1: behind every price, and exact in JavaScript. The index has the same expression.
const NO_PRICE = '9007199254740991';

const BY_FIELD: Record<ProductSortField, Pick<KeysetSort, 'expression' | 'type'>> = {
  NAME: { expression: 'lower(p.name)', type: 'text' },
  PRICE: { expression: `coalesce(p.min_price_minor, ${NO_PRICE})`, type: 'bigint' },
  CREATED_AT: { expression: 'p.created_at', type: 'timestamptz' },
  RELEVANCE: { expression: 'p.units_sold', type: 'bigint' },
  BEST_SELLING: { expression: 'p.units_sold', type: 'bigint' },
};

/** Order of a list of products; newest first when the client has no wish. */
export function productSort(sort: ProductSort | null | undefined): KeysetSort {
  const { field, direction } = sort ?? { field: ProductSortField.CREATED_AT, direction: SortDirection.DESC };
  return { name: `products:${field}:${direction}`, ...BY_FIELD[field], direction };
}

/** Order of found products; what fits best first when the client has no wish. `p.rank` comes from the search. */
export function searchSort(sort: ProductSort | null | undefined): KeysetSort {
  const { field, direction } = sort ?? { field: ProductSortField.RELEVANCE, direction: SortDirection.DESC };
  const key =
    field === ProductSortField.RELEVANCE ? ({ expression: 'p.rank', type: 'float8' } as const) : BY_FIELD[field];
  return { name: `search:${field}:${direction}`, ...key, direction };
}
