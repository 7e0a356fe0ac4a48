import { Injectable } from '@nestjs/common';
import { CouponRefused, NotForSale, ShippingUnavailable, UnknownVariant } from '../carts/carts.errors.js';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import type { NewEvent } from '../events/event.js';
import { isReserved } from '../orders/order-states.rules.js';
import type { OrderRow } from '../orders/order.type.js';
import type { LockedOffer } from '../pricing/offer.type.js';
import { PricingService } from '../pricing/pricing.service.js';
import { CouponProblem, type Quote } from '../pricing/quote.type.js';
import { priceMinor } from '../products/price.rules.js';
import { VariantsService } from '../products/variants.service.js';
import { ReservationsService } from '../stock/reservations.service.js';
import { PriceChanged } from './checkout.errors.js';
import { quoteTerms, type OrderRequest } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

/** What is sold, and for how much. */
export type SaleQuote = Quote<LockedOffer>;

/** Checks prices and takes units, with the products locked from the first step on. */
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
  async quote(
    tx: Tx,
    request: OrderRequest,
    { viewerId, expectedTotal }: { viewerId: string | null } & Pick<PlaceOrderInput, 'expectedTotal'>,
  ): Promise<SaleQuote> {
    const wish = { lines: request.lines, terms: quoteTerms(request, viewerId) };
    const quote = await this.pricing.quoteToSell(tx, wish);
    refuseLines(request, quote);
    refuseTerms(request, quote);
    const { totalMinor } = quote.totals;
    const currency = this.config.shopCurrency;
    const expected = expectedTotal && priceMinor(expectedTotal, currency, ['input', 'expectedTotal']);
    if (expected != null && expected !== totalMinor) throw new PriceChanged(totalMinor, currency);
    return quote;
  }

  /** Takes the units of an order, or keeps them while its payment is awaited. Answers what to tell. @throws OutOfStock */
  async takeUnits(tx: Tx, order: OrderRow, { lines }: OrderRequest, quote: SaleQuote): Promise<NewEvent[]> {
    const offers = quote.offers.filter((offer) => offer !== null);
    const wanted = lines.map((line, index) => ({ ...line, sku: quote.offers[index]?.sku ?? '' }));
    const changes = isReserved(order)
      ? await this.reservations.reserve(tx, order.id, wanted)
      : await this.reservations.take(tx, order.id, wanted);
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
