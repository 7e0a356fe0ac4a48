import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WorkLoop } from '../events/work-loop.js';
import { ProductsService } from '../products/products.service.js';
import { OrderSalesQueries } from './order-sales.queries.js';

const EVERY_MS = 10_000;
const BATCH = 1_000;

/**
 * Counts sold units into their products, for "best-selling": from the log of events and behind the sale, because an order
 * that changed `units_sold` itself would rewrite every index of the product.
 */
@Injectable()
export class OrderSales implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OrderSales.name);
  private readonly loop = new WorkLoop(() => this.run(), EVERY_MS);

  constructor(
    private readonly database: Database,
    private readonly queries: OrderSalesQueries,
    private readonly products: ProductsService,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Counts the next events, each once, whoever counts. Answers whether there may be more. */
  count(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const pos = await this.queries.takeTurn(tx);
      if (pos === null) return false;
      const { upTo, sales } = await this.queries.salesAfter(tx, pos, BATCH);
      if (upTo === pos) return false;
      await this.products.addSales(tx, sales);
      await this.queries.advance(tx, upTo);
      return upTo - pos >= BATCH;
    });
  }

  private async run(): Promise<void> {
    try {
      while (await this.count());
    } catch (error) {
      this.logger.warn(`Sales are counted later: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
