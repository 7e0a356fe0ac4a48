import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import { currentIdempotencyKey } from '../database/once.js';
import { OrderBook } from '../orders/order-book.service.js';
import { OrderState } from '../orders/order-states.rules.js';
import type { OrderRow } from '../orders/order.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { PaymentsService } from '../payments/payments.service.js';
import type { PaymentRow } from '../payments/payment.type.js';
import { Incomplete } from './checkout.errors.js';
import { newOrder } from './new-order.rules.js';
import { payable } from './order-payments.service.js';
import { customerOf } from './order-request.rules.js';
import { OrderSources } from './order-source.service.js';
import type { PlaceOrderInput } from './place-order.inputs.js';
import { SaleService } from './sale.service.js';
import { SellingService } from './selling.service.js';

/** An order that was placed, and the payment that it began with. */
export interface PlacedOrder {
  order: OrderRow;
  /** `null` when there is nothing to pay, or the order was placed before. */
  payment: PaymentRow | null;
}

/** Who places an order, and how. */
export interface Placing {
  viewer: Viewer | null;
  /** Lock the products before their prices are read, so that nobody can change them meanwhile. */
  locked: boolean;
  /** Told what was sold as it is then, unless it was ordered before. No part of the answer, which is kept for repetitions. */
  sold: (offers: readonly SellableOffer[]) => void;
}

/** The one transaction in which an order comes to be: all of it or nothing. */
@Injectable()
export class PlacingService {
  constructor(
    private readonly config: Config,
    private readonly sources: OrderSources,
    private readonly sale: SaleService,
    private readonly orders: OrderBook,
    private readonly selling: SellingService,
    private readonly payments: PaymentsService,
  ) {}

  /**
   * @throws PromotionGone when an automatic promotion of the price was used up meanwhile; every refusal of an order
   * @throws OfferGone, or what `isInsistence` knows, when a product has changed meanwhile or is nearly sold out, which cannot be
   * when the products are `locked` at once
   */
  async place(tx: Tx, input: PlaceOrderInput, { viewer, locked, sold }: Placing): Promise<PlacedOrder> {
    const source = await this.sources.of(tx, input, viewer);
    if (source.request === null) return { order: await this.orders.read(tx, source.placedId), payment: null };
    const { request, cartId } = source;
    const viewerId = viewer?.id ?? null;
    const [quote, names] = await Promise.all([
      this.sale.quote(tx, request, { viewerId, expectedTotal: input.expectedTotal, locked }),
      this.orders.newNames(tx, request.lines.length),
    ]);
    const free = quote.totals.totalMinor === 0;
    const provider = free ? null : this.providerOf(input);
    const draft = newOrder({
      names: { ...names, id: source.id ?? names.id },
      request,
      quote,
      cartId,
      customerId: viewerId,
      currency: this.config.shopCurrency,
      state: free ? OrderState.PAID : OrderState.PENDING_PAYMENT,
      onAccount: provider?.onAccount ?? false,
    });
    this.sale.refuseShortage(request, quote);
    const start = { token: input.payment?.token ?? null, idempotencyKey: currentIdempotencyKey() };
    const payment = provider && { order: payable(draft), provider: provider.name, ...start };
    const deal = { draft, request, quote, customer: customerOf(viewerId, request.email), payment, locked };
    const { sold: offers, ...placed } = await this.selling.sell(tx, deal);
    tx.afterCommit(() => sold(offers));
    return placed;
  }

  private providerOf({ payment }: PlaceOrderInput): { name: string; onAccount: boolean } {
    if (!payment) throw new Incomplete('payment', 'a payment method');
    return this.payments.provider(payment.method);
  }
}
