import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { Planner } from '../plans/planner.service.js';
import { FULFILLMENT, FULFILLMENT_LINE, ORDER_FULFILLMENTS } from './fulfillment.shape.js';
import { FulfillmentsByOrder } from './fulfillments.loaders.js';
import { FulfillmentsQueries } from './fulfillments.queries.js';
import { FulfillmentLineResolver, FulfillmentsResolver, OrderFulfillmentsResolver } from './fulfillments.resolver.js';
import { FulfillmentsService } from './fulfillments.service.js';

/** Parcels: packing, shipping and delivering orders. */
@Module({
  imports: [OrdersModule],
  providers: [
    FulfillmentsQueries,
    FulfillmentsByOrder,
    FulfillmentsService,
    FulfillmentsResolver,
    FulfillmentLineResolver,
    OrderFulfillmentsResolver,
  ],
  exports: [FulfillmentsService],
})
export class FulfillmentModule {
  constructor(planner: Planner) {
    planner.register({ Order: ORDER_FULFILLMENTS, Fulfillment: FULFILLMENT, FulfillmentLine: FULFILLMENT_LINE });
  }
}
