import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WorkLoop } from '../events/work-loop.js';
import { ReservationsService } from '../stock/reservations.service.js';
import { OrderChanges } from './order-changes.service.js';
import { isReserved } from './order-stock.service.js';
import { OrdersQueries } from './orders.queries.js';

const EVERY_MS = 10_000;
const BATCH = 100;

/** Cancels orders whose payment did not come in time, so that their units can be sold again. */
@Injectable()
export class OrderExpiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrderExpiry.name);
  private readonly loop = new WorkLoop(() => this.run(), EVERY_MS);

  constructor(
    private readonly database: Database,
    private readonly reservations: ReservationsService,
    private readonly queries: OrdersQueries,
    private readonly changes: OrderChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Cancels what has expired by now. Answers how many orders. */
  async sweep(): Promise<number> {
    let cancelled = 0;
    for (const orderId of await this.reservations.expired(BATCH)) {
      if (await this.cancel(orderId)) cancelled += 1;
    }
    return cancelled;
  }

  private async cancel(orderId: string): Promise<boolean> {
    const changed = await this.database.transaction(async (tx) => {
      const order = await this.queries.lock(tx, orderId);
      // Paid, cancelled, or swept by another process while this one waited for the lock.
      if (!order || !isReserved(order)) return null;
      const reason = 'The payment did not come in time.';
      return this.changes.cancelLocked(tx, order, { mover: 'shop', actorId: null, reason });
    });
    if (changed) await this.changes.settled(changed);
    return changed !== null;
  }

  private async run(): Promise<void> {
    try {
      while ((await this.sweep()) === BATCH);
    } catch (error) {
      this.logger.warn(`Expired orders wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
