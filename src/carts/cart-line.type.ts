import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ViewerScope } from '../graphql/viewer-scope.js';

/** Why a line cannot be ordered as it is. */
export enum CartLineProblem {
  NOT_FOR_SALE = 'NOT_FOR_SALE',
  OUT_OF_STOCK = 'OUT_OF_STOCK',
}

registerEnumType(CartLineProblem, {
  name: 'CartLineProblem',
  description: 'Why a line of a cart cannot be ordered as it is.',
  valuesMap: {
    NOT_FOR_SALE: { description: 'The product is not sold any more. The line counts nothing; remove it.' },
    OUT_OF_STOCK: { description: 'Fewer units can be bought now than are wanted; see availableQuantity.' },
  },
});

@ObjectType({ description: 'How many units of one variant are wanted.' })
export class CartLine {
  @ViewerScope('public')
  @Field(() => ID, { description: 'What updateCartLines and removeCartLines take.' })
  id: string;

  @Field(() => Int, { description: 'Units that are wanted, 1 to 999.' })
  quantity: number;
}

/** A line as its table knows it. */
export interface LineRow extends CartLine {
  variantId: string;
}
