import { Module } from '@nestjs/common';
import { OffersQueries } from './offers.queries.js';
import { PricingService } from './pricing.service.js';
import { ShippingMethodsResolver } from './shipping-methods.resolver.js';
import { TablesQueries } from './tables.queries.js';
import { TablesService } from './tables.service.js';
import { TaxRatesResolver } from './tax-rates.resolver.js';
import { TermsQueries } from './terms.queries.js';

/** What goods cost: offers, promotions, shipping and tax, added up in one place. */
@Module({
  providers: [
    OffersQueries,
    TermsQueries,
    PricingService,
    TablesQueries,
    TablesService,
    TaxRatesResolver,
    ShippingMethodsResolver,
  ],
  exports: [PricingService, TablesService],
})
export class PricingModule {}
