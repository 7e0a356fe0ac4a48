import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { OwnConnection } from '../database/own-connection.js';
import { BatchSize } from './batch-size.js';
import { EventDays } from './event-days.js';
import { EventFeed } from './event-feed.js';
import { EventMetrics } from './event-metrics.js';
import { EventsQueries } from './events.queries.js';
import { Standstill } from './standstill.js';
import { WakeUps } from './wake-ups.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
/**
 * While changes come one after the other, several of them get their places in one statement: it costs as much as a small
 * change. Where one came at a time the next is not kept waiting for others.
 */
const REST_MS = { afterOne: 4, afterSeveral: 12 };
/** So much takes some milliseconds. */
const BATCH = { events: 1_000, bytes: 256 * 1024 };
const ATTEMPT_EVERY_MS = 300;
/** A leader that sends nothing for so long hangs, and PostgreSQL takes the lead from it. It polls ten times as often. */
const SILENCE_MS = 1_000;
/** A leader whose answer PostgreSQL cannot get rid of while nothing moves for so long hangs too; the others take the lead. */
const STANDSTILL_MS = 900;
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
  private readonly batchSize = new BatchSize(BATCH);
  private readonly standstill = new Standstill();
  private readonly days: EventDays;
  private connection: OwnConnection | null = null;
  private attemptedAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
    private readonly feed: EventFeed,
    private readonly wakeUps: WakeUps,
    private readonly metrics: EventMetrics,
    config: Config,
  ) {
    this.days = new EventDays(database, queries, config.eventDays);
  }

  onApplicationBootstrap(): void {
    this.wakeUps.on('outbox', () => this.metrics.leads && this.loop.wake());
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.days.stop();
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
      while (await this.batch(this.connection));
    } catch (error) {
      this.logger.warn(`Events wait: ${error instanceof Error ? error.message : String(error)}`);
      this.batchSize.failed(error);
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
      void this.days.stop();
    });
    return connection;
  }

  private async lead(connection: OwnConnection): Promise<boolean> {
    const now = performance.now();
    if (now - this.attemptedAt < ATTEMPT_EVERY_MS) return false;
    this.attemptedAt = now;
    const turn = await this.queries.lead(connection, LOCK);
    this.metrics.sawWaiting(turn.waitingMs);
    if (!turn.mine) {
      if (this.standstill.look(turn, now) >= STANDSTILL_MS) await this.endHungLeader(connection);
      return false;
    }
    this.standstill.forget();
    await this.days.ensureToday(connection);
    this.metrics.leads = true;
    this.days.start();
    this.logger.debug('This process gives events their positions.');
    return true;
  }

  private async endHungLeader(connection: OwnConnection): Promise<void> {
    this.standstill.forget();
    if (!(await this.queries.endHungLeader(connection, LOCK, STANDSTILL_MS / 2))) return;
    this.logger.warn('The process that gave events their positions hangs.');
    this.attemptedAt = -Infinity;
  }

  /** Answers whether there is more to do. */
  private async batch(connection: OwnConnection): Promise<boolean> {
    const { events, leftForMs } = await this.queries.sequence(connection, this.batchSize.bounds);
    this.batchSize.succeeded();
    this.lastBatch = events.length;
    this.metrics.sawWaiting(leftForMs);
    if (events.length > 0) {
      this.feed.accept(events);
      this.wakeUps.tell('log');
    }
    return leftForMs !== null;
  }
}
