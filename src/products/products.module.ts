import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { connectionShapes, keptConnection } from '../plans/connection-shape.js';
import { Planner } from '../plans/planner.service.js';
import {
  PRICE_RANGE,
  PRODUCT_ATTRIBUTE,
  PRODUCT_IMAGE,
  PRODUCT_OPTION,
  PRODUCT_QUERIES,
  productShape,
  productWith,
} from './product.shape.js';
import { SELECTED_OPTION, VARIANT_QUERIES, variantShape, variantWith } from './variant.shape.js';
import { CategoriesModule } from '../categories/categories.module.js';
import { StockModule } from '../stock/stock.module.js';
import { UsersModule } from '../users/users.module.js';
import {
  dropsOfProduct,
  dropsOfSales,
  KEPT_PRODUCT,
  KEPT_PRODUCT_PARTS,
  KEPT_PRODUCT_QUERIES,
  KEPT_VARIANT,
} from './product.kept.js';
import { PRODUCT_TOPIC, SALES_TOPIC } from './products.events.js';
import { ProductsBulk } from './products.bulk.js';
import { ProductFeed } from './products.feed.js';
import { ProductFieldsResolver } from './product-fields.resolver.js';
import { ProductById, RecommendedProducts, VariantById, VariantsByProduct } from './products.loaders.js';
import { ProductsQueries } from './products.queries.js';
import { ProductsResolver } from './products.resolver.js';
import { ProductsService } from './products.service.js';
import { ProductEventResolver, ProductsSubscriptions } from './products.subscriptions.js';
import { VariantsQueries } from './variants.queries.js';
import { VariantsResolver } from './variants.resolver.js';
import { VariantsService } from './variants.service.js';

const QUERIES = [ProductsQueries, VariantsQueries, ProductsBulk];
const LOADERS = [ProductById, VariantById, VariantsByProduct, RecommendedProducts];
const RESOLVERS = [
  ProductsResolver,
  ProductFieldsResolver,
  VariantsResolver,
  ProductsSubscriptions,
  ProductEventResolver,
];

/** Products with their variants: what they are, how they change, and what watchers are told. */
@Module({
  imports: [UsersModule, CategoriesModule, StockModule],
  providers: [...QUERIES, ...LOADERS, ...RESOLVERS, ProductsService, VariantsService, ProductFeed],
  exports: [ProductsService, VariantsService, ProductById, VariantById, ProductsBulk],
})
export class ProductsModule {
  constructor(planner: Planner, answers: KeptAnswers, { shopCurrency }: Config) {
    planner.register({ Query: { ...PRODUCT_QUERIES, ...VARIANT_QUERIES } });
    planner.register({ Product: productShape(shopCurrency), PriceRange: PRICE_RANGE });
    planner.register({
      ProductImage: PRODUCT_IMAGE,
      ProductAttribute: PRODUCT_ATTRIBUTE,
      ProductOption: PRODUCT_OPTION,
    });
    planner.register({ ProductVariant: variantShape(shopCurrency), SelectedOption: SELECTED_OPTION });
    planner.register(connectionShapes('Product', 'ProductConnection'));
    planner.keep({
      Query: KEPT_PRODUCT_QUERIES,
      Product: KEPT_PRODUCT,
      ProductVariant: KEPT_VARIANT,
      ...KEPT_PRODUCT_PARTS,
    });
    planner.keep(keptConnection('Product', 'ProductConnection'));
    answers.translate(PRODUCT_TOPIC, dropsOfProduct);
    answers.translate(SALES_TOPIC, dropsOfSales);
    planner.registerNode('product', { type: 'Product', find: productWith });
    planner.registerNode('variant', { type: 'ProductVariant', find: variantWith });
  }
}
