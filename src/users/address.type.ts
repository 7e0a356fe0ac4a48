import { Field, ObjectType } from '@nestjs/graphql';
import { CountryCode } from '../graphql/scalars.js';

@ObjectType({ description: 'A postal address.' })
export class Address {
  @Field({ description: 'Who receives it.' })
  fullName: string;

  @Field(() => String, { nullable: true, description: 'Company; null when there is none.' })
  company: string | null;

  @Field({ description: 'Street and number, or whatever comes first.' })
  line1: string;

  @Field(() => String, { nullable: true, description: 'Flat, floor, building; null when there is none.' })
  line2: string | null;

  @Field({ description: 'Town or city.' })
  city: string;

  @Field(() => String, { nullable: true, description: 'State, province or county; null when there is none.' })
  region: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code; null in countries without.' })
  postalCode: string | null;

  @Field(() => CountryCode, { description: 'Country, ISO 3166-1 alpha-2.' })
  country: string;

  @Field(() => String, { nullable: true, description: 'Telephone for the carrier; null when there is none.' })
  phone: string | null;
}
