import { Module } from '@nestjs/common';
import { Planner } from '../plans/planner.service.js';
import { CATEGORY, CATEGORY_QUERIES, categoryWith } from './category.shape.js';
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
export class CategoriesModule {
  constructor(planner: Planner) {
    planner.register({ Query: CATEGORY_QUERIES, Category: CATEGORY });
    planner.registerNode('category', { type: 'Category', find: categoryWith });
  }
}
