import { Field, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, Length, ValidateNested } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
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

@InputType({ description: 'A refund to try again.' })
export class RetryRefundInput {
  @IdField('refund', { description: 'The refund: one that has failed, or whose provider never answered.' })
  refundId: string;
}

@InputType({ description: 'Units of an order line whose money goes back.' })
export class RefundLineInput extends OrderLineUnitsInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'true: they were not packed and will not be; false: they come back from the customer. When left out, those that were packed come first.',
  })
  unsent?: boolean | null;
}

@InputType({ description: 'Money to give back.' })
export class RefundOrderInput extends ReasonedInput {
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'How much; the price of the lines, or all that is left when there are none, when left out.',
  })
  amount?: MoneyInput | null;

  @Field(() => [RefundLineInput], { nullable: true, description: 'Units that are given back.' })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => RefundLineInput)
  lines?: RefundLineInput[] | null;

  @Field({ defaultValue: false, description: 'Whether the units of the lines go back into stock.' })
  restock: boolean;
}
