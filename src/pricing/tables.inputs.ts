import { applyDecorators } from '@nestjs/common';
import { Field, InputType, Int } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsOptional,
  Length,
  Matches,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { SLUG } from '../database/slug.js';
import { MoneyInput } from '../graphql/money.type.js';
import { CountryCode, Decimal } from '../graphql/scalars.js';
import { ShippingBasis } from './tables.type.js';
import { rateBp } from './tax-rate.rules.js';

// More than there are countries.
const MAX_COUNTRIES = 300;
const MAX_METHODS = 50;
const MAX_BANDS = 20;

@InputType({ description: 'How one country taxes.' })
export class TaxRateInput {
  @Field(() => CountryCode, {
    nullable: true,
    description: 'The country that goods are sent to; left out: every country without a rate of its own.',
  })
  country?: string | null;

  @Name('Name of the tax, such as "VAT".')
  name: string;

  @Field({ description: 'Whether prices, of goods and of shipping, hold the tax already; otherwise it is added.' })
  pricesIncludeTax: boolean;

  @Rate('Per cent on what is taxed as usual, and on shipping: "0" to "100", at most two decimal places.')
  standardRate: string;

  @Rate('Per cent on goods of the class REDUCED; the standard rate when left out.', { nullable: true })
  reducedRate?: string | null;
}

@InputType({ description: 'The whole table of taxes.' })
export class SetTaxRatesInput {
  @Field(() => [TaxRateInput], {
    description:
      'One rate for each country, at most 300; a country without any, and none for the others, taxes nothing.',
  })
  @ArrayMaxSize(MAX_COUNTRIES)
  @ArrayUnique((rate: TaxRateInput) => rate.country ?? null, { message: 'must have one rate for each country' })
  @ValidateNested({ each: true })
  @Type(() => TaxRateInput)
  rates: TaxRateInput[];
}

@InputType({ description: "A step of a shipping method's price, from an amount or weight on up to the next step." })
export class ShippingBandInput {
  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Goods after discounts that it begins with, of a method by PRICE; left out: 0.',
  })
  fromAmount?: MoneyInput | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Grams that it begins with, of a method by WEIGHT; left out: 0.',
  })
  @IsOptional()
  @Min(0)
  fromGrams?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What delivery costs; null when this much is not carried.' })
  price?: MoneyInput | null;
}

@InputType({ description: 'A way to deliver, with its price list.' })
export class ShippingMethodInput {
  @Field({ description: 'Name for programs: lower-case letters, digits and single hyphens, 1 to 50 characters.' })
  @Length(1, 50)
  @Matches(SLUG, { message: 'must be lower-case letters and digits, joined by single hyphens' })
  code: string;

  @Name('Name for people.')
  name: string;

  @Field(() => [CountryCode], { defaultValue: [], description: 'Countries that it delivers to; empty for all.' })
  @ArrayMaxSize(MAX_COUNTRIES)
  @ArrayUnique({ message: 'must name each country once' })
  countries: string[];

  @Field(() => ShippingBasis, { description: 'What its price depends on.' })
  basis: ShippingBasis;

  @Field(() => [ShippingBandInput], {
    description: 'Its prices, 1 to 20: the first from 0, each next one from more.',
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_BANDS)
  @ValidateNested({ each: true })
  @Type(() => ShippingBandInput)
  bands: ShippingBandInput[];
}

@InputType({ description: 'The whole table of shipping methods.' })
export class SetShippingMethodsInput {
  @Field(() => [ShippingMethodInput], { description: 'The methods in the order in which they are shown, at most 50.' })
  @ArrayMaxSize(MAX_METHODS)
  @ArrayUnique((method: ShippingMethodInput) => method.code, { message: 'must have each code once' })
  @ValidateNested({ each: true })
  @Type(() => ShippingMethodInput)
  methods: ShippingMethodInput[];
}

function Name(description: string): PropertyDecorator {
  return applyDecorators(
    Field(() => String, { description: `${description} 1 to 100 characters; spaces around it are cut off.` }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    Length(1, 100),
  );
}

function Rate(description: string, { nullable = false } = {}): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && rateBp(value) !== null,
    defaultMessage: () => 'must be from 0 to 100 with at most two decimal places',
  };
  return applyDecorators(
    Field(() => Decimal, { nullable, description }),
    ValidateBy({ name: 'isRate', validator }),
    ...(nullable ? [IsOptional()] : []),
  );
}
