import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { PageRequest } from '../database/keyset.js';
import { ArgumentsLoader } from '../graphql/arguments-loader.js';
import { BatchLoader, byKey, groupedByKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import { toConnection, type Connection } from '../graphql/page.js';
import type { OrderHistoryEntry, OrderRow } from './order.type.js';
import { ORDERS_BY_AGE, OrdersQueries } from './orders.queries.js';
import { sightOf } from './orders.service.js';

/** An order, when the viewer is its customer or works for the shop. */
@Injectable()
export class OrderById extends BatchLoader<string, OrderRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: OrdersQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(OrderRow | null)[]> {
    const sight = sightOf(viewer);
    const orders = sight ? await this.queries.byIds(this.database, ids, sight) : [];
    return byKey(ids, orders, (order) => order.id);
  }
}

/** What happened to an order, oldest first. */
@Injectable()
export class HistoryByOrder extends BatchLoader<string, OrderHistoryEntry[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: OrdersQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[]): Promise<OrderHistoryEntry[][]> {
    return groupedByKey(ids, await this.queries.history(this.database, ids), (entry) => entry.orderId);
  }
}

/** How many orders an account has. */
@Injectable()
export class OrderCountOfCustomer extends BatchLoader<string, number> {
  constructor(
    private readonly database: Database,
    private readonly queries: OrdersQueries,
  ) {
    super();
  }

  protected fetch(ids: readonly string[]): Promise<number[]> {
    return this.queries.countsOfCustomers(this.database, ids);
  }
}

/** A page of the orders of an account. */
@Injectable()
export class OrdersOfCustomer extends ArgumentsLoader<PageRequest, Connection<OrderRow>> {
  constructor(
    private readonly database: Database,
    private readonly queries: OrdersQueries,
    private readonly counts: OrderCountOfCustomer,
  ) {
    super();
  }

  protected async fetchGroup(
    ids: readonly string[],
    request: PageRequest,
    context: ShopContext,
  ): Promise<Connection<OrderRow>[]> {
    const pages = await this.queries.pagesOfCustomers(this.database, ids, request);
    return ids.map((id, index) => {
      const page = pages[index] ?? { rows: [], hasNextPage: false, hasPreviousPage: false };
      return toConnection(ORDERS_BY_AGE, page, () => this.counts.in(context).load(id));
    });
  }
}
