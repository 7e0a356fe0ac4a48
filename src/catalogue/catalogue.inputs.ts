import { ArgsType, Field, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsOptional, Length, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { IdField, IdsField } from '../graphql/id-field.js';
import { PageArgs } from '../graphql/page.js';
import { Decimal } from '../graphql/scalars.js';
import { ProductStatus } from '../products/product.type.js';

/** What a list of products is ordered by. */
export enum ProductSortField {
  NAME = 'NAME',
  PRICE = 'PRICE',
  CREATED_AT = 'CREATED_AT',
  RELEVANCE = 'RELEVANCE',
  BEST_SELLING = 'BEST_SELLING',
}

/** Which end of an order comes first. */
export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(ProductSortField, {
  name: 'ProductSortField',
  description: 'What a list of products is ordered by.',
  valuesMap: {
    NAME: { description: 'Name, upper and lower case alike.' },
    PRICE: { description: 'Price of the cheapest variant; products without variants come last.' },
    CREATED_AT: { description: 'When the product was created.' },
    RELEVANCE: { description: 'How well the product fits the searched text; without a text, as BEST_SELLING.' },
    BEST_SELLING: { description: 'Units sold.' },
  },
});

registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which end of an order comes first.',
  valuesMap: { ASC: { description: 'Smallest, oldest, A first.' }, DESC: { description: 'Largest, newest, Z first.' } },
});

@InputType({ description: 'Order of a list of products. Ties are broken by the id.' })
export class ProductSort {
  @Field(() => ProductSortField, { description: 'What to order by.' })
  field: ProductSortField;

  @Field(() => SortDirection, { defaultValue: SortDirection.ASC, description: 'Which end comes first.' })
  direction: SortDirection;
}

@InputType({
  description: 'A range of prices in the currency of the shop, both ends included. Some variant must cost so much.',
})
export class PriceRangeFilter {
  @Field(() => Decimal, { nullable: true, description: 'The lowest price.' })
  min?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'The highest price.' })
  max?: string | null;
}

@InputType({ description: 'An attribute and the values that are wanted.' })
export class AttributeFilter {
  @Field({ description: 'Name of the attribute, exactly as written.' })
  @Length(1, 100)
  name: string;

  @Field(() => [String], { description: 'One of these values, 1 to 20.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @MaxLength(500, { each: true })
  values: string[];
}

@InputType({ description: 'Which products are wanted. All conditions that are given must hold.' })
export class ProductFilter {
  @IdField('category', { nullable: true, description: 'Products of this category.' })
  categoryId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'With categoryId: also products of the categories below it. Default false.',
  })
  includeSubcategories?: boolean | null;

  @Field(() => PriceRangeFilter, { nullable: true, description: 'Products with a price in this range.' })
  price?: PriceRangeFilter | null;

  @Field(() => Boolean, { nullable: true, description: 'Products that can be bought now, or those that cannot.' })
  inStock?: boolean | null;

  @Field(() => ProductStatus, {
    nullable: true,
    description: 'Products with this status. Others than staff find ACTIVE ones only.',
  })
  status?: ProductStatus | null;

  @Field(() => [AttributeFilter], { nullable: true, description: 'Attributes that must all fit, at most 10.' })
  @IsOptional()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => AttributeFilter)
  attributes?: AttributeFilter[] | null;

  @IdsField('product', { nullable: true, max: 100, description: 'One of these products, at most 100.' })
  ids?: string[] | null;

  @Field(() => Date, { nullable: true, description: 'Products created after this instant.' })
  createdAfter?: Date | null;

  @Field(() => [ProductFilter], { nullable: true, description: 'All of these must hold, at most 10.' })
  @IsOptional()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ProductFilter)
  and?: ProductFilter[] | null;

  @Field(() => [ProductFilter], { nullable: true, description: 'At least one of these must hold, at most 10.' })
  @IsOptional()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ProductFilter)
  or?: ProductFilter[] | null;

  @Field(() => ProductFilter, { nullable: true, description: 'This must not hold.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ProductFilter)
  not?: ProductFilter | null;
}

@ArgsType()
export class ProductsArgs extends PageArgs {
  @Field(() => ProductFilter, { nullable: true, description: 'Which products.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ProductFilter)
  filter?: ProductFilter | null;

  @Field(() => ProductSort, { nullable: true, description: 'In which order.' })
  sort?: ProductSort | null;
}

@ArgsType()
export class SearchArgs extends ProductsArgs {
  @Field({
    description:
      'What to look for, 1 to 200 characters: words or their beginnings; typing errors are forgiven when nothing fits exactly.',
  })
  @Length(1, 200)
  text: string;
}

@ArgsType()
export class SuggestionsArgs {
  @Field({ description: 'What has been typed so far, 1 to 100 characters.' })
  @Length(1, 100)
  prefix: string;

  @Field(() => Int, { defaultValue: 8, description: 'How many, 1 to 20.' })
  @Min(1)
  @Max(20)
  first: number;
}

@ArgsType()
export class CategoryProductsArgs extends ProductsArgs {
  @Field({ defaultValue: false, description: 'Also products of the categories below.' })
  includeSubcategories: boolean;
}

@ArgsType()
export class ProductCountArgs {
  @Field({ defaultValue: false, description: 'Also products of the categories below.' })
  includeSubcategories: boolean;
}
