import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { CouponLimits } from '../carts/coupon-limits.service.js';
import { NewCarts } from '../carts/new-carts.service.js';
import { Database } from '../database/database.js';
import { isInsistence, violatedConstraint } from '../database/pg-error.js';
import { OrderBook } from '../orders/order-book.service.js';
import type { OrderRow } from '../orders/order.type.js';
import type { PaymentRow } from '../payments/payment.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { OfferGone } from '../pricing/offers.errors.js';
import { PaymentsService } from '../payments/payments.service.js';
import { Unavailable } from '../errors/request-errors.js';
import { PromotionGone } from '../promotions/promotions.errors.js';
import { refuseMixture } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';
import { PlacingService, type PlacedOrder } from './placing.service.js';

const ATTEMPTS = 3;
/** What a variant violates that is deleted between the reading of its price and the order. */
const GOODS_GONE = ['order_lines_variant_id_fkey', 'order_lines_product_id_fkey'];

/** A placed order with what it sold, as far as that is known to be so still. */
export interface Purchase extends PlacedOrder {
  sold: readonly SellableOffer[];
}

/** Turns what somebody wants into an order, and starts its payment. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly database: Database,
    private readonly newCarts: NewCarts,
    private readonly couponLimits: CouponLimits,
    private readonly placing: PlacingService,
    private readonly orders: OrderBook,
    private readonly payments: PaymentsService,
  ) {}

  /**
   * Places an order in one transaction. A provider that must be asked for the money is asked behind the commit.
   * @param address of the client
   * @throws every refusal of the room, of carts, stock, promotions and payments; RateLimited, BadUserInput
   */
  async place(input: PlaceOrderInput, viewer: Viewer | null, address: string): Promise<Purchase> {
    refuseMixture(input);
    const placed = await this.limited(input, { viewer, address }, () => this.placeAtThePriceOfNow(input, viewer));
    const { order, payment } = placed;
    if (!payment || order.onAccount) return placed;
    return { ...(await this.begun(order, payment)), sold: [] };
  }

  // The order stands. When the database has gone in this moment, the worker asks for the money later.
  private async begun(order: OrderRow, payment: PaymentRow): Promise<PlacedOrder> {
    try {
      const begun = await this.payments.begin(payment);
      return { order: await this.orders.read(this.database, order.id), payment: begun };
    } catch (error) {
      if (error instanceof Unavailable) return { order, payment };
      throw error;
    }
  }

  /** Orders of guests without a cart are counted like new carts, refused coupons like those of carts. */
  private limited<T>(
    { cartId, coupons }: PlaceOrderInput,
    { viewer, address }: { viewer: Viewer | null; address: string },
    work: () => Promise<T>,
  ): Promise<T> {
    const entering = coupons?.length ? () => this.couponLimits.entering(address, work) : work;
    return viewer || cartId ? entering() : this.newCarts.making(address, entering);
  }

  // An automatic promotion that others have used up meanwhile is no fault of the customer, and no more is a product that was
  // just being changed: the price is made again, and then nobody can change the products.
  private async placeAtThePriceOfNow(input: PlaceOrderInput, viewer: Viewer | null): Promise<Purchase> {
    let sold: readonly SellableOffer[] = [];
    const tell = (offers: readonly SellableOffer[]): void => void (sold = offers);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const locked = attempt > 1;
        const placing = { viewer, locked, sold: tell };
        const placed = await this.database.transaction((tx) => this.placing.place(tx, input, placing));
        return { ...placed, sold };
      } catch (error) {
        if (!isOutdated(error)) throw error;
        if (attempt === ATTEMPTS) throw new Unavailable('Prices are changing right now. Try again in a moment.');
      }
    }
  }
}

/** Whether the price was made of what is not so any more. */
function isOutdated(error: unknown): boolean {
  if (error instanceof PromotionGone || error instanceof OfferGone) return true;
  return isInsistence(error) || GOODS_GONE.includes(violatedConstraint(error) ?? '');
}
