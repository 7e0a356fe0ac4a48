import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsIn,
  IsOptional,
  Length,
  Max,
  MaxLength,
  Min,
  NotEquals,
  ValidateNested,
} from 'class-validator';
import { IdField, IdsField } from '../graphql/id-field.js';
import { MoneyInput } from '../graphql/money.type.js';
import { StockReason } from '../stock/stock.type.js';
import { TaxClass } from './tax-class.type.js';

const MAX_UNITS = 100_000_000;

/** What one unit may weigh, in grams: a tonne. */
export const MAX_WEIGHT_GRAMS = 1_000_000;

@InputType({ description: 'One choice that makes a variant.' })
export class SelectedOptionInput {
  @Field({ description: 'Name of the choice, 1 to 100 characters.' })
  @Length(1, 100)
  name: string;

  @Field({ description: 'What is chosen, 1 to 100 characters.' })
  @Length(1, 100)
  value: string;
}

@InputType({ description: 'A variant of a product that is created with it.' })
export class NewVariantInput {
  @Field({ description: 'Stock keeping unit, unique in the shop, 1 to 100 characters.' })
  @Length(1, 100)
  sku: string;

  @Field(() => String, {
    nullable: true,
    description: 'What tells it from the others, up to 200 characters; made from the options when left out.',
  })
  @IsOptional()
  @Length(1, 200)
  title?: string | null;

  @Field(() => [SelectedOptionInput], {
    defaultValue: [],
    description: 'The choices that make it, at most 5; two variants of a product differ in them.',
  })
  @ArrayMaxSize(5)
  @ArrayUnique((option: SelectedOptionInput) => option.name, { message: 'must name each option once' })
  @ValidateNested({ each: true })
  @Type(() => SelectedOptionInput)
  options: SelectedOptionInput[];

  @Field(() => MoneyInput, { description: 'What one unit costs, 0 or more.' })
  price: MoneyInput;

  @Field(() => MoneyInput, { nullable: true, description: 'A former or recommended price, shown beside the price.' })
  compareAtPrice?: MoneyInput | null;

  @Field(() => Int, { defaultValue: 0, description: 'Units in stock, 0 or more.' })
  @Min(0)
  @Max(MAX_UNITS)
  stock: number;

  @Field(() => Int, { defaultValue: 0, description: 'What one unit weighs for delivery, 0 to 1000000 grams.' })
  @Min(0)
  @Max(MAX_WEIGHT_GRAMS)
  weightGrams: number;

  @Field(() => TaxClass, { defaultValue: TaxClass.STANDARD, description: 'How it is taxed.' })
  taxClass: TaxClass;
}

@InputType({ description: 'A new variant of a product.' })
export class CreateProductVariantInput extends NewVariantInput {
  @IdField('product', { description: 'The product.' })
  productId: string;
}

@InputType({ description: 'Changes to a variant. What is left out stays as it is.' })
export class UpdateProductVariantInput {
  @IdField('variant', { description: 'The variant.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Stock keeping unit, unique in the shop, 1 to 100 characters.' })
  @IsOptional()
  @Length(1, 100)
  sku?: string | null;

  @Field(() => String, { nullable: true, description: 'What tells it from the others, 1 to 200 characters.' })
  @IsOptional()
  @Length(1, 200)
  title?: string | null;

  @Field(() => [SelectedOptionInput], { nullable: true, description: 'All choices that make it, at most 5.' })
  @IsOptional()
  @ArrayMaxSize(5)
  @ArrayUnique((option: SelectedOptionInput) => option.name, { message: 'must name each option once' })
  @ValidateNested({ each: true })
  @Type(() => SelectedOptionInput)
  options?: SelectedOptionInput[] | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What one unit costs, 0 or more.' })
  price?: MoneyInput | null;

  @Field(() => MoneyInput, { nullable: true, description: 'A former or recommended price; null takes it away.' })
  compareAtPrice?: MoneyInput | null;

  @Field(() => Int, { nullable: true, description: 'What one unit weighs for delivery, 0 to 1000000 grams.' })
  @IsOptional()
  @Min(0)
  @Max(MAX_WEIGHT_GRAMS)
  weightGrams?: number | null;

  @Field(() => TaxClass, { nullable: true, description: 'How it is taxed.' })
  taxClass?: TaxClass | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A variant to delete.' })
export class DeleteProductVariantInput {
  @IdField('variant', { description: 'The variant; its stock and ledger go with it.' })
  id: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'Units that came or went.' })
export class AdjustStockInput {
  @IdField('variant', { description: 'The variant.' })
  variantId: string;

  @Field(() => Int, { description: 'Units that come (positive) or go (negative), not 0, at most 1000000.' })
  @NotEquals(0, { message: 'must not be 0' })
  @Min(-1_000_000)
  @Max(1_000_000)
  delta: number;

  @Field(() => StockReason, {
    defaultValue: StockReason.CORRECTION,
    description: 'Why: RECEIVED, RETURNED, DAMAGED or CORRECTION.',
  })
  @IsIn([StockReason.RECEIVED, StockReason.RETURNED, StockReason.DAMAGED, StockReason.CORRECTION])
  reason: StockReason;

  @Field(() => String, { nullable: true, description: 'A note for the ledger, up to 500 characters.' })
  @IsOptional()
  @MaxLength(500)
  note?: string | null;
}

@ArgsType()
export class ProductVariantsArgs {
  @IdsField('variant', { max: 100, description: 'The variants, at most 100.' })
  ids: string[];
}
