import { TREE } from '../categories/category.kept.js';
import type { KeptType } from '../plans/made-from.js';
import type { Draft } from '../plans/shape.js';
import { ALL_PRODUCTS, OF_ANY_CATEGORY, OF_CATEGORY, SALES } from '../products/product.kept.js';
import { ProductSortField, type ProductFilter, type ProductSort } from './catalogue.inputs.js';

/** What a search looks at. SKUs are found too. */
export const SEARCHED = ['name', 'description', 'attributes', 'variants'];

const FACETS = { thing: ALL_PRODUCTS, parts: ['status', 'category', 'attributes', 'price', 'stock'] };

/** What the fields of this room are made from, beside the lists of products, which note themselves. */
export const KEPT_CATALOGUE: Record<string, KeptType> = {
  Query: { fields: { products: [], search: [], searchSuggestions: [] } },
  Category: { fields: { products: [], productCount: [] } },
  ProductSearchConnection: { fields: { facets: [FACETS] } },
  SearchFacets: {
    fields: { inStockCount: [], outOfStockCount: [], categories: [], attributes: [], priceBands: [] },
  },
  CategoryFacet: { fields: { count: [], category: [] } },
  AttributeFacet: { fields: { name: [], values: [] } },
  AttributeValueFacet: { fields: { value: [], count: [] } },
  PriceBandFacet: { fields: { count: [], min: [], max: [] } },
};

/** A suggestion shows the name of its product. */
export const KEPT_SUGGESTION: KeptType<string> = {
  is: { kind: 'product', id: (row) => `${row}.id`, parts: ['status'] },
  fields: { text: ['name'], product: [] },
};

/** Which products a list holds, and in which order. */
export interface NotedList {
  filter?: ProductFilter | null;
  sort?: ProductSort | null;
  /** Names of parts that decide beside filter and order. */
  parts?: readonly string[];
}

/** What decides about each order. By relevance a search has an order of its own, a list that of what is sold best. */
const BY_SORT: Record<ProductSortField, readonly string[]> = {
  NAME: ['name'],
  PRICE: ['price'],
  CREATED_AT: [],
  RELEVANCE: [],
  BEST_SELLING: [],
};
const BY_SALES = new Set([ProductSortField.RELEVANCE, ProductSortField.BEST_SELLING]);

/** Notes what a list of products of the whole shop is made from, or, where its filter says so, of one category. */
export function noteList(draft: Draft, list: NotedList): void {
  const { filter } = list;
  const narrow = filter?.categoryId != null && filter.includeSubcategories !== true;
  note(draft, list, (parts) => draft.madeFrom(narrow ? OF_CATEGORY + filter.categoryId : ALL_PRODUCTS, parts));
  if (narrow) draft.madeFrom(OF_ANY_CATEGORY, ['category']);
}

/** Notes what the lists of products are made from that belong to the categories of the answer. @param deep with those of the categories below */
export function noteListOfCategories(draft: Draft, list: NotedList, deep: boolean): void {
  if (deep) {
    noteTree(draft);
    note(draft, list, (parts) => draft.madeFrom(ALL_PRODUCTS, ['category', ...parts]));
    return;
  }
  note(draft, list, (parts) => draft.madeFromEach('category', OF_CATEGORY, parts));
  draft.madeFrom(OF_ANY_CATEGORY, ['category']);
}

function note(draft: Draft, { filter, sort, parts = [] }: NotedList, add: (parts: string[]) => void): void {
  const all = new Set(['status', ...parts, ...(sort ? BY_SORT[sort.field] : [])]);
  for (const part of ofFilter(filter)) all.add(part);
  add([...all]);
  if (isDeep(filter)) noteTree(draft);
  if (sort && BY_SALES.has(sort.field)) draft.madeFrom(SALES.thing, SALES.parts);
}

function noteTree(draft: Draft): void {
  draft.madeFrom(TREE.thing, TREE.parts);
}

function* ofFilter(filter: ProductFilter | null | undefined): Iterable<string> {
  if (!filter) return;
  if (filter.categoryId != null) yield 'category';
  if (filter.price) yield 'price';
  if (filter.inStock != null) yield 'stock';
  if (filter.status != null) yield 'status';
  if (filter.attributes) yield 'attributes';
  for (const inner of [...(filter.and ?? []), ...(filter.or ?? []), filter.not]) yield* ofFilter(inner);
}

function isDeep(filter: ProductFilter | null | undefined): boolean {
  if (!filter) return false;
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), filter.not];
  return filter.includeSubcategories === true || inner.some(isDeep);
}
