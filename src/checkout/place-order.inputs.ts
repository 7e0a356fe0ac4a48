import { Field, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, Length, Max, Min, ValidateNested } from 'class-validator';
import { EmailField } from '../graphql/email-field.js';
import { IdField } from '../graphql/id-field.js';
import { MoneyInput } from '../graphql/money.type.js';
import { MAX_LINES } from '../orders/order.inputs.js';
import { AddressInput } from '../users/address.inputs.js';
import { PaymentInput } from './payment.inputs.js';

const MAX_COUPONS = 5;

@InputType({ description: 'A variant to order.' })
export class OrderLineInput {
  @IdField('variant', { description: 'The variant.' })
  variantId: string;

  @Field(() => Int, { description: 'Units, 1 to 999; those of a variant that is named twice are added.' })
  @Min(1)
  @Max(999)
  quantity: number;
}

@InputType({
  description:
    'What is ordered: a cart, or lines. What a cart holds already may be left out; what is said here wins over the cart.',
})
export class PlaceOrderInput {
  @IdField('cart', { nullable: true, description: 'The cart. Ordered twice, it gives the same order.' })
  cartId?: string | null;

  @Field(() => [OrderLineInput], { nullable: true, description: 'Without a cart: 1 to 100 lines.' })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => OrderLineInput)
  lines?: OrderLineInput[] | null;

  @EmailField("Where news of the order go; the account's address when left out.", { nullable: true })
  email?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where it goes.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AddressInput)
  shippingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Who is billed; who receives it when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AddressInput)
  billingAddress?: AddressInput | null;

  @Field(() => String, { nullable: true, description: 'Code of a shipping method.' })
  @IsOptional()
  @Length(1, 50)
  shippingMethod?: string | null;

  @Field(() => [String], { nullable: true, description: 'Without a cart: coupon codes, at most 5.' })
  @IsOptional()
  @ArrayMaxSize(MAX_COUPONS)
  @Length(1, 100, { each: true })
  coupons?: string[] | null;

  @Field(() => PaymentInput, { nullable: true, description: 'How it is paid. Needed unless there is nothing to pay.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => PaymentInput)
  payment?: PaymentInput | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description:
      'The total that the customer was shown; when it is another one by now, PRICE_CHANGED and nothing is ordered.',
  })
  expectedTotal?: MoneyInput | null;
}
