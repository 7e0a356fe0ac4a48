import { Module } from '@nestjs/common';
import { ShopResolver } from './shop.resolver.js';

/** The shop itself: name and currency. */
@Module({ providers: [ShopResolver] })
export class ShopModule {}
