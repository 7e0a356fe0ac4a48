import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';
import { TaxClass } from './tax-class.type.js';

@ObjectType({ description: 'One choice that makes a variant, such as Size: L.' })
export class SelectedOption {
  @Field({ description: 'Name of the choice.' })
  name: string;

  @Field({ description: 'What was chosen.' })
  value: string;
}

@ObjectType({
  implements: () => [Node],
  description: 'What is really bought: a product in one size, colour and so on.',
})
export class ProductVariant extends Node {
  @Field({ description: 'Stock keeping unit, unique in the shop.' })
  sku: string;

  @Field({ description: 'What tells it from the other variants, such as "13 inch / 8GB".' })
  title: string;

  @Field(() => [SelectedOption], {
    description: 'The choices that make this variant; empty when there is nothing to choose.',
  })
  selectedOptions: SelectedOption[];

  @Field(() => Int, { description: 'What one unit weighs for delivery, in grams; 0 when nobody has said it.' })
  weightGrams: number;

  @Field(() => TaxClass, { description: 'How it is taxed.' })
  taxClass: TaxClass;

  @Field({ description: 'When the variant was created.' })
  createdAt: Date;

  @Field({ description: 'When the variant was last changed, stock aside.' })
  updatedAt: Date;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;
}

/** A variant as its table knows it. */
export interface VariantRow extends ProductVariant {
  productId: string;
  priceMinor: number;
  compareAtMinor: number | null;
  currency: string;
}
