import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BatchLoader } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import { toConnection, type Connection } from '../graphql/page.js';
import type { CategoryProductsArgs } from './catalogue.inputs.js';
import { ProductListQueries } from './product-list.queries.js';
import { productSort } from './product-sorts.js';
import { sightOf } from '../products/products.loaders.js';
import type { ProductRow } from '../products/product.type.js';

/** Which category, and what of its products. */
export interface CategoryProductsKey {
  categoryId: string;
  args: CategoryProductsArgs;
}

/** Keys that ask for the same of different categories, and where they stood among all keys. */
interface Group {
  args: CategoryProductsArgs;
  ids: string[];
  places: number[];
}

function groupsOf(keys: readonly CategoryProductsKey[]): Group[] {
  const groups = new Map<string, Group>();
  keys.forEach(({ categoryId, args }, place) => {
    const name = JSON.stringify(args);
    const group = groups.get(name) ?? { args, ids: [], places: [] };
    group.ids.push(categoryId);
    group.places.push(place);
    groups.set(name, group);
  });
  return [...groups.values()];
}

abstract class CategoryProductsLoader<V> extends BatchLoader<CategoryProductsKey, V> {
  protected override cacheKey({ categoryId, args }: CategoryProductsKey): string {
    return categoryId + JSON.stringify(args);
  }

  /** One value per id, for keys with the same arguments. */
  protected abstract fetchGroup(ids: readonly string[], args: CategoryProductsArgs, context: ShopContext): Promise<V[]>;

  // One statement for each different set of arguments: their number depends on the document, not on the data.
  protected async fetch(keys: readonly CategoryProductsKey[], context: ShopContext): Promise<(V | Error)[]> {
    const values: (V | Error)[] = Array.from({ length: keys.length });
    await Promise.all(
      groupsOf(keys).map(async ({ args, ids, places }) => {
        // Arguments that are refused spoil only the fields that they stand at.
        const found = await this.fetchGroup(ids, args, context).catch((error: Error) => ids.map(() => error));
        found.forEach((value, index) => (values[places[index] ?? 0] = value));
      }),
    );
    return values;
  }
}

/** How many products a category has. */
@Injectable()
export class ProductCountOfCategory extends CategoryProductsLoader<number> {
  constructor(
    private readonly database: Database,
    private readonly lists: ProductListQueries,
  ) {
    super();
  }

  protected fetchGroup(
    ids: readonly string[],
    { filter, includeSubcategories }: CategoryProductsArgs,
    context: ShopContext,
  ): Promise<number[]> {
    return this.lists.countsOfCategories(this.database, ids, { filter, includeSubcategories, sight: sightOf(context) });
  }
}

/** A page of the products of a category. */
@Injectable()
export class ProductsOfCategory extends CategoryProductsLoader<Connection<ProductRow>> {
  constructor(
    private readonly database: Database,
    private readonly lists: ProductListQueries,
    private readonly counts: ProductCountOfCategory,
  ) {
    super();
  }

  protected async fetchGroup(
    ids: readonly string[],
    args: CategoryProductsArgs,
    context: ShopContext,
  ): Promise<Connection<ProductRow>[]> {
    const { filter, sort, includeSubcategories, ...request } = args;
    const order = productSort(sort);
    const list = { filter, sort: order, includeSubcategories, sight: sightOf(context) };
    const pages = await this.lists.pagesOfCategories(this.database, ids, list, request);
    const counted = { filter, includeSubcategories };
    return ids.map((categoryId, index) => {
      const page = pages[index] ?? { rows: [], hasNextPage: false, hasPreviousPage: false };
      return toConnection(order, page, () => this.counts.in(context).load({ categoryId, args: counted }));
    });
  }
}
