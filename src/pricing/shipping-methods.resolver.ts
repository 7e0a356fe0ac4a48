import { Args, Extensions, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { Config } from '../config/config.js';
import { LIST_SIZE } from '../operations/limits.js';
import { succeeded } from '../graphql/payload.js';
import { shownBand } from './tables.rules.js';
import { SetShippingMethodsInput } from './tables.inputs.js';
import { SetShippingMethodsPayload } from './tables.payloads.js';
import { TablesService } from './tables.service.js';
import { SHIPPING_METHODS_SIZE, ShippingBandType, ShippingMethod, type ShippingMethodRow } from './tables.type.js';

@Resolver(() => ShippingMethod)
export class ShippingMethodsResolver {
  constructor(
    private readonly service: TablesService,
    private readonly config: Config,
  ) {}

  @Public()
  @Extensions({ [LIST_SIZE]: SHIPPING_METHODS_SIZE })
  @Query(() => [ShippingMethod], { description: 'Ways to deliver, in their order. Anybody may read it.' })
  shippingMethods(): Promise<ShippingMethodRow[]> {
    return this.service.shippingMethods();
  }

  @Allow(Role.ADMIN)
  @Mutation(() => SetShippingMethodsPayload, {
    description: 'Replaces the whole table of shipping methods. Admin only. Refused with CURRENCY_MISMATCH.',
  })
  async setShippingMethods(
    @Args('input', { description: 'The new table.' }) input: SetShippingMethodsInput,
  ): Promise<SetShippingMethodsPayload> {
    return succeeded({ shippingMethods: await this.service.setShippingMethods(input) });
  }

  @ResolveField(() => [ShippingBandType], { description: 'Its prices, ascending; the first from 0.' })
  bands({ basis, bands }: ShippingMethodRow): ShippingBandType[] {
    return bands.map((band) => shownBand(band, basis, this.config.shopCurrency));
  }
}
