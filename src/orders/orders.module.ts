import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { ProductsModule } from '../products/products.module.js';
import { UsersModule } from '../users/users.module.js';
import { OrderBook } from './order-book.service.js';
import { OrderFieldsResolver, OrderHistoryResolver, OrderLineResolver } from './order-fields.resolver.js';
import { OrderSales } from './order-sales.js';
import { OrderSalesQueries } from './order-sales.queries.js';
import { OrderWrites } from './order-writes.queries.js';
import { OrdersBulk } from './orders.bulk.js';
import { HistoryByOrder, OrderById, OrderCountOfCustomer, OrdersOfCustomer } from './orders.loaders.js';
import { OrdersQueries } from './orders.queries.js';
import { OrdersResolver, UserOrdersResolver } from './orders.resolver.js';
import { OrdersService } from './orders.service.js';

const QUERIES = [OrdersQueries, OrderWrites, OrderSalesQueries, OrdersBulk];
const LOADERS = [OrderById, HistoryByOrder, OrdersOfCustomer, OrderCountOfCustomer];
const RESOLVERS = [OrdersResolver, UserOrdersResolver, OrderFieldsResolver, OrderLineResolver, OrderHistoryResolver];

/** What an order is: as it was sold, where it stands, and what happened to it. */
@Module({
  imports: [UsersModule, ProductsModule, PaymentsModule],
  providers: [...QUERIES, ...LOADERS, ...RESOLVERS, OrdersService, OrderBook, OrderSales],
  exports: [OrdersService, OrderBook, OrderById, OrdersBulk],
})
export class OrdersModule {}
