import type { PromotionRule } from '../promotions/discount.rules.js';
import type { ShippingRule } from './shipping.rules.js';
import type { Totals } from './totals.rules.js';
import type { Offer } from './offer.type.js';

/** How many of which variant. */
export interface WantedLine {
  variantId: string;
  quantity: number;
}

/** What a price depends on beside the goods. */
export interface QuoteTerms {
  /** ISO 3166-1 alpha-2; `null` while unknown. */
  country: string | null;
  shippingMethod: string | null;
  /** Codes as they were entered. */
  coupons: readonly string[];
  /** Who buys, for limits per customer: an account's id, or a guest's address in lower case; `null` while unknown. */
  customer: string | null;
}

/** What shall be priced. */
export interface QuoteWish {
  lines: readonly WantedLine[];
  terms: QuoteTerms;
}

/** Why a coupon gives nothing. */
export enum CouponProblem {
  INVALID = 'INVALID',
  EXPIRED = 'EXPIRED',
  USED_UP = 'USED_UP',
  NOT_APPLICABLE = 'NOT_APPLICABLE',
}

/** A coupon of a cart: the promotion behind it, or why it gives nothing. */
export interface QuotedCoupon {
  code: string;
  problem: CouponProblem | null;
}

/** A way to deliver that can be chosen, and its price for these goods. */
export interface QuotedShipping {
  method: ShippingRule;
  /** Minor units, before free shipping. */
  priceMinor: number;
}

/** The price of a cart or order, made in one place for both. */
export interface Quote<O extends Offer = Offer> {
  /** In the order of the wanted lines; `null` where a variant is gone. */
  offers: (O | null)[];
  /** Of the lines that are for sale, in their order. */
  totals: Totals;
  coupons: QuotedCoupon[];
  /** Promotions that took something off, or made shipping free. */
  promotions: PromotionRule[];
  shippingMethods: QuotedShipping[];
}
