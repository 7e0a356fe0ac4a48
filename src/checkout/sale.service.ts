import { Injectable } from '@nestjs/common';
import { CouponRefused, NotForSale, ShippingUnavailable, UnknownVariant } from '../carts/carts.errors.js';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import type { NewEvent } from '../events/event.js';
import { isReserved } from '../orders/order-states.rules.js';
import type { NewOrder } from '../orders/new-order.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { PricingService } from '../pricing/pricing.service.js';
import { CouponProblem, type Quote } from '../pricing/quote.type.js';
import { priceMinor } from '../products/price.rules.js';
import { VariantsService } from '../products/variants.service.js';
import { ReservationsService } from '../stock/reservations.service.js';
import { OutOfStock } from '../stock/stock.errors.js';
import type { StockChange } from '../stock/stock.type.js';
import { PriceChanged } from './checkout.errors.js';
import { quoteTerms, type OrderRequest } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

/** What is sold, and for how much. */
export type SaleQuote = Quote<SellableOffer>;

/** How the price of an order is made. */
interface QuoteOptions extends Pick<PlaceOrderInput, 'expectedTotal'> {
  viewerId: string | null;
  /** Lock the products at once; else they are held when the units are taken. */
  locked: boolean;
}

/** Checks prices and takes units. */
@Injectable()
export class SaleService {
  constructor(
    private readonly config: Config,
    private readonly pricing: PricingService,
    private readonly reservations: ReservationsService,
    private readonly variants: VariantsService,
  ) {}

  /**
   * What the request costs now, as the customer may have it.
   * @throws UnknownVariant, NotForSale, CouponRefused, ShippingUnavailable, PriceChanged, CurrencyMismatch, BadUserInput
   */
  async quote(tx: Tx, request: OrderRequest, { viewerId, expectedTotal, locked }: QuoteOptions): Promise<SaleQuote> {
    const wish = { lines: request.lines, terms: quoteTerms(request, viewerId) };
    const quote = await this.pricing.quoteToSell(tx, wish, { locked });
    refuseLines(request, quote);
    refuseTerms(request, quote);
    const { totalMinor } = quote.totals;
    const currency = this.config.shopCurrency;
    const expected = expectedTotal && priceMinor(expectedTotal, currency, ['input', 'expectedTotal']);
    if (expected != null && expected !== totalMinor) throw new PriceChanged(totalMinor, currency);
    return quote;
  }

  /** Refuses an order of more than was there when its price was made, before anything is written. @throws OutOfStock */
  refuseShortage({ lines }: OrderRequest, { offers }: SaleQuote): void {
    for (const [index, line] of lines.entries()) {
      const { available, sku } = offers[index] ?? { available: 0 };
      if (available < line.quantity) throw new OutOfStock(available, { ...line, sku });
    }
  }

  /** Locks the products of a quote until the transaction ends. Answers their offers as they are then. @throws OfferGone */
  hold(tx: Tx, { offers }: SaleQuote): Promise<SellableOffer[]> {
    return this.pricing.hold(
      tx,
      offers.filter((offer) => offer !== null),
    );
  }

  /** Takes the units of an order, or keeps them while its payment is awaited. The products are locked. @throws OutOfStock */
  takeUnits(tx: Tx, order: NewOrder, { lines }: OrderRequest, { offers }: SaleQuote): Promise<StockChange[]> {
    const wanted = lines.map((line, index) => ({ ...line, sku: offers[index]?.sku ?? '' }));
    return isReserved(order)
      ? this.reservations.reserve(tx, order.id, wanted)
      : this.reservations.take(tx, order.id, wanted);
  }

  /** Whether more units were there of everything than are wanted, so that some will be left. */
  isPlenty({ lines }: OrderRequest, { offers }: SaleQuote): boolean {
    return lines.every((line, index) => (offers[index]?.available ?? 0) > line.quantity);
  }

  /**
   * Locks the products of a quote and takes or keeps the units of an order, together with whatever is asked for at the same
   * time: the transaction fails when a product has changed since the quote was made, or no units would be left of one.
   */
  async sellPlenty(tx: Tx, order: NewOrder, { lines }: OrderRequest, { offers }: SaleQuote): Promise<void> {
    const found = offers.filter((offer) => offer !== null);
    await Promise.all([
      this.pricing.holdSeen(tx, found),
      isReserved(order)
        ? this.reservations.reservePlenty(tx, order.id, lines)
        : this.reservations.takePlenty(tx, order.id, lines),
    ]);
  }

  /** What watchers of products are told of units that `sellPlenty` takes. */
  plentyTold({ lines }: OrderRequest, { offers }: SaleQuote): ReturnType<VariantsService['plentyTaken']> {
    const taken = lines.flatMap(({ quantity }, index) => {
      const offer = offers[index];
      return offer ? [{ ...offer, quantity }] : [];
    });
    return this.variants.plentyTaken(taken);
  }

  /** What watchers of products are told of units that were taken. */
  stockEvents(tx: Tx, changes: readonly StockChange[], offers: readonly SellableOffer[]): Promise<NewEvent[]> {
    return this.variants.stockEvents(tx, changes, offers);
  }
}

function refuseLines({ lines }: OrderRequest, { offers }: SaleQuote): void {
  for (const [index, { field }] of lines.entries()) {
    const offer = offers[index];
    if (!offer) throw new UnknownVariant(field);
    if (!offer.forSale) throw new NotForSale(field, offer.sku);
  }
}

function refuseTerms({ shippingMethod }: OrderRequest, { coupons, shippingMethods }: SaleQuote): void {
  for (const { problem } of coupons) {
    // One that does not apply to these goods was shown as such; on the others the customer counts.
    if (problem && problem !== CouponProblem.NOT_APPLICABLE) throw new CouponRefused(problem, 'coupons');
  }
  if (!shippingMethods.some(({ method }) => method.code === shippingMethod)) {
    throw new ShippingUnavailable('shippingMethod');
  }
}
