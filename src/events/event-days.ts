import type { OwnConnection } from '../database/own-connection.js';
import { EventsQueries } from './events.queries.js';

const AHEAD_DAYS = 2;

/** Keeps one partition of the log for each day: the next ones are made before their day comes, old ones are dropped. */
export class EventDays {
  constructor(
    private readonly queries: EventsQueries,
    private readonly keptDays: number,
  ) {}

  /** @param connection the sequencer's: nobody else makes or drops partitions */
  async keep(connection: OwnConnection): Promise<void> {
    for (const { day, next } of await this.queries.missingDays(connection, AHEAD_DAYS)) {
      const table = `event_log_${day.replaceAll('-', '')}`;
      // Attached and not made as a partition: that would stop everybody who reads the log meanwhile.
      await connection.script(
        `CREATE TABLE ${table} (LIKE event_log INCLUDING ALL);
         ALTER TABLE event_log ATTACH PARTITION ${table} FOR VALUES FROM ('${day}') TO ('${next}')`,
      );
    }
    for (const { table } of await this.queries.pastDays(connection, this.keptDays)) {
      await connection.script(`DROP TABLE ${table}`);
    }
  }
}
