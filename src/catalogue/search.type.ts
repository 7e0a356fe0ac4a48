import { Field, Int, ObjectType } from '@nestjs/graphql';
import { MoneyType } from '../graphql/money.type.js';
import type { Money } from '../money/money.js';
import { Product, ProductConnection } from '../products/product.type.js';

@ObjectType({ description: 'Found products of one category.' })
export class CategoryFacet {
  @Field(() => Int, { description: 'How many of the found products belong to it directly.' })
  count: number;

  /** Not in the schema: leads to `category`. */
  categoryId: string;
}

@ObjectType({ description: 'Found products with one value of an attribute.' })
export class AttributeValueFacet {
  @Field({ description: 'The value.' })
  value: string;

  @Field(() => Int, { description: 'How many of the found products have it.' })
  count: number;
}

@ObjectType({ description: 'Found products by one attribute.' })
export class AttributeFacet {
  @Field({ description: 'Name of the attribute.' })
  name: string;

  @Field(() => [AttributeValueFacet], { description: 'Its most frequent values, at most 10.' })
  values: AttributeValueFacet[];
}

@ObjectType({ description: 'Found products whose lowest price lies between two prices, both included.' })
export class PriceBandFacet {
  @Field(() => MoneyType, { description: 'Lowest price in the band.' })
  min: Money;

  @Field(() => MoneyType, { description: 'Highest price in the band.' })
  max: Money;

  @Field(() => Int, { description: 'How many of the found products lie in it.' })
  count: number;
}

@ObjectType({ description: 'What found products can be narrowed to, over all pages.' })
export class SearchFacets {
  @Field(() => [CategoryFacet], { description: 'Categories with the most found products, at most 20.' })
  categories: CategoryFacet[];

  @Field(() => [AttributeFacet], { description: 'Attributes that most of the found products have, at most 10.' })
  attributes: AttributeFacet[];

  @Field(() => [PriceBandFacet], {
    description: 'Up to 5 bands with about equally many products each, cheapest first.',
  })
  priceBands: PriceBandFacet[];

  @Field(() => Int, { description: 'Found products that can be bought now.' })
  inStockCount: number;

  @Field(() => Int, { description: 'Found products that cannot be bought now.' })
  outOfStockCount: number;
}

@ObjectType({ description: 'A page of found products, what fits best first.' })
export class ProductSearchConnection extends ProductConnection {}

@ObjectType({ description: 'What somebody who types may be looking for.' })
export class SearchSuggestion {
  @Field({ description: 'A text to search for.' })
  text: string;

  @Field(() => Product, { description: 'The product that the text comes from.' })
  product: Product;
}
