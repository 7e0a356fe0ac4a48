import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MoneyType } from '../graphql/money.type.js';
import { Node } from '../graphql/node.js';
import { EmailAddress } from '../graphql/scalars.js';
import type { Money } from '../money/money.js';
import { CouponProblem } from '../pricing/quote.type.js';
import { Address } from '../users/address.type.js';
import type { LineRow } from './cart-line.type.js';

registerEnumType(CouponProblem, {
  name: 'CouponProblem',
  description: 'Why a coupon gives nothing now.',
  valuesMap: {
    INVALID: { description: 'There is no such coupon, or no longer.' },
    EXPIRED: { description: 'It is not valid yet, or no longer.' },
    USED_UP: { description: 'It was used as often as it may be, by all together or by this customer.' },
    NOT_APPLICABLE: { description: 'It does not apply to what is in the cart.' },
  },
});

@ObjectType({
  implements: () => [Node],
  description:
    "What somebody wants to buy, at the prices of now. Who knows the id of a guest's cart may use it; a customer's cart is seen by its customer and by staff.",
})
export class Cart extends Node {
  @Field(() => EmailAddress, {
    nullable: true,
    description: 'Where the order will be confirmed to, in lower case; null while unknown.',
  })
  email: string | null;

  @Field(() => Address, { nullable: true, description: 'Where the goods go; null while unknown.' })
  shippingAddress: Address | null;

  @Field(() => Address, {
    nullable: true,
    description: 'Where the invoice goes; null while unknown, or when it is the shipping address.',
  })
  billingAddress: Address | null;

  @Field({ description: 'When the cart is thrown away; every change puts it off.' })
  expiresAt: Date;

  @Field({ description: 'When the cart was created.' })
  createdAt: Date;

  @Field({ description: 'When the cart was last changed.' })
  updatedAt: Date;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;
}

@ObjectType({ description: 'What one promotion takes off a cart.' })
export class CartDiscount {
  @Field({ description: 'Name of the promotion.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Code of its coupon; null when it applies by itself.' })
  code: string | null;

  @Field(() => MoneyType, { description: 'Taken off the goods; 0 when it makes shipping free.' })
  amount: Money;
}

@ObjectType({ description: 'A way to deliver a cart, and what it costs.' })
export class CartShippingMethod {
  @Field({ description: 'What selectCartShipping takes.' })
  code: string;

  @Field({ description: 'Name for people.' })
  name: string;

  @Field(() => MoneyType, { description: 'Price for these goods, before a promotion makes shipping free.' })
  price: Money;
}

@ObjectType({ description: 'A coupon that was entered.' })
export class CartCoupon {
  @Field({ description: 'Its code, in upper case.' })
  code: string;

  @Field(() => CouponProblem, { nullable: true, description: 'Why it gives nothing now; null when it applies.' })
  problem: CouponProblem | null;
}

/** A cart as its table knows it, without the lines. */
export interface CartHead extends Cart {
  /** `null` for a guest's cart. */
  customerId: string | null;
  /** Code of the chosen shipping method. */
  methodCode: string | null;
  /** As they are stored, in the order in which they were entered. */
  couponCodes: string[];
  /** Set once the cart is ordered. */
  orderUuid: string | null;
}

/** A cart with its lines, in the order in which they were added. */
export interface CartRow extends CartHead {
  lines: LineRow[];
}

/** A line with the cart that it stands in. */
export interface LineOfCart extends LineRow {
  cart: CartRow;
  /** Its place among the lines of the cart, from 0. */
  place: number;
}
