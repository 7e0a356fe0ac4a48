import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { OwnConnection } from '../database/own-connection.js';
import { EventDays } from './event-days.js';
import { EventFeed } from './event-feed.js';
import { EventMetrics } from './event-metrics.js';
import { EventsQueries } from './events.queries.js';
import { WakeUps } from './wake-ups.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
/**
 * While changes come one after the other, several of them get their places in one statement: it costs as much as a small
 * change. Where one came at a time the next is not kept waiting for others.
 */
const REST_MS = { afterOne: 4, afterSeveral: 12 };
const BATCH = 1_000;
const DAYS_EVERY_MS = 3_600_000;
const ATTEMPT_EVERY_MS = 300;
/** A leader that sends nothing for so long hangs, and PostgreSQL takes the lead from it. It polls ten times as often. */
const SILENCE_MS = 1_000;
// Any constant of our own: the session that holds it is the one sequencer of the deployment.
const LOCK = 7_105_002;

/**
 * Gives events their places. A sequence is no cursor: transactions commit in another order than they took their numbers,
 * and a reader of `number > last` would miss the late ones. One sequencer at a time, positions only after the commit.
 * Every process has one; the one whose session holds the lock works, and within two seconds of its end another.
 */
@Injectable()
export class Sequencer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Sequencer.name);
  private readonly loop = new WorkLoop(
    () => this.run(),
    POLL_MS,
    () => (this.lastBatch > 1 ? REST_MS.afterSeveral : REST_MS.afterOne),
  );
  private lastBatch = 0;
  private readonly days: EventDays;
  private connection: OwnConnection | null = null;
  private attemptedAt = -Infinity;
  private daysKeptAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
    private readonly feed: EventFeed,
    private readonly wakeUps: WakeUps,
    private readonly metrics: EventMetrics,
    config: Config,
  ) {
    this.days = new EventDays(queries, config.eventDays);
  }

  onApplicationBootstrap(): void {
    this.wakeUps.on('outbox', () => this.metrics.leads && this.loop.wake());
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.connection?.close();
  }

  /** There is something in the outbox. Returns at once. */
  wake(): void {
    if (this.metrics.leads) this.loop.wake();
    else this.wakeUps.tell('outbox');
  }

  private async run(): Promise<void> {
    try {
      this.connection ??= await this.connect();
      if (!this.metrics.leads && !(await this.lead(this.connection))) return;
      while ((await this.batch(this.connection)) === BATCH);
      await this.keepDays(this.connection);
    } catch (error) {
      this.logger.warn(`Events wait: ${error instanceof Error ? error.message : String(error)}`);
      // Whatever it was, a new session begins with nothing half done, and another process may be quicker.
      this.metrics.leads = false;
      await this.connection?.close();
    }
  }

  private async connect(): Promise<OwnConnection> {
    const connection = await this.database.connect({ name: `souk sequencer ${process.pid}`, idleMs: SILENCE_MS });
    void connection.lost.then(() => {
      this.metrics.leads = false;
      this.connection = null;
    });
    return connection;
  }

  private async lead(connection: OwnConnection): Promise<boolean> {
    if (performance.now() - this.attemptedAt < ATTEMPT_EVERY_MS) return false;
    this.attemptedAt = performance.now();
    if (!(await this.queries.lead(connection, LOCK))) return false;
    this.daysKeptAt = -Infinity;
    await this.keepDays(connection);
    this.metrics.leads = true;
    this.logger.debug('This process gives events their positions.');
    return true;
  }

  /** Answers how many got their place. */
  private async batch(connection: OwnConnection): Promise<number> {
    const events = await this.queries.sequence(connection, BATCH);
    this.lastBatch = events.length;
    if (events.length > 0) {
      this.feed.accept(events);
      this.wakeUps.tell('log');
    }
    return events.length;
  }

  private async keepDays(connection: OwnConnection): Promise<void> {
    if (performance.now() - this.daysKeptAt < DAYS_EVERY_MS) return;
    this.daysKeptAt = performance.now();
    await this.days.keep(connection);
  }
}
