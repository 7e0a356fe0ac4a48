import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { forgetKeys } from '../database/idempotency-keys.queries.js';
import { WorkLoop } from '../events/work-loop.js';

const EVERY_MS = 3_600_000;
const BATCH = 1_000;

/** Deletes idempotency keys that have expired, every hour. */
@Injectable()
export class KeySweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(KeySweeper.name);
  private readonly loop = new WorkLoop(() => this.sweep(), EVERY_MS);
  private stopped = false;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.loop.stop();
  }

  /** Deletes all that have expired by now, so many at a time that nobody waits for it. */
  async sweep(): Promise<void> {
    try {
      while (!this.stopped && (await this.database.transaction((tx) => forgetKeys(tx, BATCH))) === BATCH);
    } catch (error) {
      this.logger.warn(`Old keys stay for now: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
