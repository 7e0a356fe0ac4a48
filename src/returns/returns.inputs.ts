import { Field, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, Length, ValidateNested } from 'class-validator';
import { MoneyInput } from '../graphql/money.type.js';
import { MAX_LINES, OrderChangeInput, OrderLineUnitsInput } from '../orders/order.inputs.js';

@InputType({ isAbstract: true })
abstract class ReasonedInput extends OrderChangeInput {
  @Field(() => String, { nullable: true, description: 'Why, for the history, 1 to 500 characters.' })
  @IsOptional()
  @Length(1, 500)
  reason?: string | null;
}

@InputType({ description: 'An order to give up.' })
export class CancelOrderInput extends ReasonedInput {}

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
