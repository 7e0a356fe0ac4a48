import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { LoggedEvent, NewEvent } from './event.js';

const COLUMNS = `pos, topic, entity_id AS "entityId", type, payload, at, octet_length(payload::text) AS bytes`;

/** Where the log stands. */
export interface LogState {
  epoch: string;
  /** Position of the newest event, 0 when there was never one. */
  lastPos: number;
}

@Injectable()
export class EventsQueries {
  /** Writes events to the outbox, in their order, within the transaction of the change: together with its next statement. */
  append(tx: Tx, events: readonly NewEvent[]): void {
    tx.queue(
      'events.append',
      `INSERT INTO event_outbox (topic, entity_id, type, payload)
       SELECT topic, entity_id, type, payload
       FROM unnest($1::text[], $2::uuid[], $3::text[], $4::jsonb[]) WITH ORDINALITY AS e (topic, entity_id, type, payload, n)
       ORDER BY n`,
      [
        events.map((event) => event.topic),
        events.map((event) => event.entityId),
        events.map((event) => event.type),
        events.map((event) => JSON.stringify(event.payload)),
      ],
    );
  }

  /**
   * Moves up to `limit` events from the outbox to the log, gives them the next dense positions and answers them in order.
   * One statement, so that a crash leaves each event either in the outbox or in the log. By a range and not by a list:
   * the outbox is empty whenever PostgreSQL looks at its statistics, and a list would then be compared row by row.
   */
  sequence(db: Db, limit: number): Promise<LoggedEvent[]> {
    return db.query(
      'events.sequence',
      `WITH batch AS (
         DELETE FROM event_outbox
         WHERE seq <= (SELECT max(seq) FROM (SELECT seq FROM event_outbox ORDER BY seq LIMIT $1) first)
         RETURNING seq, topic, entity_id, type, payload, at
       ), state AS (
         UPDATE event_state SET last_pos = last_pos + (SELECT count(*) FROM batch)
         WHERE EXISTS (SELECT FROM batch)
         RETURNING old.last_pos AS base
       ), logged AS (
         INSERT INTO event_log (pos, topic, entity_id, type, payload, at)
         SELECT base + row_number() OVER (ORDER BY seq), topic, entity_id, type, payload, at FROM batch, state
         RETURNING ${COLUMNS}
       )
       SELECT * FROM logged ORDER BY pos`,
      [limit],
    );
  }

  /** Makes this session the sequencer if there is none. Answers whether it is. */
  async lead(db: Db, lock: number): Promise<boolean> {
    const [row] = await db.query<{ mine: boolean }>('events.lead', 'SELECT pg_try_advisory_lock($1) AS mine', [lock]);
    return row?.mine ?? false;
  }

  async state(db: Db): Promise<LogState> {
    const [state] = await db.query<LogState>('events.state', `SELECT epoch, last_pos AS "lastPos" FROM event_state`);
    if (!state) throw new Error('The table event_state has no row; run the migrations.');
    return state;
  }

  /** The events after a position, oldest first. */
  after(db: Db, pos: number, limit: number): Promise<LoggedEvent[]> {
    return db.query('events.after', `SELECT ${COLUMNS} FROM event_log WHERE pos > $1 ORDER BY pos LIMIT $2`, [
      pos,
      limit,
    ]);
  }

  /** The events of a topic that were made in the last seconds, oldest first. */
  recent(db: Db, topic: string, seconds: number): Promise<LoggedEvent[]> {
    return db.query(
      'events.recent',
      `SELECT ${COLUMNS} FROM event_log WHERE topic = $1 AND at > now() - make_interval(secs => $2) ORDER BY pos`,
      [topic, seconds],
    );
  }

  /** The newest events, oldest of them first. */
  async newest(db: Db, limit: number): Promise<LoggedEvent[]> {
    const rows = await db.query<LoggedEvent>(
      'events.newest',
      `SELECT ${COLUMNS} FROM event_log ORDER BY pos DESC LIMIT $1`,
      [limit],
    );
    return rows.toReversed();
  }

  /** Position of the oldest event that is kept; one after the newest when none is. */
  async oldestPos(db: Db): Promise<number> {
    const [row] = await db.query<{ pos: number }>(
      'events.oldestPos',
      `SELECT coalesce((SELECT min(pos) FROM event_log), (SELECT last_pos + 1 FROM event_state)) AS pos`,
    );
    return row?.pos ?? 1;
  }

  /** The days from today on that have no partition yet, each with the day after it, as ISO 8601 dates in UTC. */
  missingDays(db: Db, ahead: number): Promise<{ day: string; next: string }[]> {
    return db.query(
      'events.missingDays',
      `SELECT day::text, (day + 1)::text AS next
       FROM (SELECT (now() AT TIME ZONE 'UTC')::date + n AS day FROM generate_series(0, $1::int) n) days
       WHERE to_regclass('event_log_' || to_char(day, 'YYYYMMDD')) IS NULL ORDER BY day`,
      [ahead],
    );
  }

  /** Names of the partitions whose events are all older than so many days. */
  pastDays(db: Db, keptDays: number): Promise<{ table: string }[]> {
    return db.query(
      'events.pastDays',
      `SELECT c.relname AS table FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'event_log'::regclass
         AND c.relname < 'event_log_' || to_char((now() AT TIME ZONE 'UTC')::date - $1::int, 'YYYYMMDD')
       ORDER BY c.relname`,
      [keptDays],
    );
  }
}
