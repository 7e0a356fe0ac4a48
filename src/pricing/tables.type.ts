import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { MoneyType } from '../graphql/money.type.js';
import { CountryCode } from '../graphql/scalars.js';
import type { Money } from '../money/money.js';
import type { ShippingRule } from './shipping.rules.js';
import type { TaxRule } from './totals.rules.js';

// Tables have few rows and never more than a few hundred: what queries are counted with.
export const TAX_RATES_SIZE = 100;
export const SHIPPING_METHODS_SIZE = 10;

/** What a delivery's price depends on. */
export enum ShippingBasis {
  PRICE = 'PRICE',
  WEIGHT = 'WEIGHT',
}

registerEnumType(ShippingBasis, {
  name: 'ShippingBasis',
  description: "What a delivery's price depends on.",
  valuesMap: {
    PRICE: { description: 'What the goods cost, less discounts.' },
    WEIGHT: { description: 'What the goods weigh.' },
  },
});

@ObjectType({ description: 'How one country taxes.' })
export class TaxRate {
  @Field(() => CountryCode, {
    nullable: true,
    description: 'The country that goods are sent to; null for every country without a rate of its own.',
  })
  country: string | null;

  @Field({ description: 'Name of the tax, such as "VAT".' })
  name: string;

  @Field({ description: 'Whether prices, of goods and of shipping, hold the tax already; otherwise it is added.' })
  pricesIncludeTax: boolean;
}

/** A tax rate as its table knows it. */
export interface TaxRateRow extends TaxRate, TaxRule {}

@ObjectType('ShippingBand', {
  description: "A step of a shipping method's price, from an amount or weight on up to the next step.",
})
export class ShippingBandType {
  @Field(() => MoneyType, {
    nullable: true,
    description: 'Goods after discounts that it begins with; null for a method by weight.',
  })
  fromAmount: Money | null;

  @Field(() => Int, { nullable: true, description: 'Grams that it begins with; null for a method by price.' })
  fromGrams: number | null;

  @Field(() => MoneyType, { nullable: true, description: 'What delivery costs; null when this much is not carried.' })
  price: Money | null;
}

@ObjectType({ description: 'A way to deliver, with its price list.' })
export class ShippingMethod {
  @Field({ description: 'Name for programs, unique, such as "standard".' })
  code: string;

  @Field({ description: 'Name for people.' })
  name: string;

  @Field(() => [CountryCode], { description: 'Countries that it delivers to; empty for all.' })
  countries: readonly string[];

  @Field(() => ShippingBasis, { description: 'What its price depends on.' })
  basis: ShippingRule['basis'];
}

/** A shipping method as its table knows it. */
export interface ShippingMethodRow extends ShippingMethod, ShippingRule {}
