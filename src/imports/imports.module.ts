import { Module } from '@nestjs/common';
import { CategoriesModule } from '../categories/categories.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { StockModule } from '../stock/stock.module.js';
import { UsersModule } from '../users/users.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { CategoryImportService } from './category-import.service.js';
import { DemoShopQueries } from './demo-shop.queries.js';
import { DemoShopService } from './demo-shop.service.js';
import { JobImportResolver, ImportsResolver } from './imports.resolver.js';
import { ProductExportService } from './product-export.service.js';
import { ProductImportJobs } from './product-import-jobs.service.js';
import { ProductImportService } from './product-import.service.js';
import { ProductWriter } from './product-writer.js';

/** Files in and out: products and categories, and the demo shop that is one of these files. */
@Module({
  imports: [UsersModule, CategoriesModule, StockModule, ProductsModule, PricingModule, JobsModule],
  providers: [
    DemoShopQueries,
    ProductWriter,
    ProductImportJobs,
    ImportsResolver,
    JobImportResolver,
    CategoryImportService,
    ProductImportService,
    ProductExportService,
    DemoShopService,
  ],
  exports: [CategoryImportService, ProductImportService, ProductExportService, DemoShopService],
})
export class ImportsModule {}
