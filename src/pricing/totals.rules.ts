import { TaxClass } from '../products/tax-class.type.js';
import {
  discountsOf,
  type AppliedDiscount,
  type DiscountableLine,
  type PromotionRule,
} from '../promotions/discount.rules.js';
import { shippingPrice, type ShippingRule } from './shipping.rules.js';
import { TotalTooHigh } from './totals.errors.js';

/** The tax of one country. Rates in basis points: 2,000 is 20 %. */
export interface TaxRule {
  name: string;
  /** Whether catalogue prices hold the tax already, or it is added to them. */
  pricesIncludeTax: boolean;
  standardBp: number;
  reducedBp: number;
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
  /** `false` where nothing is taxed. */
  taxIncluded: boolean;
  /** Subtotal less discount plus shipping, plus the tax unless it is included. */
  totalMinor: number;
  applied: AppliedDiscount[];
  /** The chosen method does not carry this. */
  shippingUnavailable: boolean;
}

/**
 * What goods cost with promotions, shipping and tax. Tax is worked out for each line on its total, and for shipping at the
 * standard rate, each rounded half up to the minor unit; sums are sums of rounded lines.
 * @throws TotalTooHigh when an amount is above 2^53 - 1 minor units; all others are exact
 * @see docs/decisions/0014-totals.md
 */
export function totalsOf({ lines, promotions, shipping, tax }: TotalsRequest): Totals {
  const priced = lines.map((line) => ({ ...line, subtotalMinor: exact(line.unitPriceMinor * line.quantity) }));
  const subtotalMinor = sum(priced.map((line) => line.subtotalMinor));
  const { perLine, freeShipping, applied } = discountsOf(priced, promotions);
  const taxed = priced.map((line, index) => lineTotals(line, perLine[index] ?? 0, tax));
  const discountMinor = sum(taxed.map((line) => line.discountMinor));
  const weightGrams = priced.reduce((grams, line) => grams + line.weightGrams * line.quantity, 0);
  const price = shipping && shippingPrice(shipping, { goodsMinor: subtotalMinor - discountMinor, weightGrams });
  const shippingMinor = freeShipping ? 0 : (price ?? 0);
  const shippingTax = taxOf(shippingMinor, taxRateFor(tax, TaxClass.STANDARD), tax);
  const taxMinor = sum([...taxed.map((line) => line.taxMinor), shippingTax]);
  const taxIncluded = tax?.pricesIncludeTax ?? false;
  return {
    lines: taxed,
    subtotalMinor,
    discountMinor,
    shippingMinor,
    taxMinor,
    taxIncluded,
    totalMinor: sum([subtotalMinor - discountMinor, shippingMinor, taxIncluded ? 0 : taxMinor]),
    applied,
    shippingUnavailable: shipping !== null && price === null,
  };
}

/** Basis points of tax on goods of a class; 0 where nothing is taxed. */
export function taxRateFor(rule: TaxRule | null, taxClass: TaxClass): number {
  if (!rule || taxClass === TaxClass.ZERO) return 0;
  return taxClass === TaxClass.REDUCED ? rule.reducedBp : rule.standardBp;
}

function lineTotals(
  { subtotalMinor, taxClass }: DiscountableLine & PriceableLine,
  discountMinor: number,
  tax: TaxRule | null,
): LineTotals {
  const totalMinor = subtotalMinor - discountMinor;
  const taxBp = taxRateFor(tax, taxClass);
  return { subtotalMinor, discountMinor, totalMinor, taxBp, taxMinor: taxOf(totalMinor, taxBp, tax) };
}

/** Tax in an amount, or on top of it. The product of amount and rate is beyond what a JavaScript number holds exactly. */
function taxOf(amountMinor: number, rateBp: number, tax: TaxRule | null): number {
  const whole = 10_000n + (tax?.pricesIncludeTax ? BigInt(rateBp) : 0n);
  return Number((2n * BigInt(amountMinor) * BigInt(rateBp) + whole) / (2n * whole));
}

function sum(amounts: readonly number[]): number {
  return exact(amounts.reduce((total, amount) => total + amount, 0));
}

// A float that has lost digits is beyond the safe integers itself, so looking at the result is enough.
function exact(amountMinor: number): number {
  if (!Number.isSafeInteger(amountMinor)) throw new TotalTooHigh();
  return amountMinor;
}
