import { Field, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
import { Url } from '../graphql/scalars.js';
import { MAX_LINES, OrderChangeInput, OrderLineUnitsInput } from '../orders/order.inputs.js';

@InputType({ isAbstract: true })
abstract class TrackedInput extends OrderChangeInput {
  @Field(() => String, { nullable: true, description: 'Who carries it, up to 100 characters.' })
  @IsOptional()
  @MaxLength(100)
  carrier?: string | null;

  @Field(() => String, { nullable: true, description: "The carrier's number of it, up to 100 characters." })
  @IsOptional()
  @MaxLength(100)
  trackingNumber?: string | null;

  @Field(() => Url, { nullable: true, description: 'Page that tells where it is.' })
  trackingUrl?: string | null;
}

@InputType({ description: 'What is packed into a parcel.' })
export class FulfillOrderInput extends TrackedInput {
  @Field(() => [OrderLineUnitsInput], {
    nullable: true,
    description: 'What is in it; everything that is left when left out.',
  })
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_LINES)
  @ValidateNested({ each: true })
  @Type(() => OrderLineUnitsInput)
  lines?: OrderLineUnitsInput[] | null;
}

@InputType({ description: 'Parcels that leave.' })
export class ShipOrderInput extends TrackedInput {
  @IdField('fulfillment', { nullable: true, description: 'One parcel; all that are packed when left out.' })
  fulfillmentId?: string | null;
}

@InputType({ description: 'Parcels that have arrived.' })
export class DeliverOrderInput extends OrderChangeInput {
  @IdField('fulfillment', { nullable: true, description: 'One parcel; all that are on their way when left out.' })
  fulfillmentId?: string | null;
}
