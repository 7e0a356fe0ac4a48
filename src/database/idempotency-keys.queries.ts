import type { Db, Tx } from './db.js';

/** What is known of a key. */
export interface KeyRow {
  fingerprint: Buffer;
  /** `null` for a key that is new, or old enough to count as new: the change is still to be made. */
  answer: Buffer | null;
}

// The one place that says how long a key is remembered.
const EXPIRED = `k.created_at < now() - interval '24 hours'`;

/**
 * Takes the key for this transaction and answers its row. Waits for another transaction that holds it, and sees what that
 * one has left behind: its answer, or nothing when it was rolled back.
 */
export async function claimKey(tx: Tx, hash: Buffer, fingerprint: Buffer): Promise<KeyRow> {
  const [row] = await tx.query<KeyRow>(
    'idempotency.claim',
    `INSERT INTO idempotency_keys AS k (key_hash, fingerprint) VALUES ($1, $2)
     ON CONFLICT (key_hash) DO UPDATE SET
       fingerprint = CASE WHEN ${EXPIRED} THEN excluded.fingerprint ELSE k.fingerprint END,
       answer = CASE WHEN ${EXPIRED} THEN NULL ELSE k.answer END,
       created_at = CASE WHEN ${EXPIRED} THEN excluded.created_at ELSE k.created_at END
     RETURNING fingerprint, answer`,
    [hash, fingerprint],
  );
  if (!row) throw new Error('A key was not claimed.');
  return row;
}

/** Writes down the answer, in the transaction that has claimed the key: together with its end. */
export function recordAnswer(tx: Tx, hash: Buffer, answer: Buffer): void {
  tx.queue('idempotency.record', `UPDATE idempotency_keys SET answer = $2 WHERE key_hash = $1`, [hash, answer]);
}

/** The key of a change that has been made; `null` when it is unknown or has expired. Waits for nobody. */
export async function findKey(db: Db, hash: Buffer): Promise<KeyRow | null> {
  const sql = `SELECT fingerprint, answer FROM idempotency_keys k WHERE key_hash = $1 AND NOT ${EXPIRED}`;
  const [row] = await db.query<KeyRow>('idempotency.find', sql, [hash]);
  return row ?? null;
}

/** Deletes up to `limit` expired keys that nobody is using. Answers how many went. */
export async function forgetKeys(tx: Tx, limit: number): Promise<number> {
  const rows = await tx.query(
    'idempotency.forget',
    `DELETE FROM idempotency_keys WHERE key_hash IN (
       SELECT key_hash FROM idempotency_keys k WHERE ${EXPIRED} ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
     )
     RETURNING key_hash`,
    [limit],
  );
  return rows.length;
}
