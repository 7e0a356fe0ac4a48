import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { EmailField } from '../graphql/email-field.js';
import { IdField } from '../graphql/id-field.js';
import { PageArgs } from '../graphql/page.js';
import { OrderState } from './order-states.rules.js';

const NUMBER_LENGTH = 40;
/** Lines that one input names, at most. */
export const MAX_LINES = 100;

/** People copy numbers with blanks around them. */
function Trimmed(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));
}

@InputType({ description: 'What a guest knows of an order.' })
export class GuestOrderInput {
  @Field({ description: 'Number of the order; upper or lower case.' })
  @Trimmed()
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
  @Trimmed()
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

/** What every change of an order says. */
@InputType({ isAbstract: true })
export abstract class OrderChangeInput {
  @IdField('order', { description: 'The order.' })
  orderId: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
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
