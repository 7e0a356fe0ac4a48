import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Url } from '../graphql/scalars.js';
import { ViewerScope } from '../graphql/viewer-scope.js';

/** Where a parcel is. */
export enum FulfillmentState {
  PACKED = 'PACKED',
  SHIPPED = 'SHIPPED',
  DELIVERED = 'DELIVERED',
}

registerEnumType(FulfillmentState, {
  name: 'FulfillmentState',
  description: 'Where a parcel is.',
  valuesMap: {
    PACKED: { description: 'Ready to go.' },
    SHIPPED: { description: 'With the carrier.' },
    DELIVERED: { description: 'With the customer.' },
  },
});

@ObjectType({ description: 'Units of one order line in a parcel.' })
export class FulfillmentLine {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Id of the order line.' })
  orderLineId: string;

  @Field(() => Int, { description: 'Units in this parcel.' })
  quantity: number;
}

@ObjectType({ description: 'A parcel: some or all units of an order.' })
export class Fulfillment {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;

  @Field(() => FulfillmentState, { description: 'Where it is.' })
  state: FulfillmentState;

  @Field(() => [FulfillmentLine], { description: 'What is in it.' })
  lines: FulfillmentLine[];

  @Field(() => String, { nullable: true, description: 'Who carries it; null while unknown.' })
  carrier: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number of it; null while unknown." })
  trackingNumber: string | null;

  @Field(() => Url, { nullable: true, description: 'Page that tells where it is; null when there is none.' })
  trackingUrl: string | null;

  @Field({ description: 'When it was packed.' })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: 'When it left; null while it has not.' })
  shippedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it arrived; null while it has not.' })
  deliveredAt: Date | null;
}

/** A parcel as its table knows it. */
export interface FulfillmentRow extends Fulfillment {
  orderId: string;
}
