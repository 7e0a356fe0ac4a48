import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Db } from '../database/db.js';
import { keysetWindow, pageOf, type Keyed, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import { PRODUCT_COLUMNS, type Sight } from '../products/products.columns.js';
import { ProductConditions } from './product-conditions.js';
import type { ProductFilter } from './catalogue.inputs.js';
import type { ProductRow } from '../products/product.type.js';

/** A product in a list, with the value that it was sorted by. */
export type ListedProduct = ProductRow & Keyed;

/** Which products, in which order, seen by whom. */
export interface ProductList {
  filter: ProductFilter | null | undefined;
  sort: KeysetSort;
  sight: Sight;
}

/** The same for each of several categories. */
export interface CategoryList extends ProductList {
  includeSubcategories: boolean;
}

@Injectable()
export class ProductListQueries {
  constructor(private readonly config: Config) {}

  async page(db: Db, { filter, sort, sight }: ProductList, request: PageRequest): Promise<Page<ListedProduct>> {
    const { params, bind, conditions } = this.start();
    const where = conditions.of(filter, sight);
    const window = keysetWindow(sort, 'p.id', request, bind);
    const rows = await db.query<ListedProduct>(
      'products.page',
      `SELECT ${PRODUCT_COLUMNS}, ${sort.expression} AS "sortKey" FROM products p
       WHERE ${where} AND ${window.where}
       ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, { filter, sight }: ProductList): Promise<number> {
    const { params, conditions } = this.start();
    const sql = `SELECT count(*) AS count FROM products p WHERE ${conditions.of(filter, sight)}`;
    const [row] = await db.query<{ count: number }>('products.count', sql, params);
    return row?.count ?? 0;
  }

  /** One page for each category, in the order of the ids: one statement for all of them. */
  async pagesOfCategories(
    db: Db,
    categoryIds: readonly string[],
    { filter, sort, sight, includeSubcategories }: CategoryList,
    request: PageRequest,
  ): Promise<Page<ListedProduct>[]> {
    const { params, bind, conditions } = this.start();
    const ids = bind(categoryIds);
    const where = conditions.of(filter, sight);
    const window = keysetWindow(sort, 'p.id', request, bind);
    const rows = await db.query<ListedProduct & { ofCategory: number }>(
      'products.pagesOfCategories',
      `SELECT p.*, c.n::int AS "ofCategory"
       FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS c (id, n) CROSS JOIN LATERAL (
         SELECT ${PRODUCT_COLUMNS}, ${sort.expression} AS "sortKey" FROM products p
         WHERE ${conditions.inCategory('c.id', includeSubcategories)} AND ${where} AND ${window.where}
         ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}
       ) p
       ORDER BY c.n, p."sortKey" ${window.direction}, p.id ${window.direction}`,
      params,
    );
    const groups: ListedProduct[][] = categoryIds.map(() => []);
    for (const row of rows) groups[row.ofCategory - 1]?.push(row);
    return groups.map((group) => pageOf(window, group));
  }

  /** How many products each category has, in the order of the ids. */
  async countsOfCategories(
    db: Db,
    categoryIds: readonly string[],
    { filter, sight, includeSubcategories }: Omit<CategoryList, 'sort'>,
  ): Promise<number[]> {
    const { params, bind, conditions } = this.start();
    const ids = bind(categoryIds);
    const where = conditions.of(filter, sight);
    // Counted in one pass over the products and not once for each category: a whole tree may be asked for.
    const rows = await db.query<{ id: string; count: number }>(
      'products.countsOfCategories',
      includeSubcategories
        ? `SELECT cc.ancestor_id AS id, count(*) AS count
           FROM category_closure cc JOIN products p ON p.category_id = cc.descendant_id
           WHERE cc.ancestor_id = ANY(${ids}) AND ${where} GROUP BY cc.ancestor_id`
        : `SELECT p.category_id AS id, count(*) AS count FROM products p
           WHERE p.category_id = ANY(${ids}) AND ${where} GROUP BY p.category_id`,
      params,
    );
    const counts = new Map(rows.map((row) => [row.id, row.count]));
    return categoryIds.map((id) => counts.get(id) ?? 0);
  }

  private start(): { params: unknown[]; bind: (value: unknown) => string; conditions: ProductConditions } {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    return { params, bind, conditions: new ProductConditions(bind, this.config.shopCurrency) };
  }
}
