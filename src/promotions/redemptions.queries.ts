import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { PROMOTION_CURRENT, promotionUsedUp } from './promotions.columns.js';

/** Who uses promotions for which order. */
export interface Redemption {
  orderId: string;
  /** An account's UUID, or a guest's address in lower case. */
  customer: string;
}

/** How often one promotion was redeemed. */
export interface UsesRow {
  promotionId: string;
  count: number;
}

/** Statements of `promotion_redemptions`, and of what is counted for them in `promotions` and `promotion_customers`. */
@Injectable()
export class RedemptionsQueries {
  /**
   * Uses each promotion once for an order and answers the ids of those that could be used. When one is missing, the transaction
   * must be rolled back: the statement leaves what it has done for the others, and for the total of one that a customer has used up.
   */
  async redeem(tx: Tx, promotionIds: readonly string[], { orderId, customer }: Redemption): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'redemptions.redeem',
      // Locks come in the order of ids, and repeat their conditions on the newest row. One without a limit is only shared:
      // orders do not wait for each other there, but a change of the promotion waits for them, and they for it.
      `WITH limited AS (
         SELECT p.id FROM promotions p WHERE p.id = ANY($1) AND p.usage_limit IS NOT NULL AND ${PROMOTION_CURRENT}
         ORDER BY p.id FOR NO KEY UPDATE
       ), counted AS (
         UPDATE promotions p SET used = p.used + 1 FROM limited WHERE p.id = limited.id AND p.used < p.usage_limit
         RETURNING p.id, p.usage_limit_per_customer AS each
       ), unlimited AS (
         SELECT p.id, p.usage_limit_per_customer AS each FROM promotions p
         WHERE p.id = ANY($1) AND p.usage_limit IS NULL AND ${PROMOTION_CURRENT}
         ORDER BY p.id FOR SHARE
       ), free AS (
         SELECT id, each FROM counted UNION ALL SELECT id, each FROM unlimited
       ), taken AS (
         INSERT INTO promotion_customers AS c (promotion_id, customer, used) SELECT id, $3, 1 FROM free ORDER BY id
         ON CONFLICT (promotion_id, customer) DO UPDATE SET used = c.used + 1
           WHERE (SELECT each IS NULL OR c.used < each FROM free WHERE free.id = c.promotion_id)
         RETURNING promotion_id
       )
       INSERT INTO promotion_redemptions (promotion_id, order_id, customer) SELECT promotion_id, $2, $3 FROM taken
       RETURNING promotion_id AS id`,
      [promotionIds, orderId, customer],
    );
    return rows.map(({ id }) => id);
  }

  /** Frees what an order has used, once: a second time there is nothing to free. */
  async giveBack(tx: Tx, orderId: string): Promise<void> {
    await tx.query(
      'redemptions.giveBack',
      // Each promotion is locked, also without a limit: it may just be getting one, and then counts what it finds.
      // Limited ones first, as orders lock them.
      `WITH freed AS (
         DELETE FROM promotion_redemptions WHERE order_id = $1 RETURNING promotion_id, customer
       ), locked AS (
         SELECT p.id, p.usage_limit IS NOT NULL AS counts FROM promotions p WHERE p.id IN (SELECT promotion_id FROM freed)
         ORDER BY p.usage_limit IS NULL, p.id FOR NO KEY UPDATE
       ), uncounted AS (
         UPDATE promotions p SET used = greatest(p.used - 1, 0) FROM locked WHERE p.id = locked.id AND locked.counts
       )
       UPDATE promotion_customers c SET used = greatest(c.used - 1, 0)
       FROM freed JOIN locked ON locked.id = freed.promotion_id
       WHERE c.promotion_id = freed.promotion_id AND c.customer = freed.customer`,
      [orderId],
    );
  }

  /** Those of the promotions that were used as often as they may be, by all together or by this customer. */
  async usedUp(db: Db, promotionIds: readonly string[], customer: string): Promise<string[]> {
    const sql = `SELECT p.id FROM promotions p WHERE p.id = ANY($1) AND ${promotionUsedUp('$2')}`;
    const rows = await db.query<{ id: string }>('redemptions.usedUp', sql, [promotionIds, customer]);
    return rows.map(({ id }) => id);
  }

  /** Promotions that were never redeemed are left out. */
  counts(db: Db, promotionIds: readonly string[]): Promise<UsesRow[]> {
    return db.query(
      'redemptions.counts',
      `SELECT promotion_id AS "promotionId", count(*) AS count FROM promotion_redemptions WHERE promotion_id = ANY($1)
       GROUP BY promotion_id`,
      [promotionIds],
    );
  }
}
