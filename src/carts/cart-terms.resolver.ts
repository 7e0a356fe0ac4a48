import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { CurrentUser, Public } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { succeeded } from '../graphql/payload.js';
import { ApplyCouponInput, RemoveCouponInput, SelectCartShippingInput, SetCartAddressesInput } from './cart.inputs.js';
import {
  ApplyCouponPayload,
  RemoveCouponPayload,
  SelectCartShippingPayload,
  SetCartAddressesPayload,
} from './cart.payloads.js';
import type { CartRow } from './cart.type.js';
import { CartTermsService, type QuotedCart } from './cart-terms.service.js';
import { CouponLimits } from './coupon-limits.service.js';
import { PricesOfCart } from './carts.loaders.js';

/** What carts are ordered with beside the goods. */
@Resolver()
export class CartTermsResolver {
  constructor(
    private readonly service: CartTermsService,
    private readonly limits: CouponLimits,
    private readonly prices: PricesOfCart,
  ) {}

  @Public()
  @Mutation(() => SetCartAddressesPayload, {
    description:
      'Says where the goods and the invoice go. Taxes and shipping methods follow the shipping address. ' +
      'Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT.',
  })
  async setCartAddresses(
    @Args('input', { description: 'Cart and addresses.' }) input: SetCartAddressesInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<SetCartAddressesPayload> {
    return succeeded({ cart: await this.service.setAddresses(input, viewer) });
  }

  @Public()
  @Mutation(() => SelectCartShippingPayload, {
    description:
      'Chooses how to deliver. Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT, and SHIPPING_UNAVAILABLE when the method does not ' +
      'exist or does not deliver these goods there.',
  })
  async selectCartShipping(
    @Args('input', { description: 'Cart and method.' }) input: SelectCartShippingInput,
    @CurrentUser() viewer: Viewer | null,
    @Context() context: ShopContext,
  ): Promise<SelectCartShippingPayload> {
    return succeeded({ cart: this.shown(context, await this.service.selectShipping(input, viewer)) });
  }

  @Public()
  @Mutation(() => ApplyCouponPayload, {
    description:
      'Enters a coupon, at most 5 into one cart; entering one again changes nothing. Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT, ' +
      'COUPON_INVALID, COUPON_EXPIRED, COUPON_USED_UP, COUPON_NOT_APPLICABLE; too many refused ones are RATE_LIMITED.',
  })
  async applyCoupon(
    @Args('input', { description: 'Cart and code.' }) input: ApplyCouponInput,
    @CurrentUser() viewer: Viewer | null,
    @Context() context: ShopContext,
  ): Promise<ApplyCouponPayload> {
    const applied = this.limits.entering(context.address, () => this.service.applyCoupon(input, viewer));
    return succeeded({ cart: this.shown(context, await applied) });
  }

  @Public()
  @Mutation(() => RemoveCouponPayload, {
    description:
      'Takes a coupon back; one that was not entered changes nothing. Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT.',
  })
  async removeCoupon(
    @Args('input', { description: 'Cart and code.' }) input: RemoveCouponInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<RemoveCouponPayload> {
    return succeeded({ cart: await this.service.removeCoupon(input, viewer) });
  }

  /** The cart, with the quote that decided about the change kept for its fields. */
  private shown(context: ShopContext, { cart, quote }: QuotedCart): CartRow {
    this.prices.keep(context, cart, quote);
    return cart;
  }
}
