import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';
import { connectionOf } from '../graphql/page.js';
import { PromotionKind, type PromotionRule } from './discount.rules.js';

registerEnumType(PromotionKind, {
  name: 'PromotionKind',
  description: 'What a promotion gives.',
  valuesMap: {
    PERCENT: { description: 'A part of what each line costs, rounded half up for each line.' },
    FIXED_AMOUNT: { description: 'An amount, spread over the lines in proportion to what they cost.' },
    FREE_SHIPPING: { description: 'Delivery for nothing.' },
  },
});

@ObjectType({
  implements: () => [Node],
  description: 'A rule that makes orders cheaper: a coupon, or one that applies by itself. Only staff can see it.',
})
export class Promotion extends Node {
  @Field({ description: 'Name for people, also for customers; 1 to 200 characters.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description: 'What customers enter, unique, in upper case; null when it applies by itself.',
  })
  code: string | null;

  @Field(() => PromotionKind, { description: 'What it gives.' })
  kind: PromotionKind;

  @Field(() => Date, { nullable: true, description: 'From this instant on; null when it has begun at all times.' })
  startsAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until just before this instant; null when it never ends.' })
  endsAt: Date | null;

  @Field(() => Int, { nullable: true, description: 'For how many orders in total; null when there is no limit.' })
  usageLimit: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many orders of one customer (account, or e-mail address of a guest); null for no limit.',
  })
  usageLimitPerCustomer: number | null;

  @Field({ description: 'Whether it can be used at all.' })
  enabled: boolean;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion. Uses do not count.' })
  version: number;

  @Field({ description: 'When the promotion was created.' })
  createdAt: Date;

  @Field({ description: 'When the promotion was last changed.' })
  updatedAt: Date;
}

/** A promotion as its table knows it. */
export interface PromotionRow extends Promotion, PromotionRule {
  /** Redemptions, counted while there is a limit. */
  used: number;
}

@ObjectType({ description: 'A page of promotions, newest first.' })
export class PromotionConnection extends connectionOf(Promotion, 'Promotion') {}
