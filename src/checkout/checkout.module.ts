import { Module } from '@nestjs/common';
import { CartsModule } from '../carts/carts.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { PromotionsModule } from '../promotions/promotions.module.js';
import { StockModule } from '../stock/stock.module.js';
import { UsersModule } from '../users/users.module.js';
import { CheckoutResolver } from './checkout.resolver.js';
import { CheckoutService } from './checkout.service.js';
import { OrderSources } from './order-source.service.js';
import { PlacingService } from './placing.service.js';
import { SaleService } from './sale.service.js';
import { SellingService } from './selling.service.js';
import { OrderPaymentsResolver } from './order-payments.resolver.js';
import { OrderPayments } from './order-payments.service.js';

/** Where carts become orders, and where orders are paid. */
@Module({
  imports: [
    UsersModule,
    StockModule,
    ProductsModule,
    PromotionsModule,
    PricingModule,
    CartsModule,
    PaymentsModule,
    OrdersModule,
  ],
  providers: [
    OrderSources,
    SaleService,
    SellingService,
    PlacingService,
    CheckoutService,
    CheckoutResolver,
    OrderPayments,
    OrderPaymentsResolver,
  ],
})
export class CheckoutModule {}
