import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { Db, Tx } from '../database/db.js';
import { keysetWindow, pageOf, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import type { OrderState } from './order-states.rules.js';
import type { OrderHistoryEntry, OrderRow } from './order.type.js';
import { ORDER_COLUMNS } from './orders.columns.js';

/** Newest first. */
export const ORDERS_BY_AGE: KeysetSort = {
  name: 'orders',
  expression: 'o.placed_at',
  type: 'timestamptz',
  direction: 'DESC',
};

/** Which orders are listed; conditions that are left out hold for all. */
export interface OrderConditions {
  states?: readonly OrderState[] | null;
  placedAfter?: Date | null;
  placedBefore?: Date | null;
  customerId?: string | null;
  text?: string | null;
}

/** Who looks: staff at all orders, others at their own. */
export type OrderSight = Pick<Viewer, 'id'> | 'staff';

type ListedOrder = OrderRow & { sortKey: Date };

@Injectable()
export class OrdersQueries {
  byIds(db: Db, ids: readonly string[], sight: OrderSight): Promise<OrderRow[]> {
    const sql = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = ANY($1) AND ($2::uuid IS NULL OR o.customer_id = $2)`;
    return db.query('orders.byIds', sql, [ids, ownerOf(sight)]);
  }

  async byNumber(db: Db, number: string, sight: OrderSight): Promise<OrderRow | null> {
    const sql = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.number IN ($1, upper($1)) AND ($2::uuid IS NULL OR o.customer_id = $2)
      ORDER BY o.number = $1 DESC LIMIT 1`;
    const [order] = await db.query<OrderRow>('orders.byNumber', sql, [number, ownerOf(sight)]);
    return order ?? null;
  }

  /** The order of somebody who knows its number and the address it was placed with. */
  async byNumberAndEmail(db: Db, number: string, email: string): Promise<OrderRow | null> {
    const sql = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.number IN ($1, upper($1)) AND lower(o.email) = lower($2)
      ORDER BY o.number = $1 DESC LIMIT 1`;
    const [order] = await db.query<OrderRow>('orders.byNumberAndEmail', sql, [number, email]);
    return order ?? null;
  }

  /** Locks an order until the transaction ends: every change of an order begins here. */
  async lock(tx: Tx, id: string): Promise<OrderRow | null> {
    // In two statements: one that waits for the lock would read the lines as they were before.
    await tx.query('orders.lock', 'SELECT FROM orders WHERE id = $1 FOR NO KEY UPDATE', [id]);
    const [order] = await this.byIds(tx, [id], 'staff');
    return order ?? null;
  }

  async page(db: Db, conditions: OrderConditions, request: PageRequest): Promise<Page<ListedOrder>> {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const where = whereOf(conditions, bind);
    const window = keysetWindow(ORDERS_BY_AGE, 'o.id', request, bind);
    const rows = await db.query<ListedOrder>(
      'orders.page',
      `SELECT ${ORDER_COLUMNS}, o.placed_at AS "sortKey" FROM orders o WHERE ${where} AND ${window.where}
       ORDER BY ${window.orderBy} LIMIT ${window.limit} OFFSET ${window.offset}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, conditions: OrderConditions): Promise<number> {
    const params: unknown[] = [];
    const where = whereOf(conditions, (value) => `$${params.push(value)}`);
    const sql = `SELECT count(*) AS count FROM orders o WHERE ${where}`;
    const [row] = await db.query<{ count: number }>('orders.count', sql, params);
    return row?.count ?? 0;
  }

  /** One page for each customer, in the order of the ids: one statement for all of them. */
  async pagesOfCustomers(db: Db, customerIds: readonly string[], request: PageRequest): Promise<Page<ListedOrder>[]> {
    const params: unknown[] = [customerIds];
    const window = keysetWindow(ORDERS_BY_AGE, 'o.id', request, (value) => `$${params.push(value)}`);
    const rows = await db.query<ListedOrder & { ofCustomer: number }>(
      'orders.pagesOfCustomers',
      `SELECT o.*, c.n::int AS "ofCustomer" FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, n) CROSS JOIN LATERAL (
         SELECT ${ORDER_COLUMNS}, o.placed_at AS "sortKey" FROM orders o WHERE o.customer_id = c.id AND ${window.where}
         ORDER BY ${window.orderBy} LIMIT ${window.limit} OFFSET ${window.offset}
       ) o
       ORDER BY c.n, o."sortKey" ${window.direction}, o.id ${window.direction}`,
      params,
    );
    const groups: ListedOrder[][] = customerIds.map(() => []);
    for (const row of rows) groups[row.ofCustomer - 1]?.push(row);
    return groups.map((group) => pageOf(window, group));
  }

  /** How many orders each customer has, in the order of the ids. */
  async countsOfCustomers(db: Db, customerIds: readonly string[]): Promise<number[]> {
    const rows = await db.query<{ id: string; count: number }>(
      'orders.countsOfCustomers',
      'SELECT customer_id AS id, count(*) AS count FROM orders WHERE customer_id = ANY($1) GROUP BY customer_id',
      [customerIds],
    );
    const counts = new Map(rows.map((row) => [row.id, row.count]));
    return customerIds.map((id) => counts.get(id) ?? 0);
  }

  /** What happened to orders, oldest first; how each was placed is its first entry. */
  history(db: Db, orderIds: readonly string[]): Promise<(OrderHistoryEntry & { orderId: string })[]> {
    return db.query(
      'orders.history',
      `SELECT o.id AS "orderId", h.* FROM orders o CROSS JOIN LATERAL (${historyOf('o')}) h WHERE o.id = ANY($1)
       ORDER BY o.id, h.n`,
      [orderIds],
    );
  }
}

function ownerOf(sight: OrderSight): string | null {
  return sight === 'staff' ? null : sight.id;
}

/** SQL of what happened to one order, in the order of `n`; how it was placed is its first entry. @param row alias of its table */
export function historyOf(row: string): string {
  return `SELECT 'PLACED' AS type, NULL AS "fromState",
      coalesce((SELECT h.from_state FROM order_history h WHERE h.order_id = ${row}.id ORDER BY h.id LIMIT 1), ${row}.state) AS "toState",
      NULL AS reason, ${row}.placed_at AS at, ${row}.customer_id AS "actorId", ${row}.id AS n
    UNION ALL
    SELECT h.what, h.from_state, h.to_state, h.reason, h.at, h.actor_id, h.id
    FROM order_history h WHERE h.order_id = ${row}.id`;
}

/** SQL of the condition on `orders o`. @param bind takes a parameter and answers its placeholder */
export function whereOf(conditions: OrderConditions, bind: (value: unknown) => string): string {
  const { states, placedAfter, placedBefore, customerId, text } = conditions;
  const parts = [
    ...(states ? [`o.state = ANY(${bind(states)})`] : []),
    ...(placedAfter ? [`o.placed_at >= ${bind(placedAfter)}`] : []),
    ...(placedBefore ? [`o.placed_at < ${bind(placedBefore)}`] : []),
    ...(customerId ? [`o.customer_id = ${bind(customerId)}`] : []),
    ...(text ? [textCondition(bind(text.replace(/[\\%_]/g, String.raw`\$&`)))] : []),
  ];
  return parts.length === 0 ? 'TRUE' : parts.join(' AND ');
}

/** Number, e-mail address or customer reference hold the text, upper or lower case. */
function textCondition(text: string): string {
  const searched = `lower(o.number || ' ' || coalesce(o.email, '') || ' ' || coalesce(o.customer_reference, ''))`;
  return `${searched} LIKE '%' || lower(${text}) || '%'`;
}
