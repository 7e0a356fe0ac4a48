import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { connectionShapes, keptConnection } from '../plans/connection-shape.js';
import { Planner } from '../plans/planner.service.js';
import { KEPT_CATALOGUE, KEPT_SUGGESTION } from './catalogue.kept.js';
import { catalogueQueries, categoryProducts, SEARCH_SUGGESTION } from './catalogue.shape.js';
import { facetShapes } from './search-facets.shape.js';
import { CategoriesModule } from '../categories/categories.module.js';
import { ProductsModule } from '../products/products.module.js';
import { CatalogueResolver } from './catalogue.resolver.js';
import { CatalogueService } from './catalogue.service.js';
import { ProductCountOfCategory, ProductsOfCategory } from './category-products.loaders.js';
import { CategoryProductsResolver } from './category-products.resolver.js';
import { ProductListQueries } from './product-list.queries.js';
import { ProductSearchQueries } from './product-search.queries.js';
import { CategoryFacetResolver, SearchFacetsResolver } from './search-facets.resolver.js';

/** Lists of products: filtered, sorted, searched, by category. It reads the tables of products and writes nothing. */
@Module({
  imports: [CategoriesModule, ProductsModule],
  providers: [
    ProductListQueries,
    ProductSearchQueries,
    CatalogueService,
    ProductsOfCategory,
    ProductCountOfCategory,
    CatalogueResolver,
    CategoryProductsResolver,
    SearchFacetsResolver,
    CategoryFacetResolver,
  ],
})
export class CatalogueModule {
  constructor(planner: Planner, { shopCurrency }: Config) {
    planner.register({ Query: catalogueQueries(shopCurrency), Category: categoryProducts(shopCurrency) });
    planner.register(connectionShapes('Product', 'ProductSearchConnection'));
    planner.register(facetShapes(shopCurrency));
    planner.register({ SearchSuggestion: SEARCH_SUGGESTION });
    planner.keep({ ...KEPT_CATALOGUE, SearchSuggestion: KEPT_SUGGESTION });
    planner.keep(keptConnection('Product', 'ProductSearchConnection'));
  }
}
