import { Field, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, Length, MaxLength, ValidateNested } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
import { MoneyInput } from '../graphql/money.type.js';
import { OrderBy } from '../orders/order.inputs.js';

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
