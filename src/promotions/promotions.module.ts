import { Module } from '@nestjs/common';
import { PromotionById, UsesByPromotion } from './promotions.loaders.js';
import { PromotionsQueries } from './promotions.queries.js';
import { PromotionsResolver } from './promotions.resolver.js';
import { PromotionsService } from './promotions.service.js';
import { RedemptionsQueries } from './redemptions.queries.js';

/** Coupons and automatic promotions: what they give, and how often they may be used. */
@Module({
  providers: [
    PromotionsQueries,
    RedemptionsQueries,
    PromotionsService,
    PromotionById,
    UsesByPromotion,
    PromotionsResolver,
  ],
  exports: [PromotionsService],
})
export class PromotionsModule {}
