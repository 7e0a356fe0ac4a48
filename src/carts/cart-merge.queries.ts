import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import type { CartHead } from './cart.type.js';
import { CART_COLUMNS } from './carts.queries.js';
import { MAX_COUPONS, MAX_LINES, MAX_QUANTITY } from './carts.errors.js';

/** A cart that may take part in a merge. */
export interface MergingCart extends CartHead {
  expired: boolean;
}

/** Two carts of which one is merged into the other. */
export interface CartPair {
  accountCartId: string;
  guestCartId: string;
}

/** Statements that give a guest's cart to an account. */
@Injectable()
export class CartMergeQueries {
  /** Locks a guest's cart, if it is still open and nobody's, and the open cart of an account, in the order of their ids. */
  lockBoth(tx: Tx, guestCartId: string, customerId: string): Promise<MergingCart[]> {
    return tx.query(
      'carts.lockBoth',
      `SELECT ${CART_COLUMNS}, c.expires_at <= now() AS expired FROM carts c
       WHERE c.order_id IS NULL AND (c.customer_id = $2 OR c.id = $1 AND c.customer_id IS NULL AND c.expires_at > now())
       ORDER BY c.id FOR UPDATE`,
      [guestCartId, customerId],
    );
  }

  /** Gives a guest's cart to an account that has no open one. */
  async attach(tx: Tx, guestCartId: string, customerId: string, days: number): Promise<CartHead | null> {
    const [cart] = await tx.query<CartHead>(
      'carts.attach',
      `UPDATE carts c SET customer_id = u.id, email = coalesce(c.email, u.email), version = c.version + 1, updated_at = now(),
         expires_at = now() + make_interval(days => $3)
       FROM users u WHERE c.id = $1 AND u.id = $2 RETURNING ${CART_COLUMNS}`,
      [guestCartId, customerId, days],
    );
    return cart ?? null;
  }

  /**
   * Moves the lines of the guest's cart into the account's, the oldest first: units of the same variant are added up to
   * what a line holds, other lines move while there is room. Answers how many lines had none and stay where they were.
   */
  async moveLines(tx: Tx, { accountCartId, guestCartId }: CartPair): Promise<number> {
    const [moved] = await tx.query<{ left: number }>(
      'carts.moveLines',
      `WITH guest AS (SELECT id, variant_id, quantity FROM cart_lines WHERE cart_id = $2),
       account AS (SELECT variant_id FROM cart_lines WHERE cart_id = $1),
       added AS (
         UPDATE cart_lines l SET quantity = least(l.quantity + g.quantity, ${MAX_QUANTITY}) FROM guest g
         WHERE l.cart_id = $1 AND l.variant_id = g.variant_id RETURNING g.id
       ), gone AS (
         DELETE FROM cart_lines WHERE id IN (SELECT id FROM added)
       ), moved AS (
         UPDATE cart_lines SET cart_id = $1 WHERE id IN (
           SELECT id FROM guest WHERE variant_id NOT IN (SELECT variant_id FROM account)
           ORDER BY id LIMIT greatest(${MAX_LINES} - (SELECT count(*) FROM account), 0)
         ) RETURNING id
       )
       SELECT (SELECT count(*) FROM guest)::int - (SELECT count(*) FROM added)::int - (SELECT count(*) FROM moved)::int AS "left"`,
      [accountCartId, guestCartId],
    );
    return moved?.left ?? 0;
  }

  /** Fills what the account's cart lacks from the guest's: addresses, e-mail, shipping method, and coupons behind its own. */
  async mergeTerms(tx: Tx, { accountCartId, guestCartId }: CartPair, days: number): Promise<CartHead | null> {
    const [cart] = await tx.query<CartHead>(
      'carts.mergeTerms',
      `UPDATE carts c SET email = coalesce(c.email, g.email), shipping_address = coalesce(c.shipping_address, g.shipping_address),
         billing_address = coalesce(c.billing_address, g.billing_address),
         shipping_method = coalesce(c.shipping_method, g.shipping_method),
         coupons = ARRAY(SELECT code FROM unnest(c.coupons || g.coupons) WITH ORDINALITY AS u (code, n)
           GROUP BY code ORDER BY min(n) LIMIT ${MAX_COUPONS}),
         version = c.version + 1, updated_at = now(), expires_at = now() + make_interval(days => $3)
       FROM carts g WHERE c.id = $1 AND g.id = $2 RETURNING ${CART_COLUMNS}`,
      [accountCartId, guestCartId, days],
    );
    return cart ?? null;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query('carts.delete', 'DELETE FROM carts WHERE id = $1', [id]);
  }
}
