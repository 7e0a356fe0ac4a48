import type { NewOrder, OrderNames } from '../orders/new-order.type.js';
import type { OrderLineRow } from '../orders/order.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import type { Quote } from '../pricing/quote.type.js';
import type { OrderRequest } from './order-request.rules.js';

const UNTOUCHED = { paidMinor: 0, refundedMinor: 0, authorized: false, customerReference: null, version: 1 };
const UNSENT = { fulfilledQuantity: 0, refundedQuantity: 0, unsentQuantity: 0 };

/** What a new order is made of. */
interface Ingredients extends Pick<NewOrder, 'cartId' | 'customerId' | 'currency' | 'state' | 'onAccount'> {
  names: OrderNames;
  request: OrderRequest;
  quote: Quote<SellableOffer>;
}

/** The order of a request at a quoted price. It keeps names, prices and tax as they are now. Every line has an offer. */
export function newOrder({ names, request, quote, ...given }: Ingredients): NewOrder {
  const { lineIds, ...called } = names;
  const { email, shippingAddress, billingAddress, shippingMethod: code } = request;
  const { subtotalMinor, discountMinor, shippingMinor, taxMinor, taxIncluded, totalMinor, applied } = quote.totals;
  const chosen = quote.shippingMethods.find(({ method }) => method.code === code);
  const amounts = { subtotalMinor, discountMinor, shippingMinor, taxMinor, taxIncluded, totalMinor };
  const addressed = { email, shippingAddress, billingAddress };
  return {
    ...called,
    ...given,
    ...addressed,
    ...amounts,
    discounts: applied,
    shippingMethod: { code, name: chosen?.method.name ?? code },
    lines: request.lines.flatMap((line, index) => lineOf(line.quantity, index, { quote, id: lineIds[index] ?? '' })),
    updatedAt: called.placedAt,
    ...UNTOUCHED,
  };
}

function lineOf(
  quantity: number,
  index: number,
  { quote, id }: { quote: Quote<SellableOffer>; id: string },
): OrderLineRow[] {
  const offer = quote.offers[index];
  const amounts = quote.totals.lines[index];
  if (!offer || !amounts) return [];
  const { variantId, productId, sku, productName, variantTitle, priceMinor: unitPriceMinor } = offer;
  const { discountMinor, taxBp, taxMinor } = amounts;
  const what = { variantId, productId, sku, productName, variantTitle };
  return [{ id, ...what, unitPriceMinor, quantity, discountMinor, taxBp, taxMinor, ...UNSENT }];
}
