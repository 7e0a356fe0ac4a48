import { Module } from '@nestjs/common';
import { OffersQueries } from './offers.queries.js';
import { PricingService } from './pricing.service.js';
import { TermsQueries } from './terms.queries.js';

/** What goods cost: offers, promotions, shipping and tax, added up in one place. */
@Module({
  providers: [OffersQueries, TermsQueries, PricingService],
  exports: [PricingService],
})
export class PricingModule {}
