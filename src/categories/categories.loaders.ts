import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BatchLoader, byKey, groupedByKey } from '../graphql/batch-loader.js';
import { CategoriesQueries, type AncestorRow } from './categories.queries.js';
import type { Category } from './category.type.js';

@Injectable()
export class CategoryById extends BatchLoader<string, Category | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: CategoriesQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[]): Promise<(Category | null)[]> {
    return byKey(ids, await this.queries.byIds(this.database, ids), (category) => category.id);
  }
}

/** Direct subcategories, in their order. */
@Injectable()
export class ChildrenByCategory extends BatchLoader<string, Category[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: CategoriesQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[]): Promise<Category[][]> {
    return groupedByKey(ids, await this.queries.childrenOf(this.database, ids), (child) => child.parentId ?? '');
  }
}

/** All categories above one, from the root down. */
@Injectable()
export class AncestorsByCategory extends BatchLoader<string, AncestorRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: CategoriesQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[]): Promise<AncestorRow[][]> {
    return groupedByKey(ids, await this.queries.ancestorsOf(this.database, ids), (row) => row.descendantId);
  }
}
