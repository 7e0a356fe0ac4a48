import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { listParameter } from '../database/list-parameter.js';
import { insistOn } from '../database/pg-error.js';
import type { MovementCause, StockChange } from './stock.type.js';

/** So many units of a variant. */
export interface Units {
  variantId: string;
  quantity: number;
}

// Locks levels in the order of their variants, whatever order the rows around it come in: two orders cannot wait for each other.
const inOrder = (variants: string): string =>
  `SELECT l.variant_id FROM stock_levels l WHERE l.variant_id ${variants} ORDER BY l.variant_id FOR NO KEY UPDATE`;

const WANTED = `wanted AS (SELECT * FROM unnest(${listParameter('$2')}, ${listParameter('$3', 'integer')}) AS w (variant_id, quantity)),
  locked AS MATERIALIZED (${inOrder(`= ANY(${listParameter('$2')})`)})`;
const HELD = `locked AS MATERIALIZED (${inOrder('IN (SELECT variant_id FROM held)')})`;

const CHANGE = `old.on_hand - old.reserved AS before, new.on_hand - new.reserved AS after`;
const CHANGES = `variant_id AS "variantId", before AS "availableBefore", after AS "availableAfter"`;

const PLENTY = insistOn('count(*) = cardinality($2) AND bool_and(after > 0)');

const RESERVE = `WITH ${WANTED}, held AS (
    UPDATE stock_levels s SET reserved = s.reserved + w.quantity
    FROM locked JOIN wanted w USING (variant_id)
    WHERE s.variant_id = w.variant_id AND s.on_hand - s.reserved >= w.quantity
    RETURNING s.variant_id, w.quantity, ${CHANGE}
  ), noted AS (
    INSERT INTO stock_reservations (holder_id, variant_id, quantity, expires_at)
    SELECT $1, variant_id, quantity, now() + make_interval(mins => $4) FROM held
  )`;
const TAKE = `WITH ${WANTED}, taken AS (
    UPDATE stock_levels s SET on_hand = s.on_hand - w.quantity
    FROM locked JOIN wanted w USING (variant_id)
    WHERE s.variant_id = w.variant_id AND s.on_hand - s.reserved >= w.quantity
    RETURNING s.variant_id, w.quantity, new.on_hand, ${CHANGE}
  ), ${movement('taken', '-quantity')}`;

/** Units that orders promise, take and give back. Each statement moves all units of one order. */
@Injectable()
export class ReservationsQueries {
  /** Promises units to a holder as far as they are there. Answers the variants that could be promised whole. */
  reserve(tx: Tx, holderId: string, units: readonly Units[], minutes: number): Promise<StockChange[]> {
    return tx.query('stock.reserve', `${RESERVE} SELECT ${CHANGES} FROM held`, [holderId, ...columns(units), minutes]);
  }

  /** The same of what there is plenty of: fails the transaction unless some units are left of each variant. */
  async reservePlenty(tx: Tx, holderId: string, units: readonly Units[], minutes: number): Promise<void> {
    const sql = `${RESERVE} SELECT ${PLENTY} FROM held`;
    await tx.query('stock.reservePlenty', sql, [holderId, ...columns(units), minutes]);
  }

  /** Takes units for a holder as far as they are there, with the ledger. Answers the variants that could be taken whole. */
  take(tx: Tx, holderId: string, units: readonly Units[], cause: MovementCause): Promise<StockChange[]> {
    const sql = `${TAKE} SELECT ${CHANGES} FROM taken`;
    return tx.query('stock.take', sql, [holderId, ...columns(units), ...parts(cause)]);
  }

  /** The same of what there is plenty of: fails the transaction unless some units are left of each variant. */
  async takePlenty(tx: Tx, holderId: string, units: readonly Units[], cause: MovementCause): Promise<void> {
    const sql = `${TAKE} SELECT ${PLENTY} FROM taken`;
    await tx.query('stock.takePlenty', sql, [holderId, ...columns(units), ...parts(cause)]);
  }

  /** Gives units of a holder back, with the ledger. Variants that are gone are left out. */
  giveBack(tx: Tx, holderId: string, units: readonly Units[], cause: MovementCause): Promise<StockChange[]> {
    return tx.query(
      'stock.giveBack',
      `WITH ${WANTED}, back AS (
         UPDATE stock_levels s SET on_hand = s.on_hand + w.quantity
         FROM locked JOIN wanted w USING (variant_id) WHERE s.variant_id = w.variant_id
         RETURNING s.variant_id, w.quantity, new.on_hand, ${CHANGE}
       ), ${movement('back', 'quantity')}
       SELECT ${CHANGES} FROM back`,
      [holderId, ...columns(units), ...parts(cause)],
    );
  }

  /** Takes what was promised to a holder. Nothing changes for others: the units were not available any more. Answers how many variants. */
  async takeReserved(tx: Tx, holderId: string, cause: MovementCause): Promise<number> {
    const rows = await tx.query(
      'stock.takeReserved',
      `WITH held AS (DELETE FROM stock_reservations WHERE holder_id = $1 RETURNING variant_id, quantity), ${HELD}, taken AS (
         UPDATE stock_levels s SET on_hand = s.on_hand - h.quantity, reserved = s.reserved - h.quantity
         FROM locked JOIN held h USING (variant_id) WHERE s.variant_id = h.variant_id
         RETURNING s.variant_id, h.quantity, new.on_hand
       ), ${movement('taken', '-quantity', 2)}
       SELECT variant_id FROM taken`,
      [holderId, ...parts(cause)],
    );
    return rows.length;
  }

  /** Moves the end of what is promised to a holder. */
  async prolong(tx: Tx, holderId: string, minutes: number): Promise<void> {
    const sql = `UPDATE stock_reservations SET expires_at = now() + make_interval(mins => $2) WHERE holder_id = $1`;
    await tx.query('stock.prolong', sql, [holderId, minutes]);
  }

  /** Ends what was promised to a holder. */
  release(tx: Tx, holderId: string): Promise<StockChange[]> {
    return tx.query(
      'stock.release',
      `WITH held AS (DELETE FROM stock_reservations WHERE holder_id = $1 RETURNING variant_id, quantity), ${HELD}, released AS (
         UPDATE stock_levels s SET reserved = s.reserved - h.quantity
         FROM locked JOIN held h USING (variant_id) WHERE s.variant_id = h.variant_id
         RETURNING s.variant_id, ${CHANGE}
       )
       SELECT ${CHANGES} FROM released`,
      [holderId],
    );
  }

  async hasExpired(tx: Tx, holderId: string): Promise<boolean> {
    const sql = 'SELECT FROM stock_reservations WHERE holder_id = $1 AND expires_at <= now() LIMIT 1';
    return (await tx.query('stock.hasExpired', sql, [holderId])).length > 0;
  }

  /** Holders whose promises have run out, those of longest ago first. */
  async expired(db: Db, limit: number): Promise<string[]> {
    const rows = await db.query<{ holderId: string }>(
      'stock.expired',
      `SELECT holder_id AS "holderId" FROM stock_reservations WHERE expires_at <= now()
       GROUP BY holder_id ORDER BY min(expires_at) LIMIT $1`,
      [limit],
    );
    return rows.map(({ holderId }) => holderId);
  }
}

/** A CTE that writes the ledger from one that moved units. @param first number of its first parameter */
function movement(from: string, delta: string, first = 4): string {
  return `ledger AS (
    INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason, note, actor_id, holder_id)
    SELECT variant_id, ${delta}, on_hand, $${first}, $${first + 1}, $${first + 2}::uuid, $1 FROM ${from} ORDER BY variant_id
  )`;
}

function columns(units: readonly Units[]): [string[], number[]] {
  return [units.map(({ variantId }) => variantId), units.map(({ quantity }) => quantity)];
}

function parts({ reason, note, actorId }: MovementCause): (string | null)[] {
  return [reason, note, actorId];
}
