import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { EmailField } from '../graphql/email-field.js';
import { IdField } from '../graphql/id-field.js';
import { MoneyInput } from '../graphql/money.type.js';
import { PageArgs } from '../graphql/page.js';
import { Url } from '../graphql/scalars.js';
import { OrderState } from './order-states.rules.js';

const NUMBER_LENGTH = 40;
const MAX_LINES = 100;

@InputType({ description: 'What a guest knows of an order.' })
export class GuestOrderInput {
  @Field({ description: 'Number of the order.' })
  @MaxLength(NUMBER_LENGTH)
  number: string;

  @EmailField('The e-mail address that it was placed with.')
  email: string;
}

@InputType({ isOneOf: true, description: 'Names one order.' })
export class OrderBy {
  @IdField('order', { nullable: true, description: 'By its id; for its customer and staff.' })
  id?: string;

  @Field({ nullable: true, description: 'By its number; for its customer and staff.' })
  @IsOptional()
  @MaxLength(NUMBER_LENGTH)
  number?: string;

  @Field(() => GuestOrderInput, { nullable: true, description: 'By number and e-mail address; for anybody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => GuestOrderInput)
  guest?: GuestOrderInput;
}

@ArgsType()
export class OrderArgs {
  @Field(() => OrderBy, { description: 'Which one.' })
  @ValidateNested()
  @Type(() => OrderBy)
  by: OrderBy;
}

@InputType({ description: 'Which orders; all conditions hold together.' })
export class OrderFilter {
  @Field(() => [OrderState], { nullable: true, description: 'In one of these states.' })
  @IsOptional()
  @ArrayMaxSize(7)
  states?: OrderState[] | null;

  @Field(() => Date, { nullable: true, description: 'Placed then or later.' })
  placedAfter?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Placed before then.' })
  placedBefore?: Date | null;

  @IdField('user', { nullable: true, description: 'Of this account.' })
  customerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of number, e-mail address or customer reference, up to 100 characters; upper or lower case.',
  })
  @IsOptional()
  @MaxLength(100)
  text?: string | null;
}

@ArgsType()
export class OrdersArgs extends PageArgs {
  @Field(() => OrderFilter, { nullable: true, description: 'Which orders; all when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => OrderFilter)
  filter?: OrderFilter | null;
}

@InputType({ isAbstract: true })
abstract class OrderChangeInput {
  @IdField('order', { description: 'The order.' })
  orderId: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ isAbstract: true })
abstract class ReasonedInput extends OrderChangeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history, 1 to 500 characters.' })
  @IsOptional()
  @Length(1, 500)
  reason?: string | null;
}

@InputType({ description: 'Units of an order line.' })
export class OrderLineUnitsInput {
  @IdField('orderline', { description: 'The line.' })
  orderLineId: string;

  @Field(() => Int, { description: 'Units, 1 or more.' })
  @Min(1)
  @Max(1_000_000)
  quantity: number;
}

@InputType({ isAbstract: true })
abstract class TrackedInput extends OrderChangeInput {
  @Field(() => String, { nullable: true, description: 'Who carries it, up to 100 characters.' })
  @IsOptional()
  @MaxLength(100)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number of it, up to 100 characters." })
  @IsOptional()
  @MaxLength(100)
  trackingNumber?: string | null;

  @Field(() => Url, { nullable: true, description: 'Page that tells where it is.' })
  trackingUrl?: string | null;
}

@InputType({ description: 'An order to give up.' })
export class CancelOrderInput extends ReasonedInput {}

@InputType({ description: 'What is packed into a parcel.' })
export class FulfillOrderInput extends TrackedInput {
  @Field(() => [OrderLineUnitsInput], {
    nullable: true,
    description: 'What is in it; everything that is left when left out.',
  })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => OrderLineUnitsInput)
  lines?: OrderLineUnitsInput[] | null;
}

@InputType({ description: 'Parcels that leave.' })
export class ShipOrderInput extends TrackedInput {
  @IdField('fulfillment', { nullable: true, description: 'One parcel; all that are packed when left out.' })
  fulfillmentId?: string | null;
}

@InputType({ description: 'Parcels that have arrived.' })
export class DeliverOrderInput extends OrderChangeInput {
  @IdField('fulfillment', { nullable: true, description: 'One parcel; all that are on their way when left out.' })
  fulfillmentId?: string | null;
}

@InputType({ description: 'Money to give back.' })
export class RefundOrderInput extends ReasonedInput {
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'How much; the price of the lines, or all that is left when there are none, when left out.',
  })
  amount?: MoneyInput | null;

  @Field(() => [OrderLineUnitsInput], { nullable: true, description: 'Units that are given back.' })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => OrderLineUnitsInput)
  lines?: OrderLineUnitsInput[] | null;

  @Field({ defaultValue: false, description: 'Whether these units go back into stock.' })
  restock: boolean;
}

@InputType({ description: 'How an order is paid.' })
export class PaymentInput {
  @Field({ description: 'One of shop.paymentMethods, such as "manual".' })
  @Length(1, 40)
  method: string;

  @Field(() => String, {
    nullable: true,
    description: "What the provider's form gave, such as a card token, up to 500 characters.",
  })
  @IsOptional()
  @MaxLength(500)
  token?: string | null;
}

@InputType({ description: 'A payment for an order that has none under way.' })
export class StartPaymentInput {
  @Field(() => OrderBy, { description: 'The order; guests name it by number and e-mail address.' })
  @ValidateNested()
  @Type(() => OrderBy)
  order: OrderBy;

  @Field(() => PaymentInput, { description: 'How it is paid.' })
  @ValidateNested()
  @Type(() => PaymentInput)
  payment: PaymentInput;
}

@InputType({ description: 'Money that came, or that was authorized and is to be collected.' })
export class CapturePaymentInput {
  @IdField('order', { description: 'The order.' })
  orderId: string;

  @Field(() => MoneyInput, { nullable: true, description: 'How much; all that is awaited when left out.' })
  amount?: MoneyInput | null;
}
