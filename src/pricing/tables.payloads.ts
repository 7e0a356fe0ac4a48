import { Extensions, Field, ObjectType } from '@nestjs/graphql';
import { LIST_SIZE } from '../operations/limits.js';
import { Payload } from '../graphql/payload.js';
import { SHIPPING_METHODS_SIZE, ShippingMethod, TAX_RATES_SIZE, TaxRate } from './tables.type.js';

@ObjectType({ description: 'Result of setTaxRates.' })
export class SetTaxRatesPayload extends Payload {
  @Extensions({ [LIST_SIZE]: TAX_RATES_SIZE })
  @Field(() => [TaxRate], { nullable: true, description: 'The whole new table; null when refused.' })
  taxRates?: TaxRate[] | null;
}

@ObjectType({ description: 'Result of setShippingMethods.' })
export class SetShippingMethodsPayload extends Payload {
  @Extensions({ [LIST_SIZE]: SHIPPING_METHODS_SIZE })
  @Field(() => [ShippingMethod], { nullable: true, description: 'The whole new table; null when refused.' })
  shippingMethods?: ShippingMethod[] | null;
}
