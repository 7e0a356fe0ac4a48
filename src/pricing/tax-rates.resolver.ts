import { Args, Extensions, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { LIST_SIZE } from '../operations/limits.js';
import { succeeded } from '../graphql/payload.js';
import { Decimal } from '../graphql/scalars.js';
import { formatPercent } from '../promotions/percent.rules.js';
import { SetTaxRatesInput } from './tables.inputs.js';
import { SetTaxRatesPayload } from './tables.payloads.js';
import { TablesService } from './tables.service.js';
import { TAX_RATES_SIZE, TaxRate, type TaxRateRow } from './tables.type.js';

@Resolver(() => TaxRate)
export class TaxRatesResolver {
  constructor(private readonly service: TablesService) {}

  @Public()
  @Extensions({ [LIST_SIZE]: TAX_RATES_SIZE })
  @Query(() => [TaxRate], {
    description: 'How countries tax, by their codes; the rate of all others comes last. Anybody may read it.',
  })
  taxRates(): Promise<TaxRateRow[]> {
    return this.service.taxRates();
  }

  @Allow(Role.ADMIN)
  @Mutation(() => SetTaxRatesPayload, {
    description: 'Replaces the whole table of taxes. Admin only. Orders keep the taxes that they were placed with.',
  })
  async setTaxRates(
    @Args('input', { description: 'The new table.' }) input: SetTaxRatesInput,
  ): Promise<SetTaxRatesPayload> {
    return succeeded({ taxRates: await this.service.setTaxRates(input) });
  }

  @ResolveField(() => Decimal, { description: 'Per cent on what is taxed as usual, and on shipping: "20".' })
  standardRate({ standardBp }: TaxRateRow): string {
    return formatPercent(standardBp);
  }

  @ResolveField(() => Decimal, { description: 'Per cent on goods of the class REDUCED: "5.5".' })
  reducedRate({ reducedBp }: TaxRateRow): string {
    return formatPercent(reducedBp);
  }
}
