import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import { IsOptional, Length, Matches, MaxLength, Min, ValidateNested } from 'class-validator';
import { IdField, IdsField } from '../graphql/id-field.js';
import { MoneyInput } from '../graphql/money.type.js';
import { PageArgs } from '../graphql/page.js';
import { Decimal } from '../graphql/scalars.js';
import { COUPON_CODE, couponCode } from './coupon-code.rules.js';
import { PromotionKind } from './discount.rules.js';

const MAX_IDS = 100;
const CODE_MESSAGE = 'must be 1 to 40 letters from A to Z, digits, hyphens or underscores';

const Trimmed = (): PropertyDecorator => textBy((text) => text.trim());
const AsCode = (): PropertyDecorator => textBy(couponCode);

@InputType({ description: 'Which promotions; all conditions hold together.' })
export class PromotionFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of name or code, up to 100 characters; upper or lower case.',
  })
  @IsOptional()
  @MaxLength(100)
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'Has exactly this code; upper or lower case.' })
  @IsOptional()
  @AsCode()
  @MaxLength(100)
  code?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Is switched on, or is not.' })
  enabled?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Applies by itself, or needs a code.' })
  automatic?: boolean | null;
}

@ArgsType()
export class PromotionsArgs extends PageArgs {
  @Field(() => PromotionFilter, { nullable: true, description: 'Which promotions; all when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => PromotionFilter)
  filter?: PromotionFilter | null;
}

@ArgsType()
export class PromotionArgs {
  @IdField('promotion', { description: 'Id of the promotion.' })
  id: string;
}

/** What a new promotion and a changed one take alike. */
@InputType({ isAbstract: true })
export abstract class PromotionTermsInput {
  @Field(() => Decimal, {
    nullable: true,
    description: 'For PERCENT, and only there: from "0.01" to "100", at most two decimal places.',
  })
  percent?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'For FIXED_AMOUNT, and only there: more than 0.' })
  amount?: MoneyInput | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Smallest subtotal of a cart, before discounts; null or left out in a new one for none.',
  })
  minSubtotal?: MoneyInput | null;

  @IdsField('category', {
    nullable: true,
    max: MAX_IDS,
    description:
      'Only goods in one of these categories or below, at most 100. Empty here and in productIds: all goods.',
  })
  categoryIds?: string[] | null;

  @IdsField('product', { nullable: true, max: MAX_IDS, description: 'Or one of these products, at most 100.' })
  productIds?: string[] | null;

  @Field(() => Date, { nullable: true, description: 'From this instant on; null for no beginning.' })
  startsAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until just before this instant; null for no end.' })
  endsAt?: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many orders in total, 1 or more and not below usedCount; null for no limit.',
  })
  @IsOptional()
  @Min(1)
  usageLimit?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many orders of one customer, 1 or more; null for no limit.',
  })
  @IsOptional()
  @Min(1)
  usageLimitPerCustomer?: number | null;
}

@InputType({ description: 'A new promotion.' })
export class CreatePromotionInput extends PromotionTermsInput {
  @Field({ description: 'Name for people, 1 to 200 characters; spaces around it are cut off.' })
  @Trimmed()
  @Length(1, 200)
  name: string;

  @Field(() => String, {
    nullable: true,
    description: `What customers enter: 1 to 40 letters, digits, "-" or "_"; kept in upper case. Left out, it applies by itself.`,
  })
  @IsOptional()
  @AsCode()
  @Matches(COUPON_CODE, { message: CODE_MESSAGE })
  code?: string | null;

  @Field(() => PromotionKind, { description: 'What it gives; stays as it is.' })
  kind: PromotionKind;

  @Field({ defaultValue: true, description: 'Whether it can be used at once.' })
  enabled: boolean;
}

@InputType({ description: 'Changes to a promotion. What is left out stays as it is.' })
export class UpdatePromotionInput extends PromotionTermsInput {
  @IdField('promotion', { description: 'The promotion.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Name for people, 1 to 200 characters.' })
  @IsOptional()
  @Trimmed()
  @Length(1, 200)
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Another code for a coupon. One that applies by itself has none and gets none.',
  })
  @IsOptional()
  @AsCode()
  @Matches(COUPON_CODE, { message: CODE_MESSAGE })
  code?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it can be used at all.' })
  enabled?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A promotion to delete.' })
export class DeletePromotionInput {
  @IdField('promotion', { description: 'The promotion; no order may use it.' })
  id: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

function textBy(change: (text: string) => string): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? change(value) : value));
}
