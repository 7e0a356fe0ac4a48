import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { WorkLoop } from '../events/work-loop.js';
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
      if (await this.expire(orderId)) cancelled += 1;
    }
    return cancelled;
  }

  // One order that cannot be cancelled now, such as while its product is locked, must not stop the others.
  private async expire(orderId: string): Promise<boolean> {
    try {
      return await this.returns.expire(orderId);
    } catch (error) {
      this.logger.warn(`Order ${orderId} waits to expire: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  private async run(): Promise<void> {
    try {
      while ((await this.sweep()) === BATCH);
    } catch (error) {
      this.logger.warn(`Expired orders wait: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
