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
import { PromotionsService } from '../promotions/promotions.service.js';
import type { StockChange } from '../stock/stock.type.js';
import { Incomplete } from './checkout.errors.js';
import { newOrder } from './new-order.rules.js';
import { payableNow } from './order-payments.service.js';
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
    private readonly promotions: PromotionsService,
    private readonly payments: PaymentsService,
  ) {}

  /**
   * @throws PromotionGone when an automatic promotion of the price was used up meanwhile; every refusal of an order
   * @throws OfferGone when a product has changed meanwhile, which cannot be when the products are `locked` at once
   */
  async place(tx: Tx, input: PlaceOrderInput, { viewer, locked, sold }: Placing): Promise<PlacedOrder> {
    const source = await this.sources.of(tx, input, viewer);
    if (source.request === null) return { order: await this.orders.read(tx, source.placedId), payment: null };
    const { request, cartId } = source;
    const viewerId = viewer?.id ?? null;
    const [quote, id] = await Promise.all([
      this.sale.quote(tx, request, { viewerId, expectedTotal: input.expectedTotal, locked }),
      source.id ?? this.orders.newId(tx),
    ]);
    const free = quote.totals.totalMinor === 0;
    const provider = free ? null : this.providerOf(input);
    const { shopCurrency: currency } = this.config;
    const state = free ? OrderState.PAID : OrderState.PENDING_PAYMENT;
    const onAccount = provider?.onAccount ?? false;
    const draft = newOrder({ request, quote, id, cartId, customerId: viewerId, currency, state, onAccount });
    this.sale.refuseShortage(request, quote);
    const wish = {
      order: payableNow(draft),
      token: input.payment?.token ?? null,
      idempotencyKey: currentIdempotencyKey(),
    };
    // In one go, the products first: who changes or deletes one of their variants has locked it too.
    const [offers, order, changes, payment] = await Promise.all([
      this.sale.hold(tx, quote),
      this.orders.write(tx, draft),
      this.sale.takeUnits(tx, draft, request, quote),
      provider && this.payments.open(tx, { ...wish, provider: provider.name }),
    ]);
    const customer = customerOf(viewerId, request.email);
    await this.promotions.redeem(tx, { orderId: id, customer, promotions: quote.promotions });
    await this.orders.placed(tx, order, await this.sale.stockEvents(tx, changes, offers));
    tx.afterCommit(() => sold(stillSo(offers, changes)));
    return { order, payment };
  }

  private providerOf({ payment }: PlaceOrderInput): { name: string; onAccount: boolean } {
    if (!payment) throw new Incomplete('payment', 'a payment method');
    return this.payments.provider(payment.method);
  }
}

/** The offers whose products are as they were held: the order has not taken the last units of one of their variants. */
function stillSo(offers: readonly SellableOffer[], changes: readonly StockChange[]): SellableOffer[] {
  const emptied = new Set(
    changes.filter(({ availableAfter }) => availableAfter <= 0).map(({ variantId }) => variantId),
  );
  const turned = new Set(offers.filter(({ variantId }) => emptied.has(variantId)).map(({ productId }) => productId));
  return offers.filter(({ productId }) => !turned.has(productId));
}
