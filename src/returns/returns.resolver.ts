import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { succeeded } from '../graphql/payload.js';
import { priceMinor } from '../products/price.rules.js';
import { CancelOrderInput, RefundOrderInput, RetryRefundInput } from './returns.inputs.js';
import { CancelOrderPayload, RefundOrderPayload, RetryRefundPayload } from './returns.payloads.js';
import { ReturnsService } from './returns.service.js';

@Resolver()
export class ReturnsResolver {
  constructor(
    private readonly config: Config,
    private readonly service: ReturnsService,
  ) {}

  @Allow()
  @Mutation(() => CancelOrderPayload, {
    description:
      'Gives an order up: its units go back into stock, its money to the customer. Customers while no money came and nothing is packed; staff until something is packed, on account also later while there is no money of it (all units come back then). ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async cancelOrder(
    @Args('input', { description: 'Which one, and why.' }) input: CancelOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CancelOrderPayload> {
    return succeeded({ order: await this.service.cancel(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => RefundOrderPayload, {
    description:
      'Gives money of an order back, all or some; with the last of it the order is REFUNDED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION, AMOUNT_TOO_HIGH, CURRENCY_MISMATCH.',
  })
  async refundOrder(
    @Args('input', { description: 'How much, and why.' }) input: RefundOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<RefundOrderPayload> {
    const { amount } = input;
    const amountMinor = amount ? priceMinor(amount, this.config.shopCurrency, ['input', 'amount']) : null;
    return succeeded({ order: await this.service.refund(input, amountMinor, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => RetryRefundPayload, {
    description:
      'Asks the provider once more for a refund that has failed, or that it never answered: look there first what became of it. Staff only. ' +
      'Refused with NOT_FOUND, ILLEGAL_TRANSITION.',
  })
  async retryRefund(
    @Args('input', { description: 'Which one.' }) input: RetryRefundInput,
  ): Promise<RetryRefundPayload> {
    return succeeded({ order: await this.service.retry(input.refundId) });
  }
}
