import type { OrderableCart } from '../carts/carts.service.js';
import { BadUserInput } from '../errors/request-errors.js';
import type { QuoteTerms, WantedLine } from '../pricing/quote.type.js';
import { addressOf } from '../users/address.inputs.js';
import type { Address } from '../users/address.type.js';
import { CartEmpty, Incomplete } from './checkout.errors.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

/** What is to be ordered, from a cart or said in one call. */
export interface OrderRequest {
  /** Each variant once. */
  lines: RequestedLine[];
  email: string;
  shippingAddress: Address;
  billingAddress: Address | null;
  shippingMethod: string;
  coupons: readonly string[];
}

/** A line, and the input field that it came from. */
export interface RequestedLine extends WantedLine {
  field: readonly string[];
}

/**
 * Puts together what the client says and what the cart holds; the client's word wins.
 * @param accountEmail address of the account that orders
 * @throws CartEmpty, Incomplete; BadUserInput when neither or both of cart and lines are there
 */
export function orderRequest(
  input: PlaceOrderInput,
  cart: OrderableCart | null,
  accountEmail: string | null,
): OrderRequest {
  const lines = linesOf(input, cart);
  if (lines.length === 0) throw new CartEmpty();
  const email = input.email ?? cart?.email ?? accountEmail;
  if (!email) throw new Incomplete('email', 'an e-mail address');
  const shippingAddress = input.shippingAddress ? addressOf(input.shippingAddress) : cart?.shippingAddress;
  if (!shippingAddress) throw new Incomplete('shippingAddress', 'a shipping address');
  const shippingMethod = input.shippingMethod ?? cart?.shippingMethod;
  if (!shippingMethod) throw new Incomplete('shippingMethod', 'a shipping method');
  const billingAddress = input.billingAddress ? addressOf(input.billingAddress) : (cart?.billingAddress ?? null);
  const coupons = cart ? cart.coupons : (input.coupons ?? []);
  return { lines, email, shippingAddress, billingAddress, shippingMethod, coupons };
}

/** Refuses what is neither the one nor the other. @throws BadUserInput */
export function refuseMixture({ cartId, lines, coupons }: PlaceOrderInput): void {
  if ((cartId == null) === (lines == null)) {
    throw new BadUserInput([{ path: 'input.lines', message: 'either a cart or lines must be given' }]);
  }
  if (cartId != null && coupons != null) {
    throw new BadUserInput([{ path: 'input.coupons', message: 'the coupons of a cart are those that it holds' }]);
  }
}

/** What the price depends on beside the goods. */
export function quoteTerms(request: OrderRequest, viewerId: string | null): QuoteTerms {
  const { shippingAddress, shippingMethod, coupons, email } = request;
  return { country: shippingAddress.country, shippingMethod, coupons, customer: customerOf(viewerId, email) };
}

/** Who buys, for limits per customer. */
export function customerOf(viewerId: string | null, email: string): string {
  return viewerId ?? email.toLowerCase();
}

function linesOf({ lines }: PlaceOrderInput, cart: OrderableCart | null): RequestedLine[] {
  if (cart) return cart.lines.map((line) => ({ ...line, field: ['input', 'cartId'] }));
  const merged = new Map<string, RequestedLine>();
  for (const [index, { variantId, quantity }] of (lines ?? []).entries()) {
    const known = merged.get(variantId);
    if (known) known.quantity += quantity;
    else merged.set(variantId, { variantId, quantity, field: ['input', 'lines', String(index), 'variantId'] });
  }
  return [...merged.values()];
}
