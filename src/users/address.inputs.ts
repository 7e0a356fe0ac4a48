import { Field, InputType, Int } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import { IsOptional, Length, Matches, ValidateNested } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
import { CountryCode } from '../graphql/scalars.js';
import type { Address } from './address.type.js';

// A line break within a line would move everything below it on a label.
const ONE_LINE = /^\P{Cc}*$/u;

/** A line of an address: spaces around it are cut off. */
function Line(description: string, { max, nullable = false }: { max: number; nullable?: boolean }): PropertyDecorator {
  return (target, property) => {
    const about = `${description} ${nullable ? 'Up to' : '1 to'} ${max} characters.`;
    Field(() => String, { nullable, description: about })(target, property);
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))(target, property);
    Length(nullable ? 0 : 1, max)(target, property);
    Matches(ONE_LINE, { message: 'must be one line, without control characters' })(target, property);
    if (nullable) IsOptional()(target, property);
  };
}

@InputType({ description: 'A postal address.' })
export class AddressInput {
  @Line('Who receives it.', { max: 100 })
  fullName: string;

  @Line('Company.', { max: 100, nullable: true })
  company?: string | null;

  @Line('Street and number, or whatever comes first.', { max: 200 })
  line1: string;

  @Line('Flat, floor, building.', { max: 200, nullable: true })
  line2?: string | null;

  @Line('Town or city.', { max: 100 })
  city: string;

  @Line('State, province or county.', { max: 100, nullable: true })
  region?: string | null;

  @Line('Postal code; leave it out in countries without.', { max: 20, nullable: true })
  postalCode?: string | null;

  @Field(() => CountryCode, { description: 'Country, ISO 3166-1 alpha-2, such as "GB".' })
  country: string;

  @Line('Telephone for the carrier.', { max: 40, nullable: true })
  phone?: string | null;
}

@InputType({ description: "A new address of the viewer's own book." })
export class CreateAddressInput {
  @Field(() => AddressInput, { description: 'The address.' })
  @ValidateNested()
  @Type(() => AddressInput)
  address: AddressInput;

  @Field({ defaultValue: false, description: 'Make it the default for shipping, in the place of another one.' })
  isDefaultShipping: boolean;

  @Field({ defaultValue: false, description: 'Make it the default for billing, in the place of another one.' })
  isDefaultBilling: boolean;
}

@InputType({ description: "Changes to an address of the viewer's own book. What is left out stays as it is." })
export class UpdateAddressInput {
  @IdField('address', { description: 'The address.' })
  id: string;

  @Field(() => AddressInput, { nullable: true, description: 'The whole address as it shall be.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AddressInput)
  address?: AddressInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Make it the default for shipping, in the place of another one; false leaves the book without.',
  })
  isDefaultShipping?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Make it the default for billing, in the place of another one; false leaves the book without.',
  })
  isDefaultBilling?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: "An address to delete from the viewer's own book." })
export class DeleteAddressInput {
  @IdField('address', { description: 'The address.' })
  id: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

/** An address as it is stored: everything is said, empty texts are `null`. */
export function addressOf(input: AddressInput): Address {
  const { fullName, line1, city, country } = input;
  const company = input.company || null;
  const line2 = input.line2 || null;
  const region = input.region || null;
  const postalCode = input.postalCode || null;
  return { fullName, company, line1, line2, city, region, postalCode, country, phone: input.phone || null };
}
