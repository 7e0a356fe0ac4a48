import type { NewOrder, NewOrderLine } from '../orders/new-order.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import type { Quote } from '../pricing/quote.type.js';
import type { OrderRequest } from './order-request.rules.js';

/** What a new order is made of. */
interface Ingredients extends Pick<NewOrder, 'id' | 'cartId' | 'customerId' | 'currency' | 'state' | 'onAccount'> {
  request: OrderRequest;
  quote: Quote<SellableOffer>;
}

/** The order of a request at a quoted price. It keeps names, prices and tax as they are now. Every line has an offer. */
export function newOrder({ request, quote, ...given }: Ingredients): NewOrder {
  const { email, shippingAddress, billingAddress, shippingMethod: code } = request;
  const { subtotalMinor, discountMinor, shippingMinor, taxMinor, taxIncluded, totalMinor, applied } = quote.totals;
  const chosen = quote.shippingMethods.find(({ method }) => method.code === code);
  const amounts = { subtotalMinor, discountMinor, shippingMinor, taxMinor, taxIncluded, totalMinor };
  const addressed = { email, shippingAddress, billingAddress };
  return {
    ...given,
    ...addressed,
    ...amounts,
    discounts: applied,
    shippingMethod: { code, name: chosen?.method.name ?? code },
    lines: request.lines.flatMap((line, index) => lineOf(line.quantity, index, quote)),
  };
}

function lineOf(quantity: number, index: number, { offers, totals }: Quote<SellableOffer>): NewOrderLine[] {
  const offer = offers[index];
  const amounts = totals.lines[index];
  if (!offer || !amounts) return [];
  const { variantId, productId, sku, productName, variantTitle, priceMinor: unitPriceMinor } = offer;
  const { discountMinor, taxBp, taxMinor } = amounts;
  const what = { variantId, productId, sku, productName, variantTitle };
  return [{ ...what, unitPriceMinor, quantity, discountMinor, taxBp, taxMinor }];
}
