import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { Address } from '../users/address.type.js';
import type { CartHead, CartRow } from './cart.type.js';

/** The columns of `carts c` that make a CartHead. */
export const CART_COLUMNS = `c.id, c.customer_id AS "customerId", c.email, c.shipping_address AS "shippingAddress",
  c.billing_address AS "billingAddress", c.shipping_method AS "methodCode", c.coupons AS "couponCodes",
  c.order_id AS "orderUuid", c.version, c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.expires_at AS "expiresAt"`;

// Not for statements that may have waited for the cart: those still see the lines of before.
const CART_LINES = `(SELECT coalesce(jsonb_agg(
    jsonb_build_object('id', l.id, 'variantId', l.variant_id, 'quantity', l.quantity) ORDER BY l.id), '[]')
  FROM cart_lines l WHERE l.cart_id = c.id)`;

/** Who looks: their own carts and those of guests, or as staff all. */
export interface CartSight {
  viewerId: string | null;
  staff: boolean;
}

/** Which cart is to be changed, by whom, and how long it is kept afterwards. */
export interface CartKey {
  id: string;
  viewerId: string | null;
  /** `null` when any version will do. */
  version: number | null;
  days: number;
}

/** Values to be written; what is `undefined` stays. */
export interface CartChange {
  email?: string | undefined;
  shippingAddress?: Address | null | undefined;
  billingAddress?: Address | null | undefined;
  methodCode?: string | undefined;
  /** Put behind the others, once, as long as there is room. */
  addedCoupon?: string | undefined;
  removedCoupon?: string | undefined;
}

const SETS: Record<keyof CartChange, (value: string) => string> = {
  email: (value) => `email = ${value}`,
  shippingAddress: (value) => `shipping_address = ${value}::jsonb`,
  billingAddress: (value) => `billing_address = ${value}::jsonb`,
  methodCode: (value) => `shipping_method = ${value}`,
  addedCoupon: (value) =>
    `coupons = CASE WHEN ${value} = ANY(coupons) OR cardinality(coupons) >= 5 THEN coupons ELSE coupons || ${value}::text END`,
  removedCoupon: (value) => `coupons = array_remove(coupons, ${value})`,
};

// Any constant of our own: tells these locks from others.
const LOCK_SPACE = 7_105_010;

// A cart that has expired is as good as gone.
const usableBy = (viewer: string): string =>
  `(c.customer_id IS NULL OR c.customer_id = ${viewer}) AND c.expires_at > now()`;
const USABLE = usableBy('$2');

/** SQL of whether a cart can be changed by a viewer. @param cart placeholder of its id, as `viewer` of theirs */
export function isOpen(cart: string, viewer: string): string {
  return `EXISTS (SELECT FROM carts c WHERE c.id = ${cart} AND ${usableBy(viewer)} AND c.order_id IS NULL)`;
}

/** Statements on `carts`. Each change locks its cart, so all that is read afterwards in the transaction stays as it is. */
@Injectable()
export class CartsQueries {
  /** Carts that are not expired and that the viewer may see, with their lines, in no particular order. */
  byIds(db: Db, ids: readonly string[], { viewerId, staff }: CartSight): Promise<CartRow[]> {
    return db.query(
      'carts.byIds',
      `SELECT ${CART_COLUMNS}, ${CART_LINES} AS lines FROM carts c
       WHERE c.id = ANY($1) AND c.expires_at > now() AND (c.customer_id IS NULL OR c.customer_id = $2 OR $3)`,
      [ids, viewerId, staff],
    );
  }

  /** The open carts of accounts, with their lines. */
  openOf(db: Db, customerIds: readonly string[]): Promise<CartRow[]> {
    return db.query(
      'carts.openOf',
      `SELECT ${CART_COLUMNS}, ${CART_LINES} AS lines FROM carts c
       WHERE c.customer_id = ANY($1) AND c.order_id IS NULL AND c.expires_at > now()`,
      [customerIds],
    );
  }

  async insertGuest(tx: Tx, email: string | null, days: number): Promise<CartHead> {
    const [cart] = await tx.query<CartHead>(
      'carts.insertGuest',
      `INSERT INTO carts AS c (email, expires_at) VALUES ($1, now() + make_interval(days => $2)) RETURNING ${CART_COLUMNS}`,
      [email, days],
    );
    if (!cart) throw new Error('A cart was not inserted.');
    return cart;
  }

  /**
   * Lets nobody else give this account an open cart until the transaction ends. Taken before any cart is locked.
   * A lock of its own: rows that do not exist yet cannot be locked, and sign-ins of one account share its row.
   */
  async lockCustomer(tx: Tx, customerId: string): Promise<void> {
    await tx.query('carts.lockCustomer', 'SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, customerId]);
  }

  /** Opens a cart for an account, or takes the open one. `null` when that has expired, or there is no such account. */
  async open(tx: Tx, customerId: string, email: string | null, days: number): Promise<CartHead | null> {
    return first(
      await tx.query<CartHead>(
        'carts.open',
        `INSERT INTO carts AS c (customer_id, email, expires_at)
         SELECT u.id, coalesce($2, u.email), now() + make_interval(days => $3) FROM users u WHERE u.id = $1
         ON CONFLICT (customer_id) WHERE order_id IS NULL DO UPDATE
           SET email = coalesce($2, c.email), version = c.version + 1, updated_at = now(), expires_at = excluded.expires_at
           WHERE c.expires_at > now()
         RETURNING ${CART_COLUMNS}`,
        [customerId, email, days],
      ),
    );
  }

  /** Locks an open cart and changes it. `null` when there is no such cart for the viewer in this version; then nothing changed. */
  async update(tx: Tx, { id, viewerId, version, days }: CartKey, change: CartChange): Promise<CartHead | null> {
    const params: unknown[] = [id, viewerId, version, days];
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const sets = given.map(([name, value]) => {
      const stored = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
      return `${SETS[name as keyof CartChange](`$${params.push(stored)}`)}, `;
    });
    return first(
      await tx.query<CartHead>(
        'carts.update',
        `UPDATE carts c SET ${sets.join('')}version = version + 1, updated_at = now(),
           expires_at = now() + make_interval(days => $4)
         WHERE c.id = $1 AND ${USABLE} AND c.order_id IS NULL AND ($3::int IS NULL OR c.version = $3)
         RETURNING ${CART_COLUMNS}`,
        params,
      ),
    );
  }

  /** A cart that the viewer may use, ordered or not, with its lines. */
  async usable(db: Db, id: string, viewerId: string | null): Promise<CartRow | null> {
    const sql = `SELECT ${CART_COLUMNS}, ${CART_LINES} AS lines FROM carts c WHERE c.id = $1 AND ${USABLE}`;
    return first(await db.query<CartRow>('carts.usable', sql, [id, viewerId]));
  }

  /** Locks an open cart and closes it with the id of an order. A guest's cart becomes the viewer's. */
  async close(tx: Tx, id: string, viewerId: string | null): Promise<CartHead | null> {
    return first(
      await tx.query<CartHead>(
        'carts.close',
        `UPDATE carts c SET order_id = uuidv7(), version = version + 1, updated_at = now(),
           customer_id = coalesce(c.customer_id, (SELECT u.id FROM users u WHERE u.id = $2)),
           email = coalesce(c.email, (SELECT u.email FROM users u WHERE u.id = $2))
         WHERE c.id = $1 AND ${USABLE} AND c.order_id IS NULL
         RETURNING ${CART_COLUMNS}`,
        [id, viewerId],
      ),
    );
  }

  /** Deletes the open cart of an account, if it has expired. */
  async deleteExpiredOf(tx: Tx, customerId: string): Promise<void> {
    const sql = 'DELETE FROM carts WHERE customer_id = $1 AND order_id IS NULL AND expires_at <= now()';
    await tx.query('carts.deleteExpiredOf', sql, [customerId]);
  }

  /** Deletes carts that have expired, the oldest first, but none that somebody is changing. Answers how many. */
  async deleteExpired(tx: Tx, limit: number): Promise<number> {
    const rows = await tx.query(
      'carts.deleteExpired',
      `DELETE FROM carts WHERE id IN (
         SELECT id FROM carts WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [limit],
    );
    return rows.length;
  }
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}
