import type { Tx } from '../database/db.js';
import type { NewEvent } from './event.js';

/** What PostgreSQL adds to payloads that is known there alone. */
export interface Completion {
  /** The member of a payload that names its addition; payloads without it stay as they are. */
  key: string;
  /** A query of `key` (text) and `more` (a JSON object), with placeholders from `$5` on. */
  sql: string;
  params: readonly unknown[];
}

/** Writes events to the outbox, in their order, within the transaction of the change: together with its next statement. */
export function appendCompleted(tx: Tx, events: readonly NewEvent[], { key, sql, params }: Completion): void {
  tx.queue(
    'events.appendCompleted',
    `INSERT INTO event_outbox (topic, entity_id, type, payload)
     SELECT e.topic, e.entity_id, e.type, e.payload || coalesce(c.more, '{}')
     FROM unnest($1::text[], $2::uuid[], $3::text[], $4::jsonb[]) WITH ORDINALITY AS e (topic, entity_id, type, payload, n)
       LEFT JOIN (${sql}) c ON c.key = e.payload ->> '${key}'
     ORDER BY e.n`,
    [
      events.map((event) => event.topic),
      events.map((event) => event.entityId),
      events.map((event) => event.type),
      events.map((event) => JSON.stringify(event.payload)),
      ...params,
    ],
  );
}
