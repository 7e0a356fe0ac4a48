import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/page.js';

/** Why units came or went. */
export enum StockReason {
  INITIAL = 'INITIAL',
  RECEIVED = 'RECEIVED',
  RETURNED = 'RETURNED',
  DAMAGED = 'DAMAGED',
  CORRECTION = 'CORRECTION',
  IMPORT = 'IMPORT',
  SOLD = 'SOLD',
  CANCELLED = 'CANCELLED',
}

registerEnumType(StockReason, {
  name: 'StockReason',
  description: 'Why units came or went.',
  valuesMap: {
    INITIAL: { description: 'The stock that a variant was created with.' },
    RECEIVED: { description: 'A delivery from a supplier.' },
    RETURNED: { description: 'Sent back by a customer.' },
    DAMAGED: { description: 'Broken, expired or lost.' },
    CORRECTION: { description: 'A count showed another number.' },
    IMPORT: { description: 'Set by an import.' },
    SOLD: { description: 'Taken for an order.' },
    CANCELLED: { description: 'Given back by an order that was cancelled or refunded.' },
  },
});

@ObjectType({ description: 'How many units of a variant there are. Staff only.' })
export class StockLevel {
  @Field(() => Int, { description: 'Units in the warehouse.' })
  onHand: number;

  @Field(() => Int, { description: 'Units on hand that are promised to somebody.' })
  reserved: number;

  @Field(() => Int, { description: 'Units that can be sold: on hand less reserved.' })
  available: number;

  /** Not in the schema. */
  variantId: string;
}

@ObjectType({ description: 'One entry of the stock ledger. The deltas of a variant add up to its units on hand.' })
export class StockMovement {
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;

  @Field(() => Int, { description: 'Units that came (positive) or went (negative).' })
  delta: number;

  @Field(() => Int, { description: 'Units on hand afterwards.' })
  onHandAfter: number;

  @Field(() => StockReason, { description: 'Why.' })
  reason: StockReason;

  @Field(() => String, { nullable: true, description: 'What the person noted; null when nothing.' })
  note: string | null;

  @Field({ description: 'When.' })
  at: Date;

  /** Not in the schema: who did it leads to the user. */
  actorId: string | null;

  /** Not in the schema: the order that it was for. */
  holderId: string | null;
}

@ObjectType({ description: 'A page of the stock ledger, newest first.' })
export class StockMovementConnection extends connectionOf(StockMovement, 'StockMovement') {}

/** What happened to one variant's stock, in units that can be sold. */
export interface StockChange {
  variantId: string;
  availableBefore: number;
  availableAfter: number;
}

/** Who moved stock, and why. */
export interface MovementCause {
  reason: StockReason;
  note: string | null;
  /** `null` for the system. */
  actorId: string | null;
}

/** Units that an order wants. */
export interface UnitsWanted {
  /** Each variant once. */
  variantId: string;
  quantity: number;
  /** What the variant is called in a refusal, and the input field that asked for it. */
  sku: string;
  field: readonly string[] | null;
}
