import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { connectionShapes } from '../plans/connection-shape.js';
import { Planner } from '../plans/planner.service.js';
import { ProductsModule } from '../products/products.module.js';
import { UsersModule } from '../users/users.module.js';
import { OrderBook } from './order-book.service.js';
import { OrderFieldsResolver, OrderHistoryResolver, OrderLineResolver } from './order-fields.resolver.js';
import { orderDiscountShape, orderLineShape } from './order-line.shape.js';
import { OrderSales } from './order-sales.js';
import { OrderSalesQueries } from './order-sales.queries.js';
import { OrderWrites } from './order-writes.queries.js';
import { HISTORY_ENTRY, ORDER_QUERIES, orderShape, orderWith, SHIPPING_METHOD, USER_ORDERS } from './order.shape.js';
import { OrdersBulk } from './orders.bulk.js';
import { OrderFeed } from './orders.feed.js';
import { HistoryByOrder, OrderById, OrderCountOfCustomer, OrdersOfCustomer } from './orders.loaders.js';
import { OrdersQueries } from './orders.queries.js';
import { OrdersResolver, UserOrdersResolver } from './orders.resolver.js';
import { OrdersService } from './orders.service.js';
import { OrderEventResolver, OrdersSubscriptions } from './orders.subscriptions.js';

const QUERIES = [OrdersQueries, OrderWrites, OrderSalesQueries, OrdersBulk];
const LOADERS = [OrderById, HistoryByOrder, OrdersOfCustomer, OrderCountOfCustomer];
const RESOLVERS = [
  OrdersResolver,
  UserOrdersResolver,
  OrderFieldsResolver,
  OrderLineResolver,
  OrderHistoryResolver,
  OrdersSubscriptions,
  OrderEventResolver,
];

/** What an order is: as it was sold, where it stands, what happened to it, and what watchers are told. */
@Module({
  imports: [UsersModule, ProductsModule, PaymentsModule],
  providers: [...QUERIES, ...LOADERS, ...RESOLVERS, OrdersService, OrderBook, OrderFeed, OrderSales],
  exports: [OrdersService, OrderBook, OrderById, OrdersBulk],
})
export class OrdersModule {
  constructor(planner: Planner, { shopCurrency }: Config) {
    planner.register({ Query: ORDER_QUERIES, User: USER_ORDERS, Order: orderShape(shopCurrency) });
    planner.register({ OrderShippingMethod: SHIPPING_METHOD, OrderHistoryEntry: HISTORY_ENTRY });
    planner.register({ OrderLine: orderLineShape(shopCurrency), OrderDiscount: orderDiscountShape(shopCurrency) });
    planner.register(connectionShapes('Order', 'OrderConnection'));
    planner.registerNode('order', { type: 'Order', find: orderWith });
  }
}
