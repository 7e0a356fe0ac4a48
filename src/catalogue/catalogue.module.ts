import { Module } from '@nestjs/common';
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
export class CatalogueModule {}
