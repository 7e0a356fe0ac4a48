import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { ProductSnapshot } from '../products/products.events.js';
import { couponCode } from '../promotions/coupon-code.rules.js';
import type { PromotionRule } from '../promotions/discount.rules.js';
import type { SellableOffer, Offer } from './offer.type.js';
import { OffersQueries } from './offers.queries.js';
import { OfferGone } from './offers.errors.js';
import {
  CouponProblem,
  type Quote,
  type QuoteTerms,
  type QuoteWish,
  type QuotedShipping,
  type WantedLine,
} from './quote.type.js';
import { shippingPrice } from './shipping.rules.js';
import { TermsQueries, type PossiblePromotion, type Terms } from './terms.queries.js';
import { totalsOf, type PriceableLine, type Totals } from './totals.rules.js';

const NO_TERMS: Terms = { promotions: [], tax: null, shippingMethods: [] };

/** The one place where goods, promotions, shipping and tax become a price; carts and orders ask the same. */
@Injectable()
export class PricingService {
  constructor(
    private readonly offers: OffersQueries,
    private readonly terms: TermsQueries,
  ) {}

  /** What the lines cost now. Two statements. */
  async quote(db: Db, lines: readonly WantedLine[], terms: QuoteTerms): Promise<Quote> {
    const [quote] = await this.quotes(db, [{ lines, terms }]);
    if (!quote || quote instanceof Error) throw quote ?? new Error('A quote that was asked for did not come.');
    return quote;
  }

  /** What several carts cost, in their order: two statements for all. An error in the place of one fails that one alone. */
  async quotes(db: Db, wishes: readonly QuoteWish[]): Promise<(Quote | Error)[]> {
    const ids = new Set(wishes.flatMap(({ lines }) => idsOf(lines)));
    const [found, terms] = await Promise.all([
      this.offers.offers(db, [...ids]),
      this.terms.terms(db, wishes.map(termsOf)),
    ]);
    return wishes.map((wish, index) => tried(() => priced(wish, found, terms[index] ?? NO_TERMS)));
  }

  /**
   * The same for one, with the products. Unless they are locked at once, others may change them until they are held.
   */
  async quoteToSell(tx: Tx, wish: QuoteWish, { locked }: { locked: boolean }): Promise<Quote<SellableOffer>> {
    const ids = idsOf(wish.lines);
    const [found, [terms = NO_TERMS]] = await Promise.all([
      locked ? this.offers.lock(tx, ids) : this.offers.sellable(tx, ids),
      this.terms.terms(tx, [termsOf(wish)]),
    ]);
    return priced(wish, found, terms);
  }

  /**
   * Locks the products of offers until the transaction ends, and answers the offers with the products as they are then.
   * @throws OfferGone when one was changed since it was read: make the price again
   */
  async hold(tx: Tx, offers: readonly SellableOffer[]): Promise<SellableOffer[]> {
    const ids = productsOf(offers).map(({ id }) => id);
    const held = new Map((await this.offers.hold(tx, ids)).map((product) => [product.id, product]));
    return offers.map((offer) => {
      const now = held.get(offer.productId);
      if (now?.version !== offer.product.version) throw new OfferGone();
      return { ...offer, product: { ...offer.product, inStock: now.inStock } };
    });
  }

  /** The same for offers of which nobody needs to know more: fails the transaction when one was changed since it was read. */
  holdSeen(tx: Tx, offers: readonly SellableOffer[]): Promise<void> {
    return this.offers.holdSeen(tx, productsOf(offers));
  }

  /** The products of variants, locked: for stock that comes back. Variants that are gone are left out. */
  lock(tx: Tx, variantIds: readonly string[]): Promise<SellableOffer[]> {
    return this.offers.lock(tx, variantIds);
  }
}

function productsOf(offers: readonly SellableOffer[]): ProductSnapshot[] {
  return [...new Map(offers.map(({ productId, product }) => [productId, product])).values()];
}

/** Prices lines with what was read for them. */
function priced<O extends Offer>({ lines, terms }: QuoteWish, found: readonly O[], given: Terms): Quote<O> {
  // One that is entered twice, in whatever spelling, is one.
  const codes = [...new Set(terms.coupons.map(couponCode))];
  const byVariant = new Map(found.map((offer) => [offer.variantId, offer]));
  const offers = lines.map(({ variantId }) => byVariant.get(variantId) ?? null);
  const goods = lines.flatMap(({ quantity }, index) => {
    const offer = offers[index];
    return offer?.forSale ? [priceable(offer, quantity)] : [];
  });
  const method = given.shippingMethods.find(({ code }) => code === terms.shippingMethod) ?? null;
  const promotions = applicable(given.promotions, codes);
  const totals = totalsOf({ lines: goods, promotions, shipping: method, tax: given.tax });
  const applied = new Set(totals.applied.map(({ promotionId }) => promotionId));
  return {
    offers,
    totals,
    promotions: promotions.filter(({ id }) => applied.has(id)),
    coupons: codes.map((code) => ({ code, problem: problemOf(code, given.promotions, applied) })),
    shippingMethods: priceList(given, goods, totals),
  };
}

/** An amount that is too large to be counted exactly is the fault of one cart, not of those beside it. */
function tried<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function termsOf({ terms }: QuoteWish): QuoteTerms {
  return { ...terms, coupons: terms.coupons.map(couponCode) };
}

function idsOf(lines: readonly WantedLine[]): string[] {
  return lines.map(({ variantId }) => variantId);
}

function priceable({ priceMinor, ...offer }: Offer, quantity: number): PriceableLine {
  return { ...offer, unitPriceMinor: priceMinor, quantity };
}

/** Automatic promotions first, then those of the coupons in the order in which they were entered. */
function applicable(promotions: readonly PossiblePromotion[], codes: readonly string[]): PromotionRule[] {
  const usable = promotions.filter(({ current, usedUp }) => current && !usedUp);
  const automatic = usable.filter(({ code }) => code === null);
  const entered = codes.flatMap((code) => usable.filter((promotion) => promotion.code === code));
  return [...automatic, ...entered];
}

function problemOf(
  code: string,
  promotions: readonly PossiblePromotion[],
  applied: ReadonlySet<string>,
): CouponProblem | null {
  const promotion = promotions.find((possible) => possible.code === code);
  if (!promotion) return CouponProblem.INVALID;
  if (!promotion.current) return CouponProblem.EXPIRED;
  if (promotion.usedUp) return CouponProblem.USED_UP;
  return applied.has(promotion.id) ? null : CouponProblem.NOT_APPLICABLE;
}

function priceList({ shippingMethods }: Terms, goods: readonly PriceableLine[], totals: Totals): QuotedShipping[] {
  const goodsMinor = totals.subtotalMinor - totals.discountMinor;
  const weightGrams = goods.reduce((sum, line) => sum + line.weightGrams * line.quantity, 0);
  return shippingMethods.flatMap((method) => {
    const priceMinor = shippingPrice(method, { goodsMinor, weightGrams });
    return priceMinor === null ? [] : [{ method, priceMinor }];
  });
}
