import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsOptional,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { SLUG, SLUG_LENGTH } from '../database/slug.js';
import { IdField } from '../graphql/id-field.js';
import { Url } from '../graphql/scalars.js';
import { MAX_VARIANTS } from './products.errors.js';
import { ProductStatus } from './product.type.js';
import { NewVariantInput } from './variant.inputs.js';

@InputType({ description: 'A picture.' })
export class ProductImageInput {
  @Field(() => Url, { description: 'Where the picture is: an http or https URL.' })
  url: string;

  @Field({ defaultValue: '', description: 'What it shows, for those who cannot see it; up to 300 characters.' })
  @MaxLength(300)
  alt: string;
}

@InputType({ description: 'A fact about a product.' })
export class ProductAttributeInput {
  @Field({ description: 'What the fact is about, 1 to 100 characters; each name once.' })
  @Length(1, 100)
  name: string;

  @Field({ description: 'The fact, 1 to 500 characters.' })
  @Length(1, 500)
  value: string;
}

@InputType({ isAbstract: true })
abstract class ProductDetailsInput {
  @Field(() => String, { nullable: true, description: 'Unique name for URLs.' })
  @IsOptional()
  @MaxLength(SLUG_LENGTH)
  @Matches(SLUG, { message: 'must be lower-case letters and digits, joined by single hyphens' })
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 20000 characters.' })
  @IsOptional()
  @MaxLength(20_000)
  description?: string | null;

  @Field(() => [ProductImageInput], { nullable: true, description: 'All pictures, the main one first; at most 50.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ProductImageInput)
  images?: ProductImageInput[] | null;

  @Field(() => [ProductAttributeInput], { nullable: true, description: 'All facts, at most 50.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @ArrayUnique((attribute: ProductAttributeInput) => attribute.name, { message: 'must name each attribute once' })
  @ValidateNested({ each: true })
  @Type(() => ProductAttributeInput)
  attributes?: ProductAttributeInput[] | null;
}

@InputType({ description: 'A new product.' })
export class CreateProductInput extends ProductDetailsInput {
  @Field({ description: 'Name for people, 1 to 300 characters. The slug is made from it when none is given.' })
  @Length(1, 300)
  name: string;

  @Field(() => ProductStatus, { defaultValue: ProductStatus.ACTIVE, description: 'Who may see it.' })
  status: ProductStatus;

  @IdField('category', { nullable: true, description: 'Category that it belongs to.' })
  categoryId?: string | null;

  @Field(() => [NewVariantInput], { defaultValue: [], description: 'What can be bought, at most 100.' })
  @ArrayMaxSize(MAX_VARIANTS)
  @ValidateNested({ each: true })
  @Type(() => NewVariantInput)
  variants: NewVariantInput[];
}

@InputType({ description: 'Changes to a product. What is left out stays as it is; lists are replaced whole.' })
export class UpdateProductInput extends ProductDetailsInput {
  @IdField('product', { description: 'The product.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Name for people, 1 to 300 characters.' })
  @IsOptional()
  @Length(1, 300)
  name?: string | null;

  @Field(() => ProductStatus, { nullable: true, description: 'Who may see it.' })
  status?: ProductStatus | null;

  @IdField('category', {
    nullable: true,
    description: 'Category that it belongs to; null takes it out of its category.',
  })
  categoryId?: string | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A product that is no longer sold.' })
export class ArchiveProductInput {
  @IdField('product', { description: 'The product.' })
  id: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@ArgsType()
export class RecommendationsArgs {
  @Field(() => Int, { defaultValue: 4, description: 'How many, 1 to 20.' })
  @Min(1)
  @Max(20)
  first: number;
}

@InputType({ isOneOf: true, description: 'Names one product.' })
export class ProductBy {
  @IdField('product', { nullable: true, description: 'By its id.' })
  id?: string;

  @Field({ nullable: true, description: 'By its slug.' })
  @IsOptional()
  @MaxLength(SLUG_LENGTH)
  slug?: string;

  @Field({ nullable: true, description: 'By the SKU of one of its variants.' })
  @IsOptional()
  @MaxLength(100)
  sku?: string;
}
