import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Planner } from '../plans/planner.service.js';
import { ManualProvider } from './manual.provider.js';
import { PaymentCalls } from './payment-calls.service.js';
import { PaymentOutcomes } from './payment-outcomes.service.js';
import { PaymentOwnership } from './payment-owner.service.js';
import { ALL_PROVIDERS, PaymentProviders } from './payment-providers.service.js';
import type { PaymentProvider } from './payment-provider.js';
import { PaymentWorker } from './payment-worker.js';
import { ORDER_PAYMENTS, PAYMENT_ACTION, paymentShape, refundShape, shopPayments } from './payment.shape.js';
import { PaymentsBulk } from './payments.bulk.js';
import { PaymentsByOrder, RefundsByOrder } from './payments.loaders.js';
import { PaymentsQueries } from './payments.queries.js';
import { PaymentsResolver, RefundsResolver } from './payments.resolver.js';
import { PaymentsService } from './payments.service.js';
import { RefundsQueries } from './refunds.queries.js';
import { SandboxCourier, SandboxProvider } from './sandbox.provider.js';
import { ShopPaymentsResolver } from './shop-payments.resolver.js';

/** Every way to collect money that the shop knows. Which of them it offers is a setting. */
const PROVIDERS = [ManualProvider, SandboxProvider];

/** The money of orders: collected, captured and given back by providers. */
@Module({
  providers: [
    ...PROVIDERS,
    { provide: ALL_PROVIDERS, useFactory: (...all: PaymentProvider[]) => all, inject: PROVIDERS },
    PaymentOwnership,
    PaymentProviders,
    PaymentsQueries,
    PaymentsBulk,
    RefundsQueries,
    PaymentOutcomes,
    PaymentCalls,
    PaymentWorker,
    PaymentsService,
    SandboxCourier,
    PaymentsByOrder,
    RefundsByOrder,
    PaymentsResolver,
    RefundsResolver,
    ShopPaymentsResolver,
  ],
  exports: [PaymentsService, PaymentOwnership, PaymentsByOrder, RefundsByOrder, PaymentsBulk],
})
export class PaymentsModule {
  constructor(planner: Planner, { shopCurrency }: Config, payments: PaymentsService) {
    planner.register({ Order: ORDER_PAYMENTS, Shop: shopPayments(payments.offered()) });
    planner.register({ Payment: paymentShape(shopCurrency), PaymentAction: PAYMENT_ACTION });
    planner.register({ Refund: refundShape(shopCurrency) });
  }
}
