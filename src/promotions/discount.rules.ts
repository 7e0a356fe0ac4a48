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
