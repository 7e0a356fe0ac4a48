import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { NextAction } from './payment-provider.js';
import type { PaymentRow, PaymentState } from './payment.type.js';
import { MAX_PAYMENTS } from './payments.errors.js';

const COLUMNS = `p.id, p.order_id AS "orderId", p.provider, p.state, p.amount_minor AS "amountMinor",
  p.captured_minor AS "capturedMinor", p.refunded_minor AS "refundedMinor", p.currency, p.reference,
  p.idempotency_key AS "idempotencyKey", p.token, p.next_action AS "nextAction", p.failure,
  p.attempt_at AS "attemptAt", p.attempts, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;
const ACTIVE = `p.state IN ('PENDING', 'AUTHORIZED', 'CAPTURED')`;

/** Rows that the worker takes at once. */
export const BATCH = 10;
/** Questions about one payment or refund, at most: with their pauses half a day, less than providers know a key for. */
export const MAX_ATTEMPTS = 60;

/** Hours after which nothing is asked any more: providers forget a key after a day, and would charge a second time. */
export const ASKED_HOURS = 20;

/** When to ask again: after the call's own time (`lease`, a placeholder for seconds) and a pause that doubles up to 15 minutes. */
export const nextAttempt = (lease: string): string =>
  `CASE WHEN attempts + 1 < ${MAX_ATTEMPTS} THEN
     now() + make_interval(secs => ${lease}::int + least(5 * power(2, least(attempts, 20)), 900)) END`;

// A capture is about an authorization that the provider keeps, and may be asked later.
const IN_TIME = `(reference IS NOT NULL OR created_at > now() - interval '${ASKED_HOURS} hours')`;

/** A payment to be started. */
export interface NewPayment {
  orderId: string;
  provider: string;
  amountMinor: number;
  currency: string;
  idempotencyKey: string | null;
  token: string | null;
  /** Seconds until the worker asks the provider when nobody else has; `null` for one that is not asked. */
  leaseSeconds: number | null;
}

/** What a payment is after its provider's word. */
export interface AnsweredPayment {
  state: PaymentState;
  capturedMinor: number;
  reference: string | null;
  nextAction: NextAction | null;
  failure: string | null;
  /** Whether the question under way has its answer. */
  answered: boolean;
}

/** What a provider calls a payment. */
export interface KnownAs {
  provider: string;
  reference: string;
  /** What the shop called it; `null` when the provider does not tell. */
  idempotencyKey: string | null;
}

/** Where a payment is found. */
export interface PaymentPlace {
  id: string;
  orderId: string;
}

/** Statements on `payments` and `payment_notices`. */
@Injectable()
export class PaymentsQueries {
  /**
   * Adds a payment unless the order has an active one, or had too many: then `null`, and the transaction goes on.
   * A key may come again when the shop has forgotten it, so the provider is given it together with the order's id.
   */
  async open(tx: Tx, payment: NewPayment): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.open',
        `INSERT INTO payments AS p (id, order_id, provider, state, amount_minor, currency, idempotency_key, token, attempt_at)
         SELECT n.id, $1::uuid, $2, 'PENDING', $3, $4, coalesce($5 || ':' || $1::uuid, 'payment:' || n.id), $6,
           now() + make_interval(secs => $7::int)
         FROM (SELECT uuidv7() AS id) n
         WHERE (SELECT count(*) FROM payments WHERE order_id = $1::uuid) < ${MAX_PAYMENTS}
         ON CONFLICT (order_id) WHERE state IN ('PENDING', 'AUTHORIZED', 'CAPTURED') DO NOTHING
         RETURNING ${COLUMNS}`,
        [
          payment.orderId,
          payment.provider,
          payment.amountMinor,
          payment.currency,
          payment.idempotencyKey,
          payment.token,
          payment.leaseSeconds,
        ],
      ),
    );
  }

  async byId(db: Db, id: string): Promise<PaymentRow | null> {
    return first(
      await db.query<PaymentRow>('payments.byId', `SELECT ${COLUMNS} FROM payments p WHERE p.id = $1`, [id]),
    );
  }

  /** Payments of several orders, oldest first. */
  byOrders(db: Db, orderIds: readonly string[]): Promise<PaymentRow[]> {
    const sql = `SELECT ${COLUMNS} FROM payments p WHERE p.order_id = ANY($1) ORDER BY p.id`;
    return db.query('payments.byOrders', sql, [orderIds]);
  }

  /** The payment that a provider calls so, or that has no reference yet and was started under the key. */
  async byReference(db: Db, { provider, reference, idempotencyKey }: KnownAs): Promise<PaymentPlace | null> {
    return first(
      await db.query<PaymentPlace>(
        'payments.byReference',
        `SELECT p.id, p.order_id AS "orderId" FROM payments p
         WHERE p.provider = $1 AND (p.reference = $2 OR p.reference IS NULL AND p.idempotency_key = $3)
         ORDER BY p.reference, p.id LIMIT 1`,
        [provider, reference, idempotencyKey],
      ),
    );
  }

  async lock(tx: Tx, id: string): Promise<PaymentRow | null> {
    const sql = `SELECT ${COLUMNS} FROM payments p WHERE p.id = $1 FOR UPDATE`;
    return first(await tx.query<PaymentRow>('payments.lock', sql, [id]));
  }

  /** The active payment of an order, or else the newest one. */
  async lockCurrent(tx: Tx, orderId: string): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.lockCurrent',
        `SELECT ${COLUMNS} FROM payments p WHERE p.order_id = $1 ORDER BY ${ACTIVE} DESC, p.id DESC LIMIT 1 FOR UPDATE`,
        [orderId],
      ),
    );
  }

  /** Takes the first question about a payment; `null` when somebody else did, or it was given up. */
  async firstAttempt(tx: Tx, id: string, leaseSeconds: number): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.firstAttempt',
        `UPDATE payments p SET attempts = 1, attempt_at = ${nextAttempt('$2')}
         WHERE p.id = $1 AND p.state = 'PENDING' AND p.attempts = 0 AND p.reference IS NULL
         RETURNING ${COLUMNS}`,
        [id, leaseSeconds],
      ),
    );
  }

  /** Notes that the provider is asked to capture; `null` when the payment is not AUTHORIZED. */
  async askCapture(tx: Tx, id: string, leaseSeconds: number): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.askCapture',
        `UPDATE payments p SET attempts = attempts + 1, attempt_at = ${nextAttempt('$2')}
         WHERE p.id = $1 AND p.state = 'AUTHORIZED' RETURNING ${COLUMNS}`,
        [id, leaseSeconds],
      ),
    );
  }

  /** Whether the time of any payment or refund has come. */
  async isAnythingDue(db: Db): Promise<boolean> {
    const [row] = await db.query<{ due: boolean }>(
      'payments.isAnythingDue',
      `SELECT EXISTS (SELECT FROM payments WHERE attempt_at <= now())
         OR EXISTS (SELECT FROM refunds WHERE attempt_at <= now()) AS due`,
    );
    return row?.due ?? false;
  }

  /** Ends the asking about payments that are too old for their keys. Answers their ids, at most a thousand. */
  async forsake(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'payments.forsake',
      `UPDATE payments SET attempt_at = NULL WHERE id IN
         (SELECT id FROM payments WHERE attempt_at <= now() AND NOT ${IN_TIME} LIMIT 1000 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
    );
    return rows.map(({ id }) => id);
  }

  /** Takes up to ten payments whose time has come, and sets the time to ask again should this process die over them. */
  takeDue(tx: Tx, leaseSeconds: number): Promise<PaymentRow[]> {
    return tx.query(
      'payments.takeDue',
      `WITH due AS (
         SELECT id FROM payments WHERE attempt_at <= now() AND ${IN_TIME} ORDER BY attempt_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
       )
       UPDATE payments p SET attempts = attempts + 1, attempt_at = ${nextAttempt('$1')}
       FROM due WHERE p.id = due.id RETURNING ${COLUMNS}`,
      [leaseSeconds],
    );
  }

  /** Writes what the provider's word made of a locked payment. */
  async answer(tx: Tx, id: string, is: AnsweredPayment): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.answer',
        // The provider has used the token up; nobody needs to know it any longer.
        `UPDATE payments p SET state = $2, captured_minor = $3, reference = $4, next_action = $5, failure = $6, token = NULL,
           attempt_at = CASE WHEN NOT $7 THEN attempt_at END, attempts = CASE WHEN $7 THEN 0 ELSE attempts END,
           version = version + 1, updated_at = now()
         WHERE p.id = $1 RETURNING ${COLUMNS}`,
        [
          id,
          is.state,
          is.capturedMinor,
          is.reference,
          is.nextAction && JSON.stringify(is.nextAction),
          is.failure,
          is.answered,
        ],
      ),
    );
  }

  /** Books money that came on account; `null` when it is more than the payment is over. */
  async book(tx: Tx, id: string, amountMinor: number): Promise<PaymentRow | null> {
    return first(
      await tx.query<PaymentRow>(
        'payments.book',
        `UPDATE payments p SET captured_minor = captured_minor + $2,
           state = CASE WHEN captured_minor + $2 = amount_minor THEN 'CAPTURED' ELSE state END,
           version = version + 1, updated_at = now()
         WHERE p.id = $1 AND p.state = 'PENDING' AND p.captured_minor + $2 <= p.amount_minor
         RETURNING ${COLUMNS}`,
        [id, amountMinor],
      ),
    );
  }

  /**
   * Gives up the payments of an order that are under way. One of which a part came stays as it is with that part.
   * A question that the provider has been asked stays open: only its answer tells whether money must go back.
   */
  async giveUp(tx: Tx, orderId: string): Promise<void> {
    await tx.query(
      'payments.giveUp',
      `UPDATE payments p SET state = CASE WHEN captured_minor > 0 THEN 'CAPTURED' ELSE 'CANCELLED' END, next_action = NULL,
         attempt_at = CASE WHEN attempts > 0 THEN attempt_at END, token = CASE WHEN attempts > 0 THEN token END, version = version + 1, updated_at = now()
       WHERE p.order_id = $1 AND p.state IN ('PENDING', 'AUTHORIZED')`,
      [orderId],
    );
  }

  async addRefunded(tx: Tx, id: string, amountMinor: number): Promise<void> {
    await tx.query(
      'payments.addRefunded',
      `UPDATE payments p SET refunded_minor = refunded_minor + $2, version = version + 1, updated_at = now() WHERE p.id = $1`,
      [id, amountMinor],
    );
  }

  /** Answers `false` when the provider has told this before. */
  async noteNotice(tx: Tx, provider: string, noticeId: string): Promise<boolean> {
    const rows = await tx.query(
      'payments.noteNotice',
      'INSERT INTO payment_notices (provider, notice_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING notice_id',
      [provider, noticeId],
    );
    return rows.length > 0;
  }

  /** Forgets up to `limit` notices older than so many days. Answers how many went. */
  async forgetNotices(tx: Tx, days: number, limit: number): Promise<number> {
    const rows = await tx.query(
      'payments.forgetNotices',
      `DELETE FROM payment_notices WHERE (provider, notice_id) IN
         (SELECT provider, notice_id FROM payment_notices WHERE received_at < now() - make_interval(days => $1) LIMIT $2)
       RETURNING notice_id`,
      [days, limit],
    );
    return rows.length;
  }
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}
