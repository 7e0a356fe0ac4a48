import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { listParameter } from '../database/list-parameter.js';
import type { WantedLine } from '../pricing/quote.type.js';
import type { LineRow } from './cart-line.type.js';
import { isOpen } from './carts.queries.js';

/** A line after a change, and whether the change was about it. */
export interface ChangedLine extends LineRow {
  changed: boolean;
}

/** Whose lines are changed, by whom. */
export interface LinesKey {
  cartId: string;
  viewerId: string | null;
}

/** How many units a line shall have. */
export interface NewUnits {
  id: string;
  quantity: number;
}

const IDS = listParameter('$2');
const QUANTITIES = listParameter('$3', 'integer');

/**
 * Statements on `cart_lines`. Changes go behind the statement that locks the cart; they look once more whether it may be
 * changed, so that both can be sent in one go. All answer lines in the order in which they were added.
 */
@Injectable()
export class CartLinesQueries {
  of(tx: Tx, cartId: string): Promise<LineRow[]> {
    return tx.query(
      'cartLines.of',
      `SELECT id, variant_id AS "variantId", quantity FROM cart_lines WHERE cart_id = $1 ORDER BY id`,
      [cartId],
    );
  }

  /**
   * Adds units of variants that are for sale, each variant once, as long as the viewer may change the cart. Answers all lines;
   * a variant that is not for sale is among them only if it was before. More units than a line holds violate a constraint.
   */
  add(tx: Tx, { cartId, viewerId }: LinesKey, wanted: readonly WantedLine[]): Promise<ChangedLine[]> {
    return tx.query(
      'cartLines.add',
      `WITH put AS (
         INSERT INTO cart_lines AS l (cart_id, variant_id, quantity)
         SELECT $1, v.id, w.quantity
         FROM unnest(${IDS}, ${QUANTITIES}) WITH ORDINALITY AS w (variant_id, quantity, n)
         JOIN product_variants v ON v.id = w.variant_id JOIN products p ON p.id = v.product_id
         WHERE p.status = 'ACTIVE' AND ${isOpen('$1', '$4')} ORDER BY w.n
         ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = l.quantity + excluded.quantity
         RETURNING id, variant_id, quantity
       )
       SELECT id, variant_id AS "variantId", quantity, true AS changed FROM put
       UNION ALL
       SELECT id, variant_id, quantity, false FROM cart_lines
       WHERE cart_id = $1 AND id NOT IN (SELECT id FROM put)
       ORDER BY id`,
      [cartId, wanted.map((line) => line.variantId), wanted.map((line) => line.quantity), viewerId],
    );
  }

  /**
   * Sets the units of lines, as long as the viewer may change the cart. Answers all lines, with those that had their units set
   * to 0 and are gone.
   */
  set(tx: Tx, { cartId, viewerId }: LinesKey, wanted: readonly NewUnits[]): Promise<ChangedLine[]> {
    return tx.query(
      'cartLines.set',
      `WITH w AS (SELECT * FROM unnest(${IDS}, ${QUANTITIES}) AS w (id, quantity) WHERE ${isOpen('$1', '$4')}),
       removed AS (
         DELETE FROM cart_lines l USING w WHERE l.id = w.id AND l.cart_id = $1 AND w.quantity = 0
         RETURNING l.id, l.variant_id, w.quantity
       ), updated AS (
         UPDATE cart_lines l SET quantity = w.quantity FROM w WHERE l.id = w.id AND l.cart_id = $1 AND w.quantity > 0
         RETURNING l.id, l.variant_id, l.quantity
       )
       SELECT id, variant_id AS "variantId", quantity, true AS changed FROM (TABLE removed UNION ALL TABLE updated) c
       UNION ALL
       SELECT id, variant_id, quantity, false FROM cart_lines WHERE cart_id = $1 AND id NOT IN (SELECT id FROM w)
       ORDER BY id`,
      [cartId, wanted.map((line) => line.id), wanted.map((line) => line.quantity), viewerId],
    );
  }

  /** Which of these variants exist, for sale or not. */
  async existing(db: Db, variantIds: readonly string[]): Promise<Set<string>> {
    const sql = 'SELECT id FROM product_variants WHERE id = ANY($1)';
    const rows = await db.query<{ id: string }>('cartLines.existing', sql, [variantIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
