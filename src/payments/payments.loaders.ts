import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BatchLoader, groupedByKey } from '../graphql/batch-loader.js';
import type { PaymentRow, RefundRow } from './payment.type.js';
import { PaymentsQueries } from './payments.queries.js';
import { RefundsQueries } from './refunds.queries.js';

/** Payments of an order, oldest first; at most 20. Who may see the order may see them: the order decides that. */
@Injectable()
export class PaymentsByOrder extends BatchLoader<string, PaymentRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: PaymentsQueries,
  ) {
    super();
  }

  protected async fetch(orderIds: readonly string[]): Promise<PaymentRow[][]> {
    return groupedByKey(orderIds, await this.queries.byOrders(this.database, orderIds), (payment) => payment.orderId);
  }
}

/** Refunds of an order, oldest first. */
@Injectable()
export class RefundsByOrder extends BatchLoader<string, RefundRow[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: RefundsQueries,
  ) {
    super();
  }

  protected async fetch(orderIds: readonly string[]): Promise<RefundRow[][]> {
    return groupedByKey(orderIds, await this.queries.byOrders(this.database, orderIds), (refund) => refund.orderId);
  }
}
