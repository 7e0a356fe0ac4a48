import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WorkLoop } from '../events/work-loop.js';
import { isReserved } from '../orders/order-states.rules.js';
import { ReservationsService } from '../stock/reservations.service.js';
import { ReturnsService } from './returns.service.js';

const EVERY_MS = 10_000;
const BATCH = 100;

/** Cancels orders whose payment did not come in time, so that their units can be sold again. */
@Injectable()
export class OrderExpiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrderExpiry.name);
  private readonly loop = new WorkLoop(() => this.run(), EVERY_MS);

  constructor(
    private readonly reservations: ReservationsService,
    private readonly returns: ReturnsService,
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
      // Paid, cancelled, or swept by another process meanwhile: then its units are promised no longer.
      if (await this.returns.expire(orderId, isReserved)) cancelled += 1;
    }
    return cancelled;
  }

  private async run(): Promise<void> {
    try {
      while ((await this.sweep()) === BATCH);
    } catch (error) {
      this.logger.warn(`Expired orders wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
