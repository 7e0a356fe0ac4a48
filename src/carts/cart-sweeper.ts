import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WorkLoop } from '../events/work-loop.js';
import { CartsQueries } from './carts.queries.js';

const EVERY_MS = 60_000;
const BATCH = 500;

/** Throws away carts that have expired, ordered or not. Several processes may do so at once: each takes other carts. */
@Injectable()
export class CartSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(CartSweeper.name);
  private readonly loop = new WorkLoop(() => this.run(), EVERY_MS);
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly queries: CartsQueries,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.loop.stop();
  }

  /** Deletes all that have expired by now, batch by batch. Answers how many. */
  async sweep(): Promise<number> {
    let deleted = 0;
    for (let last = BATCH; last === BATCH && !this.stopping; deleted += last) {
      last = await this.database.transaction((tx) => this.queries.deleteExpired(tx, BATCH));
    }
    return deleted;
  }

  private async run(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.logger.warn(`Expired carts stay: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
