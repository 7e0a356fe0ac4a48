import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BatchLoader, groupedByKey } from '../graphql/batch-loader.js';
import type { FulfillmentRow } from './fulfillment.type.js';
import { FulfillmentsQueries } from './fulfillments.queries.js';

/** Parcels of an order, oldest first. Whoever asks may see the order. */
@Injectable()
export class FulfillmentsByOrder extends BatchLoader<string, FulfillmentRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: FulfillmentsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[]): Promise<FulfillmentRow[][]> {
    return groupedByKey(ids, await this.queries.ofOrders(this.database, ids), (parcel) => parcel.orderId);
  }
}
