import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { StockByVariant } from './stock.loaders.js';
import { StockQueries } from './stock.queries.js';
import { StockResolver } from './stock.resolver.js';
import { StockService } from './stock.service.js';

/** Units of variants: levels and their ledger. */
@Module({
  imports: [UsersModule],
  providers: [StockQueries, StockService, StockByVariant, StockResolver],
  exports: [StockService, StockByVariant],
})
export class StockModule {}
