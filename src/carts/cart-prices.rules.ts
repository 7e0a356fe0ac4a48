import type { Offer } from '../pricing/offer.type.js';
import type { Quote, QuotedCoupon, QuotedShipping, QuoteTerms } from '../pricing/quote.type.js';
import type { Totals } from '../pricing/totals.rules.js';
import { CartLineProblem, type LineRow } from './cart-line.type.js';
import type { CartRow } from './cart.type.js';

/** What a cart shows of one line, in minor units. */
export interface LinePrice {
  /** What the line is about; `null` when it is not sold any more, and nothing of it may be told. */
  offer: Offer | null;
  discountMinor: number;
  /** After discounts; 0 when the line is not sold. */
  totalMinor: number;
  /** Units that can be bought now; 0 when the line is not sold. */
  available: number;
  problem: CartLineProblem | null;
}

/** Everything that a cart shows and does not store. */
export interface CartPrices {
  /** In the order of the cart's lines. */
  lines: LinePrice[];
  totals: Totals;
  coupons: QuotedCoupon[];
  /** The chosen method, as long as it delivers these goods to this address. */
  shippingMethod: QuotedShipping | null;
  shippingMethods: QuotedShipping[];
}

/** What the price of a cart depends on beside its lines. */
export function termsOf(cart: CartRow): QuoteTerms {
  return {
    country: cart.shippingAddress?.country ?? null,
    shippingMethod: cart.methodCode,
    coupons: cart.couponCodes,
    customer: cart.customerId ?? cart.email,
  };
}

/** What a cart shows, from the quote for its lines. @param sight whether the viewer may know of products that are not sold */
export function pricesOf(cart: CartRow, quote: Quote, { staff }: { staff: boolean }): CartPrices {
  const { offers, totals, coupons, shippingMethods } = quote;
  // The totals have an entry for each line that is sold, and none for the others.
  let sold = 0;
  const lines = cart.lines.map(({ quantity }: LineRow, index): LinePrice => {
    const offer = offers[index] ?? null;
    if (!offer?.forSale) return notSold(staff ? offer : null);
    const { discountMinor = 0, totalMinor = 0 } = totals.lines[sold++] ?? {};
    const problem = offer.available < quantity ? CartLineProblem.OUT_OF_STOCK : null;
    return { offer, discountMinor, totalMinor, available: offer.available, problem };
  });
  const shippingMethod = shippingMethods.find(({ method }) => method.code === cart.methodCode) ?? null;
  return { lines, totals, coupons, shippingMethod, shippingMethods };
}

function notSold(offer: Offer | null): LinePrice {
  return { offer, discountMinor: 0, totalMinor: 0, available: 0, problem: CartLineProblem.NOT_FOR_SALE };
}
