import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey, groupedByKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import type { Sight } from './products.columns.js';
import { ProductsQueries } from './products.queries.js';
import type { VariantRow } from './product-variant.type.js';
import type { ProductRow } from './product.type.js';

/** What the viewer of a context may see of the catalogue. */
export function sightOf({ viewer }: ShopContext): Sight {
  return { staff: isStaff(viewer) };
}

/** A product, when the viewer may know of it. */
@Injectable()
export class ProductById extends BatchLoader<string, ProductRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: ProductsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], context: ShopContext): Promise<(ProductRow | null)[]> {
    return byKey(ids, await this.queries.byIds(this.database, ids, sightOf(context)), (product) => product.id);
  }
}

/** A variant, when the viewer may know of its product. */
@Injectable()
export class VariantById extends BatchLoader<string, VariantRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: ProductsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], context: ShopContext): Promise<(VariantRow | null)[]> {
    return byKey(ids, await this.queries.variantsByIds(this.database, ids, sightOf(context)), (variant) => variant.id);
  }
}

/** All variants of a product, in their order; none when the viewer may no longer know of it. */
@Injectable()
export class VariantsByProduct extends BatchLoader<string, VariantRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: ProductsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], context: ShopContext): Promise<VariantRow[][]> {
    const variants = await this.queries.variantsOf(this.database, ids, sightOf(context));
    return groupedByKey(ids, variants, (variant) => variant.productId);
  }
}

/** Which products are recommended beside one, and how many. */
export interface RecommendationKey {
  productId: string;
  first: number;
}

/** Best-selling products of the same category. */
@Injectable()
export class RecommendedProducts extends BatchLoader<RecommendationKey, ProductRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: ProductsQueries,
  ) {
    super();
  }

  protected override cacheKey({ productId, first }: RecommendationKey): string {
    return `${first}:${productId}`;
  }

  protected async fetch(keys: readonly RecommendationKey[]): Promise<ProductRow[][]> {
    const most = Math.max(...keys.map((key) => key.first));
    const ids = [...new Set(keys.map((key) => key.productId))];
    const rows = await this.queries.recommended(this.database, ids, most);
    const lists = groupedByKey(ids, rows, (row) => row.forId);
    const listOf = new Map(ids.map((id, index) => [id, lists[index] ?? []]));
    return keys.map(({ productId, first }) => (listOf.get(productId) ?? []).slice(0, first));
  }
}
