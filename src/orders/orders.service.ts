import { Injectable } from '@nestjs/common';
import { isStaff, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { PageRequest } from '../database/keyset.js';
import { toConnection, type Connection } from '../graphql/page.js';
import type { OrderBy } from './order.inputs.js';
import type { OrderRow } from './order.type.js';
import { ORDERS_BY_AGE, OrdersQueries, type OrderConditions, type OrderSight } from './orders.queries.js';

/** Reads orders as far as the viewer may know of them. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly database: Database,
    private readonly queries: OrdersQueries,
  ) {}

  /** An order by id or number for its customer and staff, or for whoever knows its number and e-mail address. */
  async find({ id, number, guest }: OrderBy, viewer: Viewer | null): Promise<OrderRow | null> {
    if (guest != null) return this.queries.byNumberAndEmail(this.database, guest.number, guest.email);
    const sight = sightOf(viewer);
    if (!sight) return null;
    if (number != null) return this.queries.byNumber(this.database, number, sight);
    const [order] = await this.queries.byIds(this.database, [id ?? ''], sight);
    return order ?? null;
  }

  /** Orders with these traits, newest first. */
  async list(conditions: OrderConditions, request: PageRequest): Promise<Connection<OrderRow>> {
    const page = await this.queries.page(this.database, conditions, request);
    return toConnection(ORDERS_BY_AGE, page, () => this.queries.count(this.database, conditions));
  }
}

/** Which orders a viewer may see by their ids; `null` for none. */
export function sightOf(viewer: Viewer | null): OrderSight | null {
  return isStaff(viewer) ? 'staff' : viewer;
}
