import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import type { PromotionRow } from './promotion.type.js';
import { PromotionsQueries } from './promotions.queries.js';
import { RedemptionsQueries } from './redemptions.queries.js';

/** A promotion by its UUID, for staff; `null` when there is none, and for everybody else. */
@Injectable()
export class PromotionById extends BatchLoader<string, PromotionRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: PromotionsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(PromotionRow | null)[]> {
    const promotions = isStaff(viewer) ? await this.queries.byIds(this.database, ids) : [];
    return byKey(ids, promotions, ({ id }) => id);
  }
}

/** How many orders use a promotion. */
@Injectable()
export class UsesByPromotion extends BatchLoader<string, number> {
  constructor(
    private readonly database: Database,
    private readonly queries: RedemptionsQueries,
  ) {
    super();
  }

  protected async fetch(promotionIds: readonly string[]): Promise<number[]> {
    const rows = await this.queries.counts(this.database, promotionIds);
    return byKey(promotionIds, rows, ({ promotionId }) => promotionId).map((row) => row?.count ?? 0);
  }
}
