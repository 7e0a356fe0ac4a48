import { ArgsType } from '@nestjs/graphql';
import { IdField } from '../graphql/id-field.js';
import { PageArgs } from '../graphql/page.js';

@ArgsType()
export class StockMovementsArgs extends PageArgs {
  @IdField('variant', { description: 'The variant.' })
  variantId: string;
}
