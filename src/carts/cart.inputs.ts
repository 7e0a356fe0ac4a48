import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsOptional,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { EmailField } from '../graphql/email-field.js';
import { IdField, IdsField } from '../graphql/id-field.js';
import { AddressInput } from '../users/address.inputs.js';
import { MAX_LINES, MAX_QUANTITY } from './carts.errors.js';

const CODE_LENGTH = 100;

@ArgsType()
export class CartArgs {
  @IdField('cart', { description: 'Id of the cart.' })
  id: string;
}

@InputType({ description: 'Units to put into a cart.' })
export class CartLineInput {
  @IdField('variant', { description: 'The variant. Units of one that is in the cart already are added to them.' })
  variantId: string;

  @Field(() => Int, { defaultValue: 1, description: `Units, 1 to ${MAX_QUANTITY}.` })
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity: number;
}

@InputType({ description: 'How many units a line shall have from now on.' })
export class CartLineUpdateInput {
  @IdField('cartline', { description: 'The line.' })
  id: string;

  @Field(() => Int, { description: `Units, 1 to ${MAX_QUANTITY}; 0 removes the line.` })
  @Min(0)
  @Max(MAX_QUANTITY)
  quantity: number;
}

@InputType({ description: 'A new cart.' })
export class CreateCartInput {
  @Field(() => [CartLineInput], { defaultValue: [], description: `What it begins with, at most ${MAX_LINES}.` })
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => CartLineInput)
  lines: CartLineInput[];

  @EmailField('Where the order will be confirmed to; default is the address of the account.', { nullable: true })
  email?: string | null;
}

/** A change of one cart. */
@InputType({ isAbstract: true })
export abstract class CartChangeInput {
  @IdField('cart', { description: 'The cart.' })
  cartId: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'What to put into a cart.' })
export class AddCartLinesInput extends CartChangeInput {
  @Field(() => [CartLineInput], { description: `Variants and units, 1 to ${MAX_LINES}.` })
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => CartLineInput)
  lines: CartLineInput[];
}

@InputType({ description: 'How many units lines of a cart shall have.' })
export class UpdateCartLinesInput extends CartChangeInput {
  @Field(() => [CartLineUpdateInput], { description: `Lines and units, 1 to ${MAX_LINES}, each line once.` })
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ArrayUnique((line: CartLineUpdateInput) => line.id, { message: 'must name each line once' })
  @ValidateNested({ each: true })
  @Type(() => CartLineUpdateInput)
  lines: CartLineUpdateInput[];
}

@InputType({ description: 'What to take out of a cart.' })
export class RemoveCartLinesInput extends CartChangeInput {
  @IdsField('cartline', { max: MAX_LINES, description: `The lines, at most ${MAX_LINES}.` })
  lineIds: string[];
}

@InputType({ description: 'Who buys.' })
export class SetCartCustomerInput extends CartChangeInput {
  @EmailField('Where the order will be confirmed to. Guests must give it; for accounts it stays when left out.', {
    nullable: true,
  })
  email?: string | null;
}

@InputType({ description: 'Addresses of a cart. What is left out stays as it is; null takes it away.' })
export class SetCartAddressesInput extends CartChangeInput {
  @Field(() => AddressInput, { nullable: true, description: 'Where the goods go.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AddressInput)
  shippingAddress?: AddressInput | null;

  @Field(() => AddressInput, { nullable: true, description: 'Where the invoice goes, when that is elsewhere.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AddressInput)
  billingAddress?: AddressInput | null;
}

@InputType({ description: 'How a cart shall be delivered.' })
export class SelectCartShippingInput extends CartChangeInput {
  @Field({ description: 'Code of one of its availableShippingMethods.' })
  @Length(1, CODE_LENGTH)
  method: string;
}

@InputType({ description: 'A coupon to enter.' })
export class ApplyCouponInput extends CartChangeInput {
  @Field({ description: `Its code, 1 to ${CODE_LENGTH} characters; upper or lower case is the same.` })
  @Length(1, CODE_LENGTH)
  code: string;
}

@InputType({ description: 'A coupon to take back.' })
export class RemoveCouponInput extends CartChangeInput {
  @Field({ description: `Its code, 1 to ${CODE_LENGTH} characters; upper or lower case is the same.` })
  @Length(1, CODE_LENGTH)
  code: string;
}
