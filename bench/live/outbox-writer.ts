import { setTimeout as sleep } from 'node:timers/promises';
import { now } from './clock.ts';
import type { Database } from '../../src/database/database.js';

// Events like the newest one of each product, by turns, under other names.
const INSERT = `
  WITH newest AS (
    SELECT DISTINCT ON (entity_id) topic, entity_id, type, payload FROM event_log WHERE topic = 'product' ORDER BY entity_id, pos DESC
  ), numbered AS (SELECT newest.*, row_number() OVER (ORDER BY entity_id) - 1 AS turn, count(*) OVER () AS products FROM newest)
  INSERT INTO event_outbox (topic, entity_id, type, payload)
  SELECT topic, entity_id, 'UPDATED', jsonb_set(payload, '{product,name}', to_jsonb('change ' || lpad(n::text, 7, '0')))
  FROM generate_series($1::int, $2::int) n JOIN numbered ON turn = n % products ORDER BY n`;

// Events that nobody watches, of 8 KB each.
const BULK = `INSERT INTO event_outbox (topic, entity_id, type, payload)
  SELECT 'bench', gen_random_uuid(), 'WRITTEN', jsonb_build_object('text', repeat(md5(n::text), 256))
  FROM generate_series(1, $1::int) n`;

/** How events are written. */
export interface OutboxPace {
  /** Transactions in a second. */
  perSecond: number;
  /** Events in each of them. */
  events: number;
  /** How many transactions. */
  transactions: number;
}

/**
 * Writes events straight to the outbox, where the changes of the shop write theirs: for measurements of what comes behind it,
 * and not of mutations. Each product must have an event in the log.
 */
export async function writeToOutbox(database: Database, pace: OutboxPace, signal: AbortSignal): Promise<void> {
  const begun = now();
  for (let count = 0; count < pace.transactions; count += 1) {
    const wait = begun + (count * 1_000) / pace.perSecond - now();
    if (wait > 0) await sleep(wait, undefined, { signal });
    const first = count * pace.events + 1;
    await database.query('bench.outboxWrite', INSERT, [first, first + pace.events - 1]);
  }
}

/** Writes many large events at once that concern nobody, so that the sequencer is busy with them for a while. */
export async function writeBulk(database: Database, events: number): Promise<void> {
  await database.query('bench.outboxBulk', BULK, [events]);
}
