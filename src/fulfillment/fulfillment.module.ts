import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
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
export class FulfillmentModule {}
