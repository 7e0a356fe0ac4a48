import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import { succeeded } from '../graphql/payload.js';
import { priceMinor } from '../products/price.rules.js';
import { OrderPayments } from './order-payments.service.js';
import { CapturePaymentInput, StartPaymentInput } from './payment.inputs.js';
import { CapturePaymentPayload, StartPaymentPayload } from './payment.payloads.js';

@Resolver()
export class OrderPaymentsResolver {
  constructor(
    private readonly config: Config,
    private readonly payments: OrderPayments,
  ) {}

  @Public()
  @Mutation(() => StartPaymentPayload, {
    description:
      'Starts a payment for an order that has none under way, such as after one was declined. Its customer, staff, or a guest by number and e-mail address. ' +
      'Refused with NOT_FOUND, ILLEGAL_TRANSITION, PAYMENT_ACTIVE, PAYMENT_METHOD_UNAVAILABLE.',
  })
  async startPayment(
    @Args('input', { description: 'The order, and how it is paid.' }) input: StartPaymentInput,
    @Context() { viewer }: ShopContext,
  ): Promise<StartPaymentPayload> {
    return succeeded(await this.payments.start(input, viewer));
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CapturePaymentPayload, {
    description:
      'Notes money that came for an order on account, or collects what was authorized. Staff only. ' +
      'Refused with NOT_FOUND, ILLEGAL_TRANSITION, AMOUNT_TOO_HIGH, CURRENCY_MISMATCH.',
  })
  async capturePayment(
    @Args('input', { description: 'How much came.' }) input: CapturePaymentInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CapturePaymentPayload> {
    const { orderId, amount } = input;
    const amountMinor = amount ? priceMinor(amount, this.config.shopCurrency, ['input', 'amount']) : null;
    return succeeded(await this.payments.capture(orderId, amountMinor, viewer));
  }
}
