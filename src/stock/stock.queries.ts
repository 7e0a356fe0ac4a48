import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { listParameter } from '../database/list-parameter.js';
import { keysetWindow, pageOf, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import type { MovementCause, StockChange, StockLevel, StockMovement } from './stock.type.js';

/** Units of one variant, at most: what an integer column holds, rounded down. */
export const MAX_ON_HAND = 2_000_000_000;

/** Newest entry first: ids are made in the order of time. */
export const MOVEMENTS_BY_AGE: KeysetSort = {
  name: 'stockMovements',
  expression: 'm.id',
  type: 'uuid',
  direction: 'DESC',
};

type MovementRow = StockMovement & { sortKey: string };

@Injectable()
export class StockQueries {
  levels(db: Db, variantIds: readonly string[]): Promise<StockLevel[]> {
    return db.query(
      'stock.levels',
      `SELECT variant_id AS "variantId", on_hand AS "onHand", reserved, on_hand - reserved AS available
       FROM stock_levels WHERE variant_id = ANY(${listParameter('$1')})`,
      [variantIds],
    );
  }

  /**
   * Adds units, or takes them away as long as nothing promised is touched, and writes the ledger.
   * Answers `null` when there are too few, or no such variant; then nothing changed.
   */
  async adjust(tx: Tx, variantId: string, delta: number, cause: MovementCause): Promise<StockChange | null> {
    const [change] = await tx.query<StockChange>(
      'stock.adjust',
      `WITH changed AS (
         UPDATE stock_levels SET on_hand = on_hand + $2
         WHERE variant_id = $1 AND on_hand::bigint + $2 BETWEEN reserved AND ${MAX_ON_HAND}
         RETURNING variant_id, old.on_hand - old.reserved AS before, new.on_hand - new.reserved AS after, new.on_hand
       ), moved AS (
         INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason, note, actor_id)
         SELECT variant_id, $2, on_hand, $3, $4, $5 FROM changed
       )
       SELECT variant_id AS "variantId", before AS "availableBefore", after AS "availableAfter" FROM changed`,
      [variantId, delta, cause.reason, cause.note, cause.actorId],
    );
    return change ?? null;
  }

  /**
   * Sets the units on hand of many variants and writes the ledger; variants new to the stock are added.
   * Answers the variants that changed or are new. One that has more units promised than wanted stays as it is.
   */
  set(tx: Tx, levels: readonly { variantId: string; onHand: number }[], cause: MovementCause): Promise<StockChange[]> {
    return tx.query(
      'stock.set',
      // In the order of ids, so that two imports cannot wait for each other.
      `WITH changed AS (
         INSERT INTO stock_levels AS l (variant_id, on_hand)
         SELECT variant_id, on_hand FROM unnest($1::uuid[], $2::integer[]) AS w (variant_id, on_hand) ORDER BY variant_id
         ON CONFLICT (variant_id) DO UPDATE SET on_hand = excluded.on_hand
           WHERE l.on_hand <> excluded.on_hand AND excluded.on_hand >= l.reserved
         RETURNING variant_id, coalesce(old.on_hand, 0) AS on_hand_before, coalesce(old.on_hand - old.reserved, 0) AS before,
           new.on_hand AS on_hand_after, new.on_hand - new.reserved AS after
       ), moved AS (
         INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason, note, actor_id)
         SELECT variant_id, on_hand_after - on_hand_before, on_hand_after, $3, $4, $5
         FROM changed WHERE on_hand_after <> on_hand_before
       )
       SELECT variant_id AS "variantId", before AS "availableBefore", after AS "availableAfter" FROM changed`,
      [
        levels.map((level) => level.variantId),
        levels.map((level) => level.onHand),
        cause.reason,
        cause.note,
        cause.actorId,
      ],
    );
  }

  /** One page of a variant's ledger. */
  async movements(db: Db, variantId: string, request: PageRequest): Promise<Page<MovementRow>> {
    const params: unknown[] = [variantId];
    const window = keysetWindow(MOVEMENTS_BY_AGE, 'm.id', request, (value) => `$${params.push(value)}`);
    const rows = await db.query<MovementRow>(
      'stock.movements',
      `SELECT m.id, m.delta, m.on_hand_after AS "onHandAfter", m.reason, m.note, m.actor_id AS "actorId",
         m.holder_id AS "holderId", m.at, m.id AS "sortKey"
       FROM stock_movements m WHERE m.variant_id = $1 AND ${window.where}
       ORDER BY ${window.orderBy} LIMIT ${window.limit} OFFSET ${window.offset}`,
      params,
    );
    return pageOf(window, rows);
  }

  async countMovements(db: Db, variantId: string): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM stock_movements WHERE variant_id = $1';
    const [row] = await db.query<{ count: number }>('stock.countMovements', sql, [variantId]);
    return row?.count ?? 0;
  }
}
