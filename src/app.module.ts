import { Module, type DynamicModule } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { AnswersModule } from './answers/answers.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CartsModule } from './carts/carts.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { CategoriesModule } from './categories/categories.module.js';
import { CheckoutModule } from './checkout/checkout.module.js';
import { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { Database } from './database/database.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { ServerModule } from './server/server.module.js';
import { FulfillmentModule } from './fulfillment/fulfillment.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { InvoicesModule } from './invoices/invoices.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LiveModule } from './live/live.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PlansModule } from './plans/plans.module.js';
import { PricingModule } from './pricing/pricing.module.js';
import { ProductsModule } from './products/products.module.js';
import { PromotionsModule } from './promotions/promotions.module.js';
import { ReturnsModule } from './returns/returns.module.js';
import { ShopModule } from './shop/shop.module.js';
import { StockModule } from './stock/stock.module.js';
import { MetricsModule } from './telemetry/metrics.module.js';
import { UsersModule } from './users/users.module.js';

/** The rooms of the shop. */
export const ROOMS = [
  AccessModule,
  MetricsModule,
  EventsModule,
  LiveModule,
  PlansModule,
  AnswersModule,
  ServerModule,
  ShopModule,
  UsersModule,
  CategoriesModule,
  StockModule,
  ProductsModule,
  CatalogueModule,
  AuthModule,
  PromotionsModule,
  PricingModule,
  CartsModule,
  PaymentsModule,
  OrdersModule,
  FulfillmentModule,
  ReturnsModule,
  CheckoutModule,
  JobsModule,
  ImportsModule,
  InvoicesModule,
];

/** The whole server, on an open and migrated database. */
@Module({})
export class AppModule {
  static of(config: Config, database: Database): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.of(config), DatabaseModule.of(database), ...ROOMS] };
  }
}
