import { ResolveField, Resolver } from '@nestjs/graphql';
import { CategoryById } from '../categories/categories.loaders.js';
import { Category } from '../categories/category.type.js';
import type { ShopContext } from '../graphql/context.js';
import { CatalogueService, type SearchPage } from './catalogue.service.js';
import { CategoryFacet, ProductSearchConnection, SearchFacets } from './search.type.js';

@Resolver(() => ProductSearchConnection)
export class SearchFacetsResolver {
  constructor(private readonly catalogue: CatalogueService) {}

  @ResolveField(() => SearchFacets, {
    description: 'What the found products can be narrowed to. Counted only when asked for.',
  })
  facets(page: SearchPage): Promise<SearchFacets> {
    return this.catalogue.facets(page);
  }
}

@Resolver(() => CategoryFacet)
export class CategoryFacetResolver {
  constructor(private readonly categories: CategoryById) {}

  @ResolveField(() => Category, { nullable: true, description: 'The category.' })
  category({ categoryId }: CategoryFacet, _: unknown, context: ShopContext): Promise<Category | null> {
    return this.categories.in(context).load(categoryId);
  }
}
