import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { EventFeed } from './event-feed.js';
import { EventsQueries } from './events.queries.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
const BATCH = 1_000;
const KEPT_DAYS = 7;
const FORGET_EVERY_MS = 3_600_000;
// Any constant of our own: whoever holds it in a transaction is the one sequencer of the deployment for that batch.
const LOCK = 7_105_002;

/**
 * Gives events their places. A sequence is no cursor: transactions commit in another order than they took their numbers,
 * and a reader of `number > last` would miss the late ones. One sequencer at a time, positions only after the commit.
 */
@Injectable()
export class Sequencer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Sequencer.name);
  private readonly loop = new WorkLoop(() => this.run(), POLL_MS);
  private forgottenAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
    private readonly feed: EventFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** There is something in the outbox. Returns at once. */
  wake(): void {
    this.loop.wake();
  }

  private async run(): Promise<void> {
    try {
      while (await this.queries.isWaiting(this.database)) {
        if (!(await this.batch())) break;
      }
      await this.forgetOld();
    } catch (error) {
      this.logger.warn(`Events wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Answers `false` when another process is at it. */
  private async batch(): Promise<boolean> {
    const moved = await this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>('events.lock', 'SELECT pg_try_advisory_xact_lock($1) AS mine', [
        LOCK,
      ]);
      return lock?.mine ? this.queries.sequence(tx, BATCH) : null;
    });
    if (moved) this.feed.wake();
    return moved !== null;
  }

  private async forgetOld(): Promise<void> {
    if (performance.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = performance.now();
    while ((await this.database.transaction((tx) => this.queries.forget(tx, KEPT_DAYS, BATCH))) === BATCH);
  }
}
