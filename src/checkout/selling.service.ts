import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import { currentIdempotencyKey } from '../database/once.js';
import type { NewOrder } from '../orders/new-order.type.js';
import { OrderBook } from '../orders/order-book.service.js';
import type { OrderRow } from '../orders/order.type.js';
import { PaymentsService, type PaymentWish } from '../payments/payments.service.js';
import type { PaymentRow } from '../payments/payment.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { PromotionsService } from '../promotions/promotions.service.js';
import type { StockChange } from '../stock/stock.type.js';
import type { OrderRequest } from './order-request.rules.js';
import { SaleService, type SaleQuote } from './sale.service.js';

/** An order that is about to be written, and what belongs to it. */
export interface Deal {
  draft: NewOrder;
  request: OrderRequest;
  quote: SaleQuote;
  /** For limits of promotions. */
  customer: string;
  /** `null` when there is nothing to pay. */
  payment: PaymentWish | null;
  /** The products are locked already. */
  locked: boolean;
}

/** An order that was written. */
export interface SoldOrder {
  order: OrderRow;
  payment: PaymentRow | null;
  /** What was sold, as far as its products are still as they were. */
  sold: readonly SellableOffer[];
}

/** Writes an order with all that comes with it: the products locked first, since who changes or deletes a variant locks them too. */
@Injectable()
export class SellingService {
  constructor(
    private readonly sale: SaleService,
    private readonly orders: OrderBook,
    private readonly promotions: PromotionsService,
    private readonly payments: PaymentsService,
  ) {}

  /** @throws OfferGone, PromotionGone, or what `isInsistence` knows, when it has to be done again; OutOfStock, CouponUsedUp */
  sell(tx: Tx, deal: Deal): Promise<SoldOrder> {
    return this.isSimple(deal) ? this.inOneGo(tx, deal) : this.inSteps(tx, deal);
  }

  // What depends on the answers of statements needs steps: a kept answer, uses of promotions, products that are sold out.
  private isSimple({ request, quote, locked }: Deal): boolean {
    const isPlain = !locked && quote.promotions.length === 0 && currentIdempotencyKey() === null;
    return isPlain && this.sale.isPlenty(request, quote);
  }

  /** One round trip with the end of the transaction, so that others wait for these products as short as can be. */
  private async inOneGo(tx: Tx, { draft, request, quote, payment: wish }: Deal): Promise<SoldOrder> {
    const order = orderOf(draft);
    const { events, completion } = this.sale.plentyTold(request, quote);
    const [, , payment] = await Promise.all([
      this.sale.sellPlenty(tx, draft, request, quote),
      this.orders.write(tx, draft),
      wish && this.payments.open(tx, wish),
      this.orders.placed(tx, order, events, completion),
      tx.end(),
    ]);
    const sold = quote.offers.filter((offer) => offer !== null);
    return { order, payment, sold: sold.map(inStock) };
  }

  private async inSteps(tx: Tx, { draft, request, quote, customer, payment: wish }: Deal): Promise<SoldOrder> {
    const order = orderOf(draft);
    const [offers, , changes, payment] = await Promise.all([
      this.sale.hold(tx, quote),
      this.orders.write(tx, draft),
      this.sale.takeUnits(tx, draft, request, quote),
      wish && this.payments.open(tx, wish),
    ]);
    await this.promotions.redeem(tx, { orderId: order.id, customer, promotions: quote.promotions });
    await this.orders.placed(tx, order, await this.sale.stockEvents(tx, changes, offers));
    return { order, payment, sold: stillSo(offers, changes) };
  }
}

function orderOf(draft: NewOrder): OrderRow {
  const { cartId: _, ...order } = draft;
  return order;
}

function inStock(offer: SellableOffer): SellableOffer {
  return { ...offer, product: { ...offer.product, inStock: true } };
}

/** The offers whose products are as they were held: the order has not taken the last units of one of their variants. */
function stillSo(offers: readonly SellableOffer[], changes: readonly StockChange[]): SellableOffer[] {
  const emptied = new Set(
    changes.filter(({ availableAfter }) => availableAfter <= 0).map(({ variantId }) => variantId),
  );
  const turned = new Set(offers.filter(({ variantId }) => emptied.has(variantId)).map(({ productId }) => productId));
  return offers.filter(({ productId }) => !turned.has(productId));
}
