import { Module } from '@nestjs/common';
import { AncestorsByCategory, CategoryById, ChildrenByCategory } from './categories.loaders.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoriesResolver } from './categories.resolver.js';
import { CategoriesService } from './categories.service.js';

/** The tree of categories. */
@Module({
  providers: [
    CategoriesQueries,
    CategoriesService,
    CategoryById,
    ChildrenByCategory,
    AncestorsByCategory,
    CategoriesResolver,
  ],
  exports: [CategoriesService, CategoryById],
})
export class CategoriesModule {}
