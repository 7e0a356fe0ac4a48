import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PricingModule } from '../pricing/pricing.module.js';
import { ProductsModule } from '../products/products.module.js';
import { UsersModule } from '../users/users.module.js';
import { CartChanges } from './cart-changes.service.js';
import { CartFieldsResolver } from './cart-fields.resolver.js';
import { CartLinesQueries } from './cart-lines.queries.js';
import { CartLinesResolver } from './cart-lines.resolver.js';
import { CartLinesService } from './cart-lines.service.js';
import { CartMergeQueries } from './cart-merge.queries.js';
import { CartOwnersService } from './cart-owners.service.js';
import { CartSweeper } from './cart-sweeper.js';
import { CartTermsResolver } from './cart-terms.resolver.js';
import { CartTermsService } from './cart-terms.service.js';
import { CartById, OpenCartOfUser, PricesOfCart } from './carts.loaders.js';
import { CartsQueries } from './carts.queries.js';
import { CartsResolver } from './carts.resolver.js';
import { CartsService } from './carts.service.js';
import { CouponLimits } from './coupon-limits.service.js';
import { NewCarts } from './new-carts.service.js';
import { UserCartResolver } from './user-cart.resolver.js';

/** What customers and guests are about to buy. */
@Module({
  imports: [UsersModule, ProductsModule, AuthModule, PricingModule],
  providers: [
    CartsQueries,
    CartLinesQueries,
    CartMergeQueries,
    CartChanges,
    NewCarts,
    CouponLimits,
    CartsService,
    CartLinesService,
    CartTermsService,
    CartOwnersService,
    CartSweeper,
    CartById,
    OpenCartOfUser,
    PricesOfCart,
    CartsResolver,
    CartTermsResolver,
    CartFieldsResolver,
    CartLinesResolver,
    UserCartResolver,
  ],
  exports: [CartsService, NewCarts, CouponLimits, CartById],
})
export class CartsModule {}
