import { Injectable } from '@nestjs/common';
import type { Db } from '../database/db.js';

// Any constant of our own. Each process that keeps answers holds it shared; exclusively too, while there is no other.
const LOCK = 7_105_020;

/** Where what processes tell each other about answers goes. */
export const ANSWERS_CHANNEL = 'souk_answers';

/** How far the log had come when it was asked. */
export interface Pulse {
  /** Position of its newest event. */
  pos: number;
  /** Milliseconds since the oldest event was written that has no position yet; 0 when all have one. */
  waiting: number;
}

/** Statements of the connection that a process has for answers. */
@Injectable()
export class AnswersQueries {
  /** Makes the session a member, unless another one is alone. Answers whether it is, and its number. */
  async join(db: Db): Promise<{ joined: boolean; pid: number }> {
    const [row] = await db.query<{ joined: boolean; pid: number }>(
      'answers.join',
      'SELECT pg_try_advisory_lock_shared($1) AS joined, pg_backend_pid() AS pid',
      [LOCK],
    );
    return row ?? { joined: false, pid: 0 };
  }

  /** Keeps others from becoming members. Answers `false` when there are others already. */
  async beAlone(db: Db): Promise<boolean> {
    const [row] = await db.query<{ alone: boolean }>('answers.beAlone', 'SELECT pg_try_advisory_lock($1) AS alone', [
      LOCK,
    ]);
    return row?.alone ?? false;
  }

  /** Lets others become members. */
  async letOthersIn(db: Db): Promise<void> {
    await db.query('answers.letOthersIn', 'SELECT pg_advisory_unlock($1)', [LOCK]);
  }

  /**
   * How far the log is. By number and not by time the first one of the outbox: what stands there was committed after that one
   * was begun.
   */
  async pulse(db: Db): Promise<Pulse> {
    const [row] = await db.query<Pulse>(
      'answers.pulse',
      `SELECT last_pos AS pos, coalesce((
         SELECT extract(epoch FROM clock_timestamp() - at) * 1000 FROM event_outbox ORDER BY seq LIMIT 1), 0)::float8 AS waiting
       FROM event_state`,
    );
    if (!row) throw new Error('The table event_state has no row; run the migrations.');
    return row;
  }

  /** Tells all processes something. Nobody waits for the disk: what is lost with the server concerns nobody behind it. */
  async tell(db: Db, message: string): Promise<void> {
    await db.query('answers.tell', `SELECT pg_notify('${ANSWERS_CHANNEL}', $1)`, [message]);
  }

  /** The sessions of all other members. */
  async others(db: Db): Promise<number[]> {
    const [row] = await db.query<{ others: number[] }>(
      'answers.others',
      `SELECT ARRAY(
         SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1
           AND l.mode = 'ShareLock' AND l.granted AND l.pid <> pg_backend_pid()) AS others`,
      [LOCK],
    );
    return row?.others ?? [];
  }
}
