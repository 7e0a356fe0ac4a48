import { AsyncLocalStorage } from 'node:async_hooks';
import { IdempotencyConflict } from '../errors/request-errors.js';
import type { Db, Tx } from './db.js';
import { claimKey, findKey, recordAnswer, type KeyRow } from './idempotency-keys.queries.js';
import { decodeAnswer, encodeAnswer } from './kept-answer.js';

/** What tells a request from all others, and keeps its answer from everybody else. */
export interface OnceKey {
  /** Names who asks and their key, 32 bytes. */
  readonly hash: Buffer;
  /** Names the operation and its input, 32 bytes. */
  readonly fingerprint: Buffer;
  /** Encrypts an answer. */
  seal(answer: Buffer): Buffer;
  /** The answer that was sealed under the same key. @throws Error for any other bytes */
  open(sealed: Buffer): Buffer;
}

/** A change that is made once, while it is made. */
interface Run {
  readonly key: OnceKey;
  /** The next transaction is the one that makes it. */
  open: boolean;
  over: boolean;
}

/** Answers are a few rows; a whole catalogue does not belong here. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const running = new AsyncLocalStorage<Run>();

/**
 * Runs work whose first transaction takes effect once for this key, however often this is called, by whatever process.
 * That transaction is the change: later ones run every time and must stand being repeated.
 */
export async function once<T>(key: OnceKey, work: () => Promise<T>): Promise<T> {
  const run: Run = { key, open: true, over: false };
  try {
    return await running.run(run, work);
  } finally {
    // What the work has left running behind its answer is no part of the change.
    run.open = false;
    run.over = true;
  }
}

/** Runs work that is no part of the change that started it, such as a loop that was woken, or a note about a failure. */
export function apart<T>(work: () => T): T {
  return running.exit(work);
}

/**
 * A name (64 characters) of the change that is made, the same in each repetition and different for each viewer and key, to be
 * passed on to services that know idempotency keys too. `null` when the client has given no key.
 */
export function currentIdempotencyKey(): string | null {
  return running.getStore()?.key.hash.toString('hex') ?? null;
}

/**
 * For work whose checks before its transaction cannot pass twice, such as a password that it changes: when it fails and this
 * very change had been made before, answers as then. The work must answer what its transaction answers.
 * @throws IdempotencyConflict when the key belongs to another change
 */
export async function repeatable<T>(db: Db, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const key = running.getStore()?.key;
    const row = key && (await findKey(db, key.hash));
    const earlier = row && earlierAnswer(key, row);
    if (!earlier) throw error;
    return earlier.value as T;
  }
}

/**
 * Runs a transaction. The first one of a change that is made once claims the key, works, and leaves its answer behind; where
 * that has been done before, it answers the same and does not work. One that fails leaves the key to the next one, so that a
 * service may try again; what it writes down instead of the change, it runs `apart`.
 * @throws IdempotencyConflict when the key belongs to another change
 */
export async function claiming<T>(
  work: (tx: Tx) => Promise<T>,
  transact: (work: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<T> {
  const run = running.getStore();
  if (!run?.open) return transact(work);
  run.open = false;
  try {
    return await transact((tx) => workOnce(run.key, tx, work));
  } catch (error) {
    run.open = !run.over;
    throw error;
  }
}

async function workOnce<T>(key: OnceKey, tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  const earlier = earlierAnswer(key, await claimKey(tx, key.hash, key.fingerprint));
  if (earlier) return earlier.value as T;
  const result = await work(tx);
  const answer = encodeAnswer(result);
  if (answer.length > MAX_ANSWER_BYTES) throw new Error(`An answer of ${answer.length} bytes is too long to be kept.`);
  recordAnswer(tx, key.hash, key.seal(answer));
  return result;
}

function earlierAnswer(key: OnceKey, { fingerprint, answer }: KeyRow): { value: unknown } | null {
  if (!key.fingerprint.equals(fingerprint)) throw new IdempotencyConflict();
  return answer && { value: decodeAnswer(key.open(answer)) };
}
