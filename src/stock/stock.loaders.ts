import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BatchLoader } from '../graphql/batch-loader.js';
import { StockQueries } from './stock.queries.js';
import type { StockLevel } from './stock.type.js';

/** Stock of a variant; one that was never stocked has none. */
@Injectable()
export class StockByVariant extends BatchLoader<string, StockLevel> {
  constructor(
    private readonly database: Database,
    private readonly queries: StockQueries,
  ) {
    super();
  }

  protected async fetch(variantIds: readonly string[]): Promise<StockLevel[]> {
    const rows = await this.queries.levels(this.database, variantIds);
    const levels = new Map(rows.map((level) => [level.variantId, level]));
    return variantIds.map((variantId) => levels.get(variantId) ?? { variantId, onHand: 0, reserved: 0, available: 0 });
  }
}
