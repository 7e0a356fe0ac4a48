import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';

/** Money that came in another system. */
export interface ImportedPayment {
  orderId: string;
  /** Minor units, more than 0. */
  amountMinor: number;
  currency: string;
  /** In the form of RFC 3339. */
  at: string;
}

/** Money that went back in another system. */
export interface ImportedRefund {
  paymentId: string;
  orderId: string;
  /** Minor units, more than 0. */
  amountMinor: number;
  reason: string;
  /** In the form of RFC 3339. */
  at: string;
}

/** What of an order's money can still go back. */
export interface MoneyLeft {
  orderId: string;
  paymentId: string;
  leftMinor: number;
}

/** Payments of many orders in one statement each. No provider is asked: the money has come and gone already. */
@Injectable()
export class PaymentsBulk {
  /** Adds payments that were made by hand, so that staff can give them back by hand as well. */
  async insertPaid(tx: Tx, payments: readonly ImportedPayment[]): Promise<void> {
    await tx.query(
      'paymentImport.insertPaid',
      `INSERT INTO payments (order_id, provider, state, amount_minor, captured_minor, currency, idempotency_key, created_at, updated_at)
       SELECT "orderId", 'manual', 'CAPTURED', "amountMinor", "amountMinor", currency, 'import:' || "orderId", at, at
       FROM jsonb_to_recordset($1::jsonb) AS w (n integer, "orderId" uuid, "amountMinor" bigint, currency text, at timestamptz)
       ORDER BY n`,
      [JSON.stringify(payments.map((payment, n) => ({ ...payment, n })))],
    );
  }

  /** What is left of the money of locked orders: what is on its way back counts as gone. Orders without money are left out. */
  left(tx: Tx, orderIds: readonly string[]): Promise<MoneyLeft[]> {
    return tx.query(
      'paymentImport.left',
      `SELECT p.order_id AS "orderId", p.id AS "paymentId", p.captured_minor - coalesce(r.sum, 0)::bigint AS "leftMinor"
       FROM payments p LEFT JOIN LATERAL (
         SELECT sum(amount_minor) FROM refunds WHERE payment_id = p.id AND state <> 'FAILED') r ON true
       WHERE p.order_id = ANY($1) AND p.state = 'CAPTURED'`,
      [orderIds],
    );
  }

  /** Adds refunds that have succeeded. Answers what they come to, in minor units. */
  async insertRefunded(tx: Tx, refunds: readonly ImportedRefund[]): Promise<number> {
    const [row] = await tx.query<{ sum: number }>(
      'paymentImport.insertRefunded',
      `WITH w AS (
         SELECT * FROM jsonb_to_recordset($1::jsonb) AS w (n integer, "paymentId" uuid, "orderId" uuid, "amountMinor" bigint,
           reason text, at timestamptz)
       ), r AS (
         INSERT INTO refunds (payment_id, order_id, amount_minor, state, reason, created_at, updated_at)
         SELECT "paymentId", "orderId", "amountMinor", 'SUCCEEDED', reason, at, at FROM w ORDER BY n
         RETURNING amount_minor
       ), p AS (
         UPDATE payments p SET refunded_minor = p.refunded_minor + s.amount, version = p.version + 1, updated_at = now()
         FROM (SELECT "paymentId" AS id, sum("amountMinor")::bigint AS amount FROM w GROUP BY 1) s WHERE p.id = s.id
       )
       SELECT coalesce(sum(amount_minor), 0)::bigint AS sum FROM r`,
      [JSON.stringify(refunds.map((refund, n) => ({ ...refund, n })))],
    );
    return row?.sum ?? 0;
  }
}
