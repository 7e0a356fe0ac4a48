import { Query, Resolver } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import { Config } from '../config/config.js';
import { VERSION } from '../config/version.js';
import { Shop } from './shop.type.js';

@Resolver(() => Shop)
export class ShopResolver {
  constructor(private readonly config: Config) {}

  @Public()
  @Query(() => Shop, { description: 'What a front end needs to know of the shop. Anybody may read it.' })
  shop(): Shop {
    return { name: this.config.shopName, currency: this.config.shopCurrency, version: VERSION };
  }
}
