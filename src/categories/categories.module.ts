import { Module } from '@nestjs/common';
import { KeptAnswers } from '../answers/kept-answers.js';
import { Planner } from '../plans/planner.service.js';
import { CATEGORY, CATEGORY_QUERIES, categoryWith } from './category.shape.js';
import { CATEGORY_TOPIC } from './categories.events.js';
import { dropsOfCategory, KEPT_CATEGORY, KEPT_CATEGORY_QUERIES } from './category.kept.js';
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
  constructor(planner: Planner, answers: KeptAnswers) {
    planner.register({ Query: CATEGORY_QUERIES, Category: CATEGORY });
    planner.keep({ Query: KEPT_CATEGORY_QUERIES, Category: KEPT_CATEGORY });
    answers.translate(CATEGORY_TOPIC, dropsOfCategory);
    planner.registerNode('category', { type: 'Category', find: categoryWith });
  }
}
