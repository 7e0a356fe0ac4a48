import { Module } from '@nestjs/common';
import { CategoriesBulk } from './categories.bulk.js';
import { AncestorsByCategory, CategoryById, ChildrenByCategory } from './categories.loaders.js';
import { CategoriesQueries } from './categories.queries.js';
import { CategoriesResolver } from './categories.resolver.js';
import { CategoriesService } from './categories.service.js';

/** The tree of categories. */
@Module({
  providers: [
    CategoriesQueries,
    CategoriesBulk,
    CategoriesService,
    CategoryById,
    ChildrenByCategory,
    AncestorsByCategory,
    CategoriesResolver,
  ],
  exports: [CategoriesService, CategoriesBulk, CategoryById],
})
export class CategoriesModule {}
