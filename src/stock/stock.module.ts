import { Module } from '@nestjs/common';
import { connectionShapes } from '../plans/connection-shape.js';
import { Planner } from '../plans/planner.service.js';
import { UsersModule } from '../users/users.module.js';
import { ReservationsQueries } from './reservations.queries.js';
import { ReservationsService } from './reservations.service.js';
import { StockByVariant } from './stock.loaders.js';
import { StockQueries } from './stock.queries.js';
import { StockResolver } from './stock.resolver.js';
import { STOCK_LEVEL, STOCK_MOVEMENT, STOCK_QUERIES } from './stock.shape.js';
import { StockService } from './stock.service.js';

/** Units of variants: levels, what is promised of them, and the ledger. */
@Module({
  imports: [UsersModule],
  providers: [StockQueries, ReservationsQueries, StockService, ReservationsService, StockByVariant, StockResolver],
  exports: [StockService, ReservationsService, StockByVariant],
})
export class StockModule {
  constructor(planner: Planner) {
    planner.register({ Query: STOCK_QUERIES, StockLevel: STOCK_LEVEL, StockMovement: STOCK_MOVEMENT });
    planner.register(connectionShapes('StockMovement', 'StockMovementConnection'));
  }
}
