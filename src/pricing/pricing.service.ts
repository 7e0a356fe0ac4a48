import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { PromotionRule } from '../promotions/discount.rules.js';
import type { LockedOffer, Offer } from './offer.type.js';
import { OffersQueries } from './offers.queries.js';
import { CouponProblem, type Quote, type QuoteTerms, type QuotedShipping, type WantedLine } from './quote.type.js';
import { shippingPrice } from './shipping.rules.js';
import { TermsQueries, type PossiblePromotion, type Terms } from './terms.queries.js';
import { totalsOf, type PriceableLine, type Totals } from './totals.rules.js';

/** The one place where goods, promotions, shipping and tax become a price; carts and orders ask the same. */
@Injectable()
export class PricingService {
  constructor(
    private readonly offers: OffersQueries,
    private readonly terms: TermsQueries,
  ) {}

  /** What the lines cost now. Two statements. */
  async quote(db: Db, lines: readonly WantedLine[], terms: QuoteTerms): Promise<Quote> {
    return this.priced(db, lines, terms, await this.offers.offers(db, idsOf(lines)));
  }

  /** The same with the products locked: neither prices nor stock change until the transaction ends. */
  async quoteToSell(tx: Tx, lines: readonly WantedLine[], terms: QuoteTerms): Promise<Quote<LockedOffer>> {
    return this.priced(tx, lines, terms, await this.offers.lock(tx, idsOf(lines)));
  }

  /** The products of variants, locked: for stock that comes back. Variants that are gone are left out. */
  lock(tx: Tx, variantIds: readonly string[]): Promise<LockedOffer[]> {
    return this.offers.lock(tx, variantIds);
  }

  private async priced<O extends Offer>(
    db: Db,
    lines: readonly WantedLine[],
    terms: QuoteTerms,
    found: readonly O[],
  ): Promise<Quote<O>> {
    const codes = terms.coupons.map(couponCode);
    const given = await this.terms.terms(db, terms, codes);
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
}

/** A coupon's code as it is stored: upper or lower case and spaces around it make no difference. */
export function couponCode(entered: string): string {
  return entered.trim().toUpperCase();
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
