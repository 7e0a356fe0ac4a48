import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Planner } from '../plans/planner.service.js';
import { ShopResolver } from './shop.resolver.js';
import { KEPT_SHOP, SHOP_QUERIES, shopShape } from './shop.shape.js';

/** The shop itself: name and currency. */
@Module({ providers: [ShopResolver] })
export class ShopModule {
  constructor(planner: Planner, config: Config) {
    planner.register({ Query: SHOP_QUERIES, Shop: shopShape(config) });
    planner.keep(KEPT_SHOP);
  }
}
