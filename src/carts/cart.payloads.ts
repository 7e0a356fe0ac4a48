import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Cart } from './cart.type.js';

@ObjectType({ isAbstract: true })
abstract class CartPayload extends Payload {
  @Field(() => Cart, { nullable: true, description: 'The cart as it is now; null when refused.' })
  cart?: Cart | null;
}

@ObjectType({ description: 'Result of createCart.' })
export class CreateCartPayload extends CartPayload {}

@ObjectType({ description: 'Result of addCartLines.' })
export class AddCartLinesPayload extends CartPayload {}

@ObjectType({ description: 'Result of updateCartLines.' })
export class UpdateCartLinesPayload extends CartPayload {}

@ObjectType({ description: 'Result of removeCartLines.' })
export class RemoveCartLinesPayload extends CartPayload {}

@ObjectType({ description: 'Result of setCartCustomer.' })
export class SetCartCustomerPayload extends CartPayload {}

@ObjectType({ description: 'Result of setCartAddresses.' })
export class SetCartAddressesPayload extends CartPayload {}

@ObjectType({ description: 'Result of selectCartShipping.' })
export class SelectCartShippingPayload extends CartPayload {}

@ObjectType({ description: 'Result of applyCoupon.' })
export class ApplyCouponPayload extends CartPayload {}

@ObjectType({ description: 'Result of removeCoupon.' })
export class RemoveCouponPayload extends CartPayload {}
