import { Module } from '@nestjs/common';
import { FulfillmentModule } from '../fulfillment/fulfillment.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { PromotionsModule } from '../promotions/promotions.module.js';
import { StockModule } from '../stock/stock.module.js';
import { OrderExpiry } from './order-expiry.js';
import { ReturnedStock } from './returned-stock.service.js';
import { ReturnsResolver } from './returns.resolver.js';
import { ReturnsService } from './returns.service.js';

/** Orders that are given up, and money that goes back. */
@Module({
  imports: [
    StockModule,
    ProductsModule,
    PromotionsModule,
    PricingModule,
    PaymentsModule,
    OrdersModule,
    FulfillmentModule,
  ],
  providers: [ReturnedStock, ReturnsService, OrderExpiry, ReturnsResolver],
})
export class ReturnsModule {}
