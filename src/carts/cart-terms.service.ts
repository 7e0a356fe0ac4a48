import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { Tx } from '../database/db.js';
import { PricingService } from '../pricing/pricing.service.js';
import { CouponProblem, type Quote } from '../pricing/quote.type.js';
import { COUPON_CODE, couponCode } from '../promotions/coupon-code.rules.js';
import { addressOf } from '../users/address.inputs.js';
import type {
  ApplyCouponInput,
  RemoveCouponInput,
  SelectCartShippingInput,
  SetCartAddressesInput,
} from './cart.inputs.js';
import { CartChanges } from './cart-changes.service.js';
import { termsOf } from './cart-prices.rules.js';
import type { CartRow } from './cart.type.js';
import { CouponRefused, ShippingUnavailable, TooManyCoupons } from './carts.errors.js';

/** A cart and the quote that decided about its change. */
export interface QuotedCart {
  cart: CartRow;
  quote: Quote;
}

/** What carts are ordered with beside the goods: addresses, shipping, coupons. */
@Injectable()
export class CartTermsService {
  constructor(
    private readonly changes: CartChanges,
    private readonly pricing: PricingService,
  ) {}

  /** @throws CartNotFound, CartClosed, CartVersionConflict */
  setAddresses(input: SetCartAddressesInput, viewer: Viewer | null): Promise<CartRow> {
    const shippingAddress = input.shippingAddress && addressOf(input.shippingAddress);
    const billingAddress = input.billingAddress && addressOf(input.billingAddress);
    return this.changes.save(input, viewer, { shippingAddress, billingAddress });
  }

  /** @throws CartNotFound, CartClosed, CartVersionConflict, ShippingUnavailable */
  selectShipping(input: SelectCartShippingInput, viewer: Viewer | null): Promise<QuotedCart> {
    const { method: methodCode } = input;
    return this.changes.run(input, viewer, { methodCode }, async (tx, cart) => {
      const quoted = await this.quoted(tx, cart);
      if (!quoted.quote.shippingMethods.some(({ method }) => method.code === methodCode))
        throw new ShippingUnavailable();
      return quoted;
    });
  }

  /**
   * Enters a coupon; one that is entered already stays where it is.
   * @throws CartNotFound, CartClosed, CartVersionConflict, CouponRefused, TooManyCoupons
   */
  applyCoupon(input: ApplyCouponInput, viewer: Viewer | null): Promise<QuotedCart> {
    const code = couponCode(input.code);
    const addedCoupon = COUPON_CODE.test(code) ? code : undefined;
    return this.changes.run(input, viewer, { addedCoupon }, async (tx, cart) => {
      if (addedCoupon === undefined) throw new CouponRefused(CouponProblem.INVALID);
      if (!cart.couponCodes.includes(code)) throw new TooManyCoupons();
      const quoted = await this.quoted(tx, cart);
      const { problem = null } = quoted.quote.coupons.find((coupon) => coupon.code === code) ?? {};
      if (problem !== null) throw new CouponRefused(problem);
      return quoted;
    });
  }

  /** Takes a coupon back, if it was entered. @throws CartNotFound, CartClosed, CartVersionConflict */
  removeCoupon(input: RemoveCouponInput, viewer: Viewer | null): Promise<CartRow> {
    return this.changes.save(input, viewer, { removedCoupon: couponCode(input.code) });
  }

  private async quoted(tx: Tx, cart: CartRow): Promise<QuotedCart> {
    return { cart, quote: await this.pricing.quote(tx, cart.lines, termsOf(cart)) };
  }
}
