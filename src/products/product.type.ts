import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MoneyType } from '../graphql/money.type.js';
import { Node } from '../graphql/node.js';
import { connectionOf } from '../graphql/page.js';
import { Url } from '../graphql/scalars.js';
import type { Money } from '../money/money.js';

/** Who may see a product. */
export enum ProductStatus {
  DRAFT = 'DRAFT',
  ACTIVE = 'ACTIVE',
  ARCHIVED = 'ARCHIVED',
}

registerEnumType(ProductStatus, {
  name: 'ProductStatus',
  description: 'Who may see a product.',
  valuesMap: {
    DRAFT: { description: 'In preparation: staff only.' },
    ACTIVE: { description: 'For sale: everybody.' },
    ARCHIVED: { description: 'No longer sold: staff only.' },
  },
});

@ObjectType({ description: 'A picture of a product.' })
export class ProductImage {
  @Field(() => Url, { description: 'Where the picture is.' })
  url: string;

  @Field({ description: 'What it shows, for those who cannot see it; may be empty.' })
  alt: string;
}

@ObjectType({ description: 'A fact about a product, such as Brand: Apple.' })
export class ProductAttribute {
  @Field({ description: 'What the fact is about.' })
  name: string;

  @Field({ description: 'The fact.' })
  value: string;
}

@ObjectType({ description: 'A choice that a buyer has, such as Size, with all values that some variant has.' })
export class ProductOption {
  @Field({ description: 'Name of the choice.' })
  name: string;

  @Field(() => [String], { description: 'Its values, in the order of the variants.' })
  values: string[];
}

@ObjectType({ description: 'Lowest and highest price among the variants of a product.' })
export class PriceRange {
  @Field(() => MoneyType, { description: 'Price of the cheapest variant.' })
  min: Money;

  @Field(() => MoneyType, { description: 'Price of the dearest variant.' })
  max: Money;
}

@ObjectType({ implements: () => [Node], description: 'Something the shop sells, in one or several variants.' })
export class Product extends Node {
  @Field({ description: 'Unique name for URLs, such as "brass-lamp".' })
  slug: string;

  @Field({ description: 'Name for people.' })
  name: string;

  @Field({ description: 'Plain text; may be empty.' })
  description: string;

  @Field(() => ProductStatus, { description: 'Who may see the product.' })
  status: ProductStatus;

  @Field(() => [ProductImage], { description: 'Pictures, the main one first; at most 50.' })
  images: ProductImage[];

  @Field({ description: 'Whether at least one variant can be bought now.' })
  inStock: boolean;

  @Field({ description: 'When the product was created.' })
  createdAt: Date;

  @Field({ description: 'When the product or one of its variants was last changed, stock aside.' })
  updatedAt: Date;

  @Field(() => Int, {
    description: 'Grows with every change of the product or its variants; send it back as expectedVersion.',
  })
  version: number;
}

/** A product as its table knows it: what the schema shows and what leads to the rest. */
export interface ProductRow extends Product {
  categoryId: string | null;
  createdById: string | null;
  attributes: Readonly<Record<string, string>>;
  /** Minor units of the shop's currency; `null` while there is no variant. */
  minPriceMinor: number | null;
  maxPriceMinor: number | null;
}

@ObjectType({ description: 'A page of products.' })
export class ProductConnection extends connectionOf(Product, 'Product') {}
