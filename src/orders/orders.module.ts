import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { PromotionsModule } from '../promotions/promotions.module.js';
import { StockModule } from '../stock/stock.module.js';
import { UsersModule } from '../users/users.module.js';
import { FulfillmentsService } from './fulfillments.service.js';
import { OrderChanges } from './order-changes.service.js';
import { OrderChangesResolver } from './order-changes.resolver.js';
import { OrderExpiry } from './order-expiry.js';
import {
  FulfillmentLineResolver,
  FulfillmentResolver,
  OrderFieldsResolver,
  OrderHistoryResolver,
  OrderLineResolver,
} from './order-fields.resolver.js';
import { OrderPayments } from './order-payments.service.js';
import { OrderPlacement } from './order-placement.service.js';
import { OrderSales } from './order-sales.js';
import { OrderSalesQueries } from './order-sales.queries.js';
import { OrderStock } from './order-stock.service.js';
import { OrderWrites } from './order-writes.queries.js';
import {
  FulfillmentsByOrder,
  HistoryByOrder,
  OrderById,
  OrderCountOfCustomer,
  OrdersOfCustomer,
} from './orders.loaders.js';
import { OrdersQueries } from './orders.queries.js';
import { OrdersResolver, UserOrdersResolver } from './orders.resolver.js';
import { OrdersService } from './orders.service.js';

const QUERIES = [OrdersQueries, OrderWrites, OrderSalesQueries];
const SERVICES = [
  OrdersService,
  OrderPlacement,
  OrderChanges,
  OrderPayments,
  FulfillmentsService,
  OrderStock,
  OrderExpiry,
  OrderSales,
];
const LOADERS = [OrderById, HistoryByOrder, FulfillmentsByOrder, OrdersOfCustomer, OrderCountOfCustomer];
const RESOLVERS = [
  OrdersResolver,
  UserOrdersResolver,
  OrderChangesResolver,
  OrderFieldsResolver,
  OrderLineResolver,
  OrderHistoryResolver,
  FulfillmentResolver,
  FulfillmentLineResolver,
];

/** Orders once they are placed: their states, parcels, money and history. */
@Module({
  imports: [UsersModule, StockModule, ProductsModule, PromotionsModule, PricingModule, PaymentsModule],
  providers: [...QUERIES, ...SERVICES, ...LOADERS, ...RESOLVERS],
  exports: [OrdersService, OrderPlacement, OrderById],
})
export class OrdersModule {}
