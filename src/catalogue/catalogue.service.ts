import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { toConnection, type Connection } from '../graphql/page.js';
import { toMoney } from '../money/money.js';
import type { Sight } from '../products/products.columns.js';
import type { ProductsArgs, SearchArgs, SuggestionsArgs } from './catalogue.inputs.js';
import { ProductListQueries } from './product-list.queries.js';
import { ProductSearchQueries, type FacetRow, type ProductSearch } from './product-search.queries.js';
import { productSort, searchSort } from './product-sorts.js';
import type { ProductRow } from '../products/product.type.js';
import type { SearchFacets } from './search.type.js';

/** A page of what a search found; it remembers the search for its facets. */
export type SearchPage = Connection<ProductRow> & { search: ProductSearch };

/** Lists of products, as one viewer may see them. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly lists: ProductListQueries,
    private readonly searches: ProductSearchQueries,
  ) {}

  /** @throws BadUserInput, CursorInvalid */
  async list({ filter, sort, ...request }: ProductsArgs, sight: Sight): Promise<Connection<ProductRow>> {
    const list = { filter, sort: productSort(sort), sight };
    const page = await this.lists.page(this.database, list, request);
    return toConnection(list.sort, page, () => this.lists.count(this.database, list));
  }

  /** @throws BadUserInput, CursorInvalid */
  async search({ text, filter, sort, ...request }: SearchArgs, sight: Sight): Promise<SearchPage> {
    const search = { text, filter, sight };
    const order = searchSort(sort);
    const page = await this.searches.page(this.database, search, order, request);
    const connection = toConnection(order, page, () => this.searches.count(this.database, search));
    return Object.assign(connection, { search });
  }

  /** What all that a search finds can be narrowed to. */
  async facets({ search }: SearchPage): Promise<SearchFacets> {
    return this.shown(await this.searches.facets(this.database, search));
  }

  /** Products whose names continue what has been typed. Only ACTIVE ones, whoever asks. */
  suggest({ prefix, first }: SuggestionsArgs): Promise<ProductRow[]> {
    return this.searches.suggestions(this.database, prefix, first);
  }

  private shown(row: FacetRow): SearchFacets {
    const { shopCurrency } = this.config;
    const attributes = new Map<string, { value: string; count: number }[]>();
    for (const { name, value, count } of row.attributes) {
      attributes.set(name, [...(attributes.get(name) ?? []), { value, count }]);
    }
    return {
      categories: row.categories.map(({ id, count }) => ({ categoryId: id, count })),
      attributes: [...attributes].map(([name, values]) => ({ name, values })),
      priceBands: row.priceBands.map(({ min, max, count }) => ({
        min: toMoney(min, shopCurrency),
        max: toMoney(max, shopCurrency),
        count,
      })),
      inStockCount: row.inStock,
      outOfStockCount: row.outOfStock,
    };
  }
}
