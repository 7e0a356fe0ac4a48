import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import type { MoneyInput } from '../graphql/money.type.js';
import { succeeded } from '../graphql/payload.js';
import { priceMinor } from '../products/price.rules.js';
import { FulfillmentsService } from './fulfillments.service.js';
import { OrderChanges } from './order-changes.service.js';
import {
  CancelOrderInput,
  CapturePaymentInput,
  DeliverOrderInput,
  FulfillOrderInput,
  RefundOrderInput,
  ShipOrderInput,
  StartPaymentInput,
} from './order.inputs.js';
import { OrderPayments } from './order-payments.service.js';
import {
  CancelOrderPayload,
  CapturePaymentPayload,
  DeliverOrderPayload,
  FulfillOrderPayload,
  RefundOrderPayload,
  ShipOrderPayload,
  StartPaymentPayload,
} from './order.payloads.js';

@Resolver()
export class OrderChangesResolver {
  constructor(
    private readonly config: Config,
    private readonly changes: OrderChanges,
    private readonly parcels: FulfillmentsService,
    private readonly payments: OrderPayments,
  ) {}

  @Allow()
  @Mutation(() => CancelOrderPayload, {
    description:
      'Gives an order up: its units go back into stock, its money to the customer. Customers while the payment is awaited, staff until something is packed. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async cancelOrder(
    @Args('input', { description: 'Which one, and why.' }) input: CancelOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CancelOrderPayload> {
    return succeeded({ order: await this.changes.cancel(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => FulfillOrderPayload, {
    description:
      'Packs all or some units of an order into a parcel; with the last one the order is FULFILLED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION, AMOUNT_TOO_HIGH.',
  })
  async fulfillOrder(
    @Args('input', { description: 'What is packed.' }) input: FulfillOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<FulfillOrderPayload> {
    return succeeded({ order: await this.parcels.pack(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => ShipOrderPayload, {
    description:
      'Hands packed parcels to the carrier; with the last one the order is SHIPPED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async shipOrder(
    @Args('input', { description: 'What leaves.' }) input: ShipOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<ShipOrderPayload> {
    return succeeded({ order: await this.parcels.ship(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => DeliverOrderPayload, {
    description:
      'Notes that parcels have arrived; with the last one the order is DELIVERED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async deliverOrder(
    @Args('input', { description: 'What has arrived.' }) input: DeliverOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<DeliverOrderPayload> {
    return succeeded({ order: await this.parcels.deliver(input, viewer) });
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
    return succeeded({ order: await this.changes.refund(input, this.minorOf(input.amount), viewer) });
  }

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
    return succeeded(await this.payments.capture(input.orderId, this.minorOf(input.amount), viewer));
  }

  private minorOf(amount: MoneyInput | null | undefined): number | null {
    return amount ? priceMinor(amount, this.config.shopCurrency, ['input', 'amount']) : null;
  }
}
