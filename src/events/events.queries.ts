import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { LoggedEvent, NewEvent } from './event.js';

const COLUMNS = `pos, topic, entity_id AS "entityId", type, payload, at, octet_length(payload::text) AS bytes`;

const NO_STATE = 'The table event_state has no row; run the migrations.';

/** Milliseconds since a time, by the clock of PostgreSQL. */
const ageMs = (time: string): string => `(extract(epoch FROM clock_timestamp() - ${time}) * 1000)::float8`;

/** How much is taken in one go: at least one event, then as many as are within both. */
export interface BatchBounds {
  events: number;
  /** Size of the payloads as PostgreSQL stores them, which may be compressed. */
  bytes: number;
}

/** Events that have got their positions. */
export interface Batch {
  events: LoggedEvent[];
  /** How long ago the oldest of those was made that are left, in milliseconds; `null` when none was left. */
  leftForMs: number | null;
}

/** What a session learns that wants to be the sequencer. */
export interface Turn {
  /** Whether it is now. */
  mine: boolean;
  lastPos: number;
  /** Number of the first event in the outbox; `null` when it is empty. */
  first: number | null;
  /** How long ago that one was made, in milliseconds; `null` when there is none. */
  waitingMs: number | null;
}

/** What is new in the log. */
export interface News extends LogState {
  /** The next events, oldest first; not all of them, when they are many. */
  events: LoggedEvent[];
}

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
   * Moves the oldest events from the outbox to the log, gives them the next dense positions and answers them in order. One
   * statement, so that a crash leaves each event either in the outbox or in the log. By a range and not by a list: the
   * outbox is empty whenever PostgreSQL looks at its statistics, and a list would then be compared row by row.
   */
  async sequence(db: Db, { events, bytes }: BatchBounds): Promise<Batch> {
    const rows = await db.query<LoggedEvent & { leftForMs: number | null }>(
      'events.sequence',
      `WITH oldest AS MATERIALIZED (
         SELECT seq, at, row_number() OVER before <= $1::int AND coalesce(sum(pg_column_size(payload)) OVER before, 0) < $2 AS fits
         FROM (SELECT seq, at, payload FROM event_outbox ORDER BY seq LIMIT $1::int + 1) first
         WINDOW before AS (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
       ), batch AS (
         DELETE FROM event_outbox WHERE seq <= (SELECT max(seq) FROM oldest WHERE fits)
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
       SELECT logged.*, (SELECT ${ageMs('min(at)')} FROM oldest WHERE NOT fits) AS "leftForMs" FROM logged ORDER BY pos`,
      [events, bytes],
    );
    return { leftForMs: rows[0]?.leftForMs ?? null, events: rows.map(({ leftForMs: _left, ...event }) => event) };
  }

  /** Makes this session the sequencer if there is none, and answers how the one there is gets on. */
  async lead(db: Db, lock: number): Promise<Turn> {
    const [turn] = await db.query<Turn>(
      'events.lead',
      `SELECT pg_try_advisory_lock($1) AS mine, last_pos AS "lastPos", first.seq AS first, ${ageMs('first.at')} AS "waitingMs"
       FROM event_state LEFT JOIN (SELECT seq, at FROM event_outbox ORDER BY seq LIMIT 1) first ON true`,
      [lock],
    );
    if (!turn) throw new Error(NO_STATE);
    return turn;
  }

  /**
   * Ends the session that is the sequencer, if it has been waiting for its process for so many milliseconds: neither
   * `idle_session_timeout` nor `statement_timeout` ends one whose answer nobody takes. Answers whether there was such a one.
   */
  async endHungLeader(db: Db, lock: number, milliseconds: number): Promise<boolean> {
    const rows = await db.query(
      'events.endHungLeader',
      `SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1
         AND a.datname = current_database() AND a.datid = l.database AND a.application_name LIKE 'souk sequencer %'
         AND a.wait_event_type = 'Client' AND a.state_change < clock_timestamp() - make_interval(secs => $2::float8 / 1000)`,
      [lock, milliseconds],
    );
    return rows.length > 0;
  }

  async state(db: Db): Promise<LogState> {
    const [state] = await db.query<LogState>('events.state', `SELECT epoch, last_pos AS "lastPos" FROM event_state`);
    if (!state) throw new Error(NO_STATE);
    return state;
  }

  /** The events after a position up to and with another, oldest first. */
  between(db: Db, after: number, upTo: number): Promise<LoggedEvent[]> {
    return db.query('events.between', `SELECT ${COLUMNS} FROM event_log WHERE pos > $1 AND pos <= $2 ORDER BY pos`, [
      after,
      upTo,
    ]);
  }

  /** The next events after a position, and where the log stood just then. */
  async news(db: Db, pos: number, { events, bytes }: BatchBounds): Promise<News> {
    const rows = await db.query<LogState & (LoggedEvent | { pos: null })>(
      'events.news',
      `SELECT next.*, epoch, last_pos AS "lastPos"
       FROM event_state LEFT JOIN (
         SELECT ${COLUMNS} FROM (
           SELECT *, coalesce(sum(pg_column_size(payload)) OVER (
             ORDER BY pos ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
           FROM (SELECT pos, topic, entity_id, type, payload, at FROM event_log WHERE pos > $1 ORDER BY pos LIMIT $2) first
         ) first WHERE before < $3
       ) next ON true ORDER BY pos`,
      [pos, events, bytes],
    );
    const [state] = rows;
    if (!state) throw new Error(NO_STATE);
    const next = rows.filter((row) => row.pos !== null);
    return {
      epoch: state.epoch,
      lastPos: state.lastPos,
      events: next.map(({ epoch: _epoch, lastPos: _lastPos, ...event }) => event),
    };
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
  async newest(db: Db, { events, bytes }: BatchBounds): Promise<LoggedEvent[]> {
    const rows = await db.query<LoggedEvent>(
      'events.newest',
      `SELECT ${COLUMNS} FROM (
         SELECT *, coalesce(sum(pg_column_size(payload)) OVER (
           ORDER BY pos DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS after
         FROM (SELECT pos, topic, entity_id, type, payload, at FROM event_log ORDER BY pos DESC LIMIT $1) last
       ) last WHERE after < $2 ORDER BY pos DESC`,
      [events, bytes],
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
