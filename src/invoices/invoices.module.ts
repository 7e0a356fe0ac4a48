import { Module } from '@nestjs/common';
import { OrdersModule } from '../orders/orders.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { ProductsModule } from '../products/products.module.js';
import { OrderImportService } from './order-import.service.js';
import { OrderReturnsWriter } from './order-returns-writer.js';
import { OrderWriter } from './order-writer.js';

/** Orders of another system, from files of invoices with all their dirt. */
@Module({
  imports: [ProductsModule, PaymentsModule, OrdersModule],
  providers: [OrderWriter, OrderReturnsWriter, OrderImportService],
  exports: [OrderImportService],
})
export class InvoicesModule {}
