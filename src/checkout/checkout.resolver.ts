import { Args, Context, Field, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import type { ShopContext } from '../graphql/context.js';
import { MoneyType } from '../graphql/money.type.js';
import { Payload, succeeded } from '../graphql/payload.js';
import type { Money } from '../money/money.js';
import { Order } from '../orders/order.type.js';
import { Payment } from '../payments/payment.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { ProductById, VariantById } from '../products/products.loaders.js';
import { CheckoutService } from './checkout.service.js';
import { PlaceOrderInput } from './place-order.inputs.js';

@ObjectType({ description: 'Result of placeOrder.' })
export class PlaceOrderPayload extends Payload {
  @Field(() => Order, { nullable: true, description: 'The order; null when refused.' })
  order?: Order | null;

  @Field(() => Payment, {
    nullable: true,
    description:
      'The payment that it began with; null when refused, when there is nothing to pay, and when the cart was ordered before.',
  })
  payment?: Payment | null;

  @Field(() => MoneyType, { nullable: true, description: 'What it would cost now; only with PRICE_CHANGED.' })
  currentTotal?: Money | null;
}

@Resolver()
export class CheckoutResolver {
  constructor(
    private readonly service: CheckoutService,
    private readonly variants: VariantById,
    private readonly products: ProductById,
  ) {}

  @Public()
  @Mutation(() => PlaceOrderPayload, {
    description:
      'Orders a cart, or lines in one call: price and stock are checked and taken, and the order is written, at once or not at all. ' +
      'The same cart ordered twice gives the same order; use @idempotent for lines. Refused with NOT_FOUND, CART_EMPTY, CART_INCOMPLETE, ' +
      'NOT_FOR_SALE, OUT_OF_STOCK, PRICE_CHANGED, CURRENCY_MISMATCH, SHIPPING_UNAVAILABLE, COUPON_INVALID, COUPON_EXPIRED, COUPON_USED_UP, ' +
      'PAYMENT_METHOD_UNAVAILABLE; too many guest orders or refused coupons are RATE_LIMITED.',
  })
  async placeOrder(
    @Args('input', { description: 'What is ordered.' }) input: PlaceOrderInput,
    @Context() context: ShopContext,
  ): Promise<PlaceOrderPayload> {
    const { sold, ...placed } = await this.service.place(input, context.viewer, context.address);
    this.keep(context, sold);
    return succeeded(placed);
  }

  /** What was sold is known already: nobody has to read it for the answer. */
  private keep(context: ShopContext, sold: readonly SellableOffer[]): void {
    for (const { variantId, variant, productId, product } of sold) {
      this.variants.in(context).prime(variantId, variant);
      this.products.in(context).prime(productId, product);
    }
  }
}
