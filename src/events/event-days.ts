import { Logger } from '@nestjs/common';
import type { Database } from '../database/database.js';
import type { OwnConnection } from '../database/own-connection.js';
import { EventsQueries } from './events.queries.js';
import { WorkLoop } from './work-loop.js';

const AHEAD_DAYS = 2;
const LOOK_MS = 60_000;
const KEEP_EVERY_MS = 3_600_000;
const RETRY_MS = 300_000;
/** Behind a DROP that waits for its turn everybody else waits too who reads or writes the log. */
const LOCK_MS = 100;

/**
 * Keeps one partition of the log for each day: the next ones are made before their day comes, old ones are dropped. On a
 * connection of its own, since whoever reads the log for long, such as a backup, is in the way of a DROP and not of events.
 */
export class EventDays {
  private readonly logger = new Logger(EventDays.name);
  private readonly loop = new WorkLoop(() => this.run(), LOOK_MS);
  private dueAt = Infinity;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
    private readonly keptDays: number,
  ) {}

  /** Sees to the partitions now and every hour, in the background; where that failed, some minutes later again. */
  start(): void {
    this.dueAt = -Infinity;
    this.loop.start();
  }

  /** Resolves when nothing more is done. */
  async stop(): Promise<void> {
    this.dueAt = Infinity;
    await this.loop.stop();
  }

  /** Makes the partition of today, without which no event finds its place, if it is not there. Waits for nobody who reads. */
  async ensureToday(connection: OwnConnection): Promise<void> {
    await this.make(connection, 0);
  }

  /** Makes what is missing and drops what is old. @throws what PostgreSQL throws; then some of it is not done */
  async keep(): Promise<void> {
    const connection = await this.database.connect({ name: `souk days ${process.pid}`, lockMs: LOCK_MS });
    try {
      await this.make(connection, AHEAD_DAYS);
      for (const { table } of await this.queries.pastDays(connection, this.keptDays)) {
        await connection.script(`DROP TABLE ${table}`);
      }
    } finally {
      await connection.close();
    }
  }

  private async run(): Promise<void> {
    if (performance.now() < this.dueAt) return;
    try {
      await this.keep();
      this.dueAt = performance.now() + KEEP_EVERY_MS;
    } catch (error) {
      this.dueAt = performance.now() + RETRY_MS;
      this.logger.warn(`Days of the log wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async make(connection: OwnConnection, aheadDays: number): Promise<void> {
    for (const { day, next } of await this.queries.missingDays(connection, aheadDays)) {
      const table = `event_log_${day.replaceAll('-', '')}`;
      // Attached and not made as a partition: that would stop everybody who reads the log meanwhile.
      await connection.script(
        `CREATE TABLE ${table} (LIKE event_log INCLUDING ALL);
         ALTER TABLE event_log ATTACH PARTITION ${table} FOR VALUES FROM ('${day}') TO ('${next}')`,
      );
    }
  }
}
