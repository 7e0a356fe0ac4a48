import type { AppliedDiscount, DiscountableLine, PromotionRule } from '../promotions/discount.rules.js';

/** How a product is taxed. */
export enum TaxClass {
  STANDARD = 'STANDARD',
  REDUCED = 'REDUCED',
  ZERO = 'ZERO',
}

/** The tax of one country. Rates in basis points: 2,000 is 20 %. */
export interface TaxRule {
  name: string;
  /** Whether catalogue prices hold the tax already, or it is added to them. */
  pricesIncludeTax: boolean;
  standardBp: number;
  reducedBp: number;
}

/** A step of a shipping method's price. */
export interface ShippingBand {
  /** Minor units of goods after discounts, or grams; inclusive. */
  from: number;
  /** Minor units; `null` when the method does not carry this much. */
  priceMinor: number | null;
}

/** A way to deliver, with its price list. */
export interface ShippingRule {
  code: string;
  name: string;
  basis: 'PRICE' | 'WEIGHT';
  /** Ascending, the first from 0. */
  bands: readonly ShippingBand[];
}

/** A line to be priced. */
export interface PriceableLine extends Omit<DiscountableLine, 'subtotalMinor'> {
  unitPriceMinor: number;
  quantity: number;
  /** Of one unit. */
  weightGrams: number;
  taxClass: TaxClass;
}

/** What an amount depends on. */
export interface TotalsRequest {
  lines: readonly PriceableLine[];
  /** In the order in which they apply. */
  promotions: readonly PromotionRule[];
  /** `null` while none is chosen: shipping is 0 then. */
  shipping: ShippingRule | null;
  /** `null` when the country taxes nothing. */
  tax: TaxRule | null;
}

/** One line's part of the totals, in minor units. */
export interface LineTotals {
  subtotalMinor: number;
  discountMinor: number;
  /** Subtotal less discount. */
  totalMinor: number;
  taxBp: number;
  /** Contained in the total, or to be added to it. */
  taxMinor: number;
}

/** What a cart or order costs, in minor units. */
export interface Totals {
  /** In the order of the lines. */
  lines: LineTotals[];
  subtotalMinor: number;
  discountMinor: number;
  /** After free shipping. */
  shippingMinor: number;
  /** Of goods and shipping. */
  taxMinor: number;
  taxIncluded: boolean;
  /** Subtotal less discount plus shipping, plus the tax unless it is included. */
  totalMinor: number;
  applied: AppliedDiscount[];
  /** The chosen method does not carry this. */
  shippingUnavailable: boolean;
}
