import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { CurrencyCode, Decimal } from './scalars.js';

/** An exact amount of money. Inside, amounts are integers in minor units. */
@ObjectType('Money', { description: 'An exact amount of money.' })
export class MoneyType {
  @Field(() => Decimal, { description: 'The amount in major units with all decimal places of the currency: "12.50".' })
  amount: string;

  @Field(() => CurrencyCode, { description: 'Currency of the amount.' })
  currency: string;
}

/** An amount as a client sends it. */
@InputType({ description: 'An exact amount of money.' })
export class MoneyInput {
  @Field(() => Decimal, {
    description: 'The amount in major units: "12.50". No more decimal places than the currency has, not negative.',
  })
  amount: string;

  @Field(() => CurrencyCode, {
    nullable: true,
    description: 'Currency of the amount; default is the currency of the shop. Another one is CURRENCY_MISMATCH.',
  })
  currency?: string | null;
}
