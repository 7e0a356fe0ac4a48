import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ArgumentsLoader } from '../graphql/arguments-loader.js';
import type { ShopContext } from '../graphql/context.js';
import { toConnection, type Connection } from '../graphql/page.js';
import type { CategoryProductsArgs } from './catalogue.inputs.js';
import { ProductListQueries } from './product-list.queries.js';
import { productSort } from './product-sorts.js';
import { sightOf } from '../products/products.loaders.js';
import type { ProductRow } from '../products/product.type.js';

/** How many products a category has. */
@Injectable()
export class ProductCountOfCategory extends ArgumentsLoader<CategoryProductsArgs, number> {
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
export class ProductsOfCategory extends ArgumentsLoader<CategoryProductsArgs, Connection<ProductRow>> {
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
    return ids.map((id, index) => {
      const page = pages[index] ?? { rows: [], hasNextPage: false, hasPreviousPage: false };
      return toConnection(order, page, () => this.counts.in(context).load({ id, args: counted }));
    });
  }
}
