import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import { currentIdempotencyKey } from '../database/once.js';
import { OrderBook } from '../orders/order-book.service.js';
import { OrderState } from '../orders/order-states.rules.js';
import type { OrderRow } from '../orders/order.type.js';
import { PaymentsService } from '../payments/payments.service.js';
import type { PaymentRow } from '../payments/payment.type.js';
import { PromotionsService } from '../promotions/promotions.service.js';
import { Incomplete } from './checkout.errors.js';
import { newOrder } from './new-order.rules.js';
import { payable } from './order-payments.service.js';
import { customerOf } from './order-request.rules.js';
import { OrderSources } from './order-source.service.js';
import type { PlaceOrderInput } from './place-order.inputs.js';
import { SaleService } from './sale.service.js';

/** An order that was placed, and the payment that it began with. */
export interface PlacedOrder {
  order: OrderRow;
  /** `null` when there is nothing to pay, or the order was placed before. */
  payment: PaymentRow | null;
}

/** The one transaction in which an order comes to be: all of it or nothing. */
@Injectable()
export class PlacingService {
  constructor(
    private readonly config: Config,
    private readonly sources: OrderSources,
    private readonly sale: SaleService,
    private readonly orders: OrderBook,
    private readonly promotions: PromotionsService,
    private readonly payments: PaymentsService,
  ) {}

  /** @throws PromotionGone when an automatic promotion of the price was used up meanwhile; every refusal of an order */
  async place(tx: Tx, input: PlaceOrderInput, viewer: Viewer | null): Promise<PlacedOrder> {
    const source = await this.sources.of(tx, input, viewer);
    if (source.request === null) return { order: await this.orders.read(tx, source.placedId), payment: null };
    const { request, id, cartId } = source;
    const viewerId = viewer?.id ?? null;
    const quote = await this.sale.quote(tx, request, { viewerId, expectedTotal: input.expectedTotal });
    const free = quote.totals.totalMinor === 0;
    const provider = free ? null : this.providerOf(input);
    const order = await this.orders.write(
      tx,
      newOrder({
        request,
        quote,
        id,
        cartId,
        customerId: viewerId,
        currency: this.config.shopCurrency,
        state: free ? OrderState.PAID : OrderState.PENDING_PAYMENT,
        onAccount: provider?.onAccount ?? false,
      }),
    );
    const stockEvents = await this.sale.takeUnits(tx, order, request, quote);
    const customer = customerOf(viewerId, request.email);
    await this.promotions.redeem(tx, { orderId: order.id, customer, promotions: quote.promotions });
    const start = { token: input.payment?.token ?? null, idempotencyKey: currentIdempotencyKey() };
    const payment = provider
      ? await this.payments.open(tx, { order: payable(order), provider: provider.name, ...start })
      : null;
    await this.orders.placed(tx, order, stockEvents);
    return { order, payment };
  }

  private providerOf({ payment }: PlaceOrderInput): { name: string; onAccount: boolean } {
    if (!payment) throw new Incomplete('payment', 'a payment method');
    return this.payments.provider(payment.method);
  }
}
