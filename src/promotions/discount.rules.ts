import { percentOf, spread } from './shares.rules.js';

/** What a promotion gives. */
export enum PromotionKind {
  PERCENT = 'PERCENT',
  FIXED_AMOUNT = 'FIXED_AMOUNT',
  FREE_SHIPPING = 'FREE_SHIPPING',
}

/** A promotion as far as prices depend on it. */
export interface PromotionRule {
  id: string;
  name: string;
  /** Upper case; `null` for one that applies by itself. */
  code: string | null;
  kind: PromotionKind;
  /** Basis points (2,500 is 25 %), of PERCENT only. */
  percentBp: number | null;
  /** Minor units, of FIXED_AMOUNT only. */
  amountMinor: number | null;
  /** Smallest subtotal of the whole cart, in minor units before discounts. */
  minSubtotalMinor: number | null;
  /** Only lines in one of these categories or below; empty with empty `productIds` means every line. */
  categoryIds: readonly string[];
  /** Or of one of these products. */
  productIds: readonly string[];
}

/** A line of a cart or order as far as promotions look at it. */
export interface DiscountableLine {
  productId: string;
  /** The product's category and all above it. */
  categoryIds: readonly string[];
  /** Price times quantity, in minor units. */
  subtotalMinor: number;
}

/** What one promotion took off. */
export interface AppliedDiscount {
  promotionId: string;
  name: string;
  code: string | null;
  /** Minor units taken off the goods; 0 for free shipping. */
  amountMinor: number;
}

/** What promotions take off a cart. */
export interface Discounts {
  /** Minor units taken off each line, in the order of the lines; never more than the line. */
  perLine: number[];
  freeShipping: boolean;
  /** The promotions that applied, in the order in which they did. */
  applied: AppliedDiscount[];
}

/**
 * What the promotions take off the lines, each from what the ones before it left. A promotion that gives nothing does not apply:
 * no line is eligible, its minimum is not reached, nothing is left to take, or shipping is free already.
 * @param lines every amount up to 2^53 - 1 is exact, as long as the sum of the lines is no more
 * @see docs/decisions/0013-promotions.md
 */
export function discountsOf(lines: readonly DiscountableLine[], promotions: readonly PromotionRule[]): Discounts {
  const subtotal = sumOf(lines.map((line) => line.subtotalMinor));
  const applied: AppliedDiscount[] = [];
  let left = lines.map((line) => line.subtotalMinor);
  let freeShipping = false;
  for (const promotion of promotions) {
    if (subtotal < (promotion.minSubtotalMinor ?? 0)) continue;
    const eligible = lines.map((line) => isEligible(line, promotion));
    const ships: boolean = promotion.kind === PromotionKind.FREE_SHIPPING && !freeShipping && eligible.includes(true);
    const taken = takenBy(
      promotion,
      left.map((minor, index) => (eligible[index] ? minor : 0)),
    );
    const amountMinor = sumOf(taken);
    if (!ships && amountMinor === 0) continue;
    freeShipping ||= ships;
    left = left.map((minor, index) => minor - (taken[index] ?? 0));
    applied.push({ promotionId: promotion.id, name: promotion.name, code: promotion.code, amountMinor });
  }
  return { perLine: lines.map((line, index) => line.subtotalMinor - (left[index] ?? 0)), freeShipping, applied };
}

function isEligible(line: DiscountableLine, { categoryIds, productIds }: PromotionRule): boolean {
  if (categoryIds.length === 0 && productIds.length === 0) return true;
  return productIds.includes(line.productId) || line.categoryIds.some((id) => categoryIds.includes(id));
}

/** Minor units that a promotion takes off amounts, one for each, never more than the amount. */
function takenBy({ kind, percentBp, amountMinor }: PromotionRule, amounts: readonly number[]): number[] {
  if (kind === PromotionKind.PERCENT) return amounts.map((amount) => percentOf(amount, percentBp ?? 0));
  if (kind === PromotionKind.FIXED_AMOUNT) return spread(amountMinor ?? 0, amounts);
  return amounts.map(() => 0);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
