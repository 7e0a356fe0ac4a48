import { Field, ObjectType } from '@nestjs/graphql';
import { CurrencyCode } from '../graphql/scalars.js';

@ObjectType({ description: 'The shop itself.' })
export class Shop {
  @Field({ description: 'Name of the shop.' })
  name: string;

  @Field(() => CurrencyCode, { description: 'Currency of all prices.' })
  currency: string;

  @Field({ description: 'Version of the server, such as "0.1.0".' })
  version: string;
}
