import { Module } from '@nestjs/common';
import { CategoriesModule } from '../categories/categories.module.js';
import { OrdersModule } from '../orders/orders.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { StockModule } from '../stock/stock.module.js';
import { UsersModule } from '../users/users.module.js';
import { CategoryImportService } from './category-import.service.js';
import { DemoShopQueries } from './demo-shop.queries.js';
import { DemoShopService } from './demo-shop.service.js';
import { OrderImportService } from './order-import.service.js';
import { OrderReturnsWriter } from './order-returns-writer.js';
import { OrderWriter } from './order-writer.js';
import { ProductExportService } from './product-export.service.js';
import { ProductImportService } from './product-import.service.js';
import { ProductWriter } from './product-writer.js';

/** Files in and out: products, categories and orders, and the demo shop that is one of these files. */
@Module({
  imports: [UsersModule, CategoriesModule, StockModule, ProductsModule, PricingModule, PaymentsModule, OrdersModule],
  providers: [
    DemoShopQueries,
    ProductWriter,
    OrderWriter,
    OrderReturnsWriter,
    OrderImportService,
    CategoryImportService,
    ProductImportService,
    ProductExportService,
    DemoShopService,
  ],
  exports: [CategoryImportService, ProductImportService, ProductExportService, OrderImportService, DemoShopService],
})
export class ImportsModule {}
