import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { IdField, IdsField } from '../graphql/id-field.js';
import { MoneyType } from '../graphql/money.type.js';
import { Cursor } from '../graphql/scalars.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { Money } from '../money/money.js';
import { Product } from './product.type.js';
import { ProductEventType } from './products.events.js';

registerEnumType(ProductEventType, {
  name: 'ProductEventType',
  description: 'What can happen to a product.',
  valuesMap: {
    CREATED: { description: 'The product is new.' },
    UPDATED: { description: 'The product or its variants were changed.' },
    PRICE_CHANGED: { description: 'A variant costs more or less, and may have been changed in other ways too.' },
    STOCK_CHANGED: { description: 'There are more or fewer units of a variant.' },
    ARCHIVED: { description: 'The product is no longer sold.' },
  },
});

@ObjectType({ description: 'The price of a variant before and after a change.' })
export class PriceChange {
  @Field(() => MoneyType, { description: 'What it cost.' })
  before: Money;

  @Field(() => MoneyType, { description: 'What it costs now.' })
  after: Money;
}

@ObjectType('StockChange', { description: 'Units of a variant that can be bought, before and after a change.' })
export class StockChangeType {
  @Field(() => Int, { description: 'Units before.' })
  before: number;

  @Field(() => Int, { description: 'Units after.' })
  after: number;
}

@ObjectType({
  description:
    'Something that happened to a product. Values are those right after the change, whatever happened since; `variants`, ' +
    '`options`, `category`, `recommendations` and `createdBy` of the product are read when it is told.',
})
export class ProductEvent {
  @Field(() => Cursor, { description: 'Position in the stream; subscribe after it to go on from here.' })
  cursor: string;

  @Field({ description: 'When it happened.' })
  occurredAt: Date;

  @Field(() => ProductEventType, { description: 'What happened.' })
  type: ProductEventType;

  @Field(() => ID, { description: 'Id of the product.' })
  productId: string;

  @ViewerScope('role')
  @Field(() => Product, {
    nullable: true,
    description: 'The product right after the change; null when you may no longer know of it.',
  })
  product: Product | null;

  /** Something has happened to the product since, and not everybody who could see it then may see it now. */
  mayBeHidden: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the variant that it was about; null when it was the whole product.',
  })
  variantId: string | null;

  @Field(() => PriceChange, { nullable: true, description: 'Set for PRICE_CHANGED.' })
  price: PriceChange | null;

  @Field(() => StockChangeType, { nullable: true, description: 'Set for STOCK_CHANGED.' })
  stock: StockChangeType | null;
}

@ArgsType()
export class ProductAddedArgs {
  @Field(() => Cursor, {
    nullable: true,
    description: 'Go on after this cursor; without it, with what happens from now on.',
  })
  after?: string | null;

  @IdField('category', { nullable: true, description: 'Only products of this category or one below it.' })
  categoryId?: string | null;
}

@ArgsType()
export class ProductEventsArgs extends ProductAddedArgs {
  @Field(() => [ProductEventType], { nullable: true, description: 'Only these types.' })
  @IsOptional()
  @ArrayMaxSize(20)
  types?: ProductEventType[] | null;

  @IdsField('product', { nullable: true, max: 100, description: 'Only these products, at most 100.' })
  productIds?: string[] | null;
}
