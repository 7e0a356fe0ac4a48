import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { RefundAnswer } from './payment-provider.js';
import type { RefundRow } from './payment.type.js';
import { ASKED_HOURS, BATCH, nextAttempt } from './payments.queries.js';

const COLUMNS = `r.id, r.order_id AS "orderId", r.payment_id AS "paymentId", r.amount_minor AS "amountMinor", p.currency,
  r.state, r.reason, r.failure, r.actor_id AS "actorId", p.provider, p.reference AS "paymentReference",
  r.attempt_at AS "attemptAt", r.attempts, r.round, r.created_at AS "createdAt"`;
/** What of a payment has not gone back, and is not on its way. */
const LEFT = `p.captured_minor -
  (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment_id = p.id AND state <> 'FAILED')::bigint`;

const IN_TIME = `(asked_since > now() - interval '${ASKED_HOURS} hours')`;

/** A refund to be requested. */
export interface NewRefund {
  orderId: string;
  /** Only of this payment; `null` for whichever payment of the order has enough. */
  paymentId: string | null;
  amountMinor: number;
  reason: string | null;
  actorId: string | null;
  /** Seconds until the worker settles it when nobody else has. */
  leaseSeconds: number;
}

/** Statements on `refunds`. Who requests holds the lock of the order: sums of other rows are right only then. */
@Injectable()
export class RefundsQueries {
  /** Adds a refund; `null` when no payment of the order has so much left. The order's own money goes first. */
  async request(tx: Tx, refund: NewRefund): Promise<RefundRow | null> {
    const [row] = await tx.query<RefundRow>(
      'refunds.request',
      `WITH r AS (
         INSERT INTO refunds (payment_id, order_id, amount_minor, state, reason, actor_id, attempt_at)
         SELECT p.id, p.order_id, $3::bigint, 'PENDING', $4, $5, now() + make_interval(secs => $6::int)
         FROM payments p WHERE p.order_id = $1 AND ($2::uuid IS NULL OR p.id = $2) AND ${LEFT} >= $3::bigint
         ORDER BY p.state IN ('DECLINED', 'CANCELLED'), p.id LIMIT 1
         RETURNING *
       )
       SELECT ${COLUMNS} FROM r JOIN payments p ON p.id = r.payment_id`,
      [refund.orderId, refund.paymentId, refund.amountMinor, refund.reason, refund.actorId, refund.leaseSeconds],
    );
    return row ?? null;
  }

  /** The most that can go back at once, in minor units. */
  async left(db: Db, orderId: string): Promise<number> {
    const sql = `SELECT coalesce(max(${LEFT}), 0) AS left FROM payments p WHERE p.order_id = $1`;
    const [row] = await db.query<{ left: number }>('refunds.left', sql, [orderId]);
    return row?.left ?? 0;
  }

  async byId(db: Db, id: string): Promise<RefundRow | null> {
    const sql = `SELECT ${COLUMNS} FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = $1`;
    const [row] = await db.query<RefundRow>('refunds.byId', sql, [id]);
    return row ?? null;
  }

  /** Refunds of several orders, oldest first. */
  byOrders(db: Db, orderIds: readonly string[]): Promise<RefundRow[]> {
    return db.query(
      'refunds.byOrders',
      `SELECT ${COLUMNS} FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.order_id = ANY($1) ORDER BY r.id`,
      [orderIds],
    );
  }

  /** Ends the asking about refunds that are too old for their keys. Answers their ids, at most a thousand. */
  async forsake(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'refunds.forsake',
      `UPDATE refunds SET attempt_at = NULL WHERE id IN
         (SELECT id FROM refunds WHERE attempt_at <= now() AND NOT ${IN_TIME} LIMIT 1000 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Takes the first question about a refund; `null` when somebody else did, or it has ended. */
  async firstAttempt(tx: Tx, id: string, leaseSeconds: number): Promise<RefundRow | null> {
    const [row] = await tx.query<RefundRow>(
      'refunds.firstAttempt',
      `WITH r AS (
         UPDATE refunds SET attempts = 1, attempt_at = ${nextAttempt('$2')}
         WHERE id = $1 AND state = 'PENDING' AND attempts = 0 RETURNING *
       )
       SELECT ${COLUMNS} FROM r JOIN payments p ON p.id = r.payment_id`,
      [id, leaseSeconds],
    );
    return row ?? null;
  }

  /** Begins the asking anew, under another key, for a refund that has failed or that nobody asks about any more. */
  async restart(tx: Tx, id: string, leaseSeconds: number): Promise<RefundRow | null> {
    const [row] = await tx.query<RefundRow>(
      'refunds.restart',
      `WITH r AS (
         UPDATE refunds SET state = 'PENDING', failure = NULL, round = round + 1, attempts = 0, asked_since = now(),
           attempt_at = now() + make_interval(secs => $2::int), updated_at = now()
         WHERE id = $1 AND (state = 'PENDING' AND attempt_at IS NULL OR state = 'FAILED' AND amount_minor <=
           (SELECT ${LEFT} FROM payments p WHERE p.id = refunds.payment_id)) RETURNING *
       )
       SELECT ${COLUMNS} FROM r JOIN payments p ON p.id = r.payment_id`,
      [id, leaseSeconds],
    );
    return row ?? null;
  }

  /** Takes up to ten refunds whose time has come, as `PaymentsQueries.takeDue` does. */
  takeDue(tx: Tx, leaseSeconds: number): Promise<RefundRow[]> {
    return tx.query(
      'refunds.takeDue',
      `WITH due AS (
         SELECT id FROM refunds WHERE attempt_at <= now() AND ${IN_TIME} ORDER BY attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
       ), r AS (
         UPDATE refunds SET attempts = attempts + 1, attempt_at = ${nextAttempt('$1')}
         FROM due WHERE refunds.id = due.id RETURNING refunds.*
       )
       SELECT ${COLUMNS} FROM r JOIN payments p ON p.id = r.payment_id`,
      [leaseSeconds],
    );
  }

  /** Ends a refund that is under way; `null` when it has ended before. */
  async end(tx: Tx, id: string, { outcome, reference, failure }: RefundAnswer): Promise<RefundRow | null> {
    const [row] = await tx.query<RefundRow>(
      'refunds.end',
      `UPDATE refunds r SET state = $2, reference = $3, failure = $4, attempt_at = NULL, updated_at = now()
       FROM payments p WHERE r.id = $1 AND r.state = 'PENDING' AND p.id = r.payment_id RETURNING ${COLUMNS}`,
      [id, outcome, reference || null, failure ?? null],
    );
    return row ?? null;
  }
}
