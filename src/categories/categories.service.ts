import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { freeSlugs } from '../database/slug.js';
import { EventsService } from '../events/events.service.js';
import {
  CategoryCycle,
  CategoryNotEmpty,
  CategoryNotFound,
  CategorySlugTaken,
  CategoryTooDeep,
  CategoryVersionConflict,
  MAX_TREE_LEVELS,
} from './categories.errors.js';
import { categoryEvent, CategoryEventType } from './categories.events.js';
import { CategoriesQueries } from './categories.queries.js';
import type {
  CategoryBy,
  CreateCategoryInput,
  DeleteCategoryInput,
  MoveCategoryInput,
  UpdateCategoryInput,
} from './category.inputs.js';
import type { Category } from './category.type.js';

/** The tree of categories. */
@Injectable()
export class CategoriesService {
  constructor(
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly queries: CategoriesQueries,
  ) {}

  /** All categories or the roots, siblings in their order. */
  list({ rootsOnly }: { rootsOnly: boolean }): Promise<Category[]> {
    return rootsOnly ? this.queries.roots(this.database) : this.queries.all(this.database);
  }

  async find(by: CategoryBy): Promise<Category | null> {
    if (by.slug != null) return this.queries.bySlug(this.database, by.slug);
    const [category] = await this.queries.byIds(this.database, by.id == null ? [] : [by.id]);
    return category ?? null;
  }

  /** @throws CategoryNotFound, CategorySlugTaken, CategoryTooDeep */
  create(input: CreateCategoryInput): Promise<Category> {
    return this.database.transaction((tx) => this.createIn(tx, input));
  }

  /** The same within a running transaction, for imports. */
  async createIn(tx: Tx, input: CreateCategoryInput): Promise<Category> {
    const parentId = input.parentId ?? null;
    await this.queries.lockTree(tx);
    if (parentId !== null) await this.refuseTooDeep(tx, parentId, 1);
    const position = await this.queries.place(tx, null, parentId, input.position ?? null);
    const [slug = ''] = input.slug == null ? await freeSlugs(tx, 'categories', [input.name]) : [input.slug];
    const { name, description } = input;
    const category = await this.queries.insert(tx, { slug, name, description: description ?? '', parentId, position });
    if (!category) throw new CategorySlugTaken(slug);
    await this.queries.attach(tx, category.id, parentId);
    return this.told(tx, CategoryEventType.CREATED, category);
  }

  /** @throws CategoryNotFound, CategoryVersionConflict, CategorySlugTaken */
  async update({ id, name, slug, description, expectedVersion }: UpdateCategoryInput): Promise<Category> {
    try {
      return await this.database.transaction(async (tx) => {
        await this.lock(tx, id, expectedVersion);
        const change = { name: name ?? null, slug: slug ?? null, description: description ?? null };
        return this.told(tx, CategoryEventType.UPDATED, found(await this.queries.update(tx, id, change)));
      });
    } catch (error) {
      if (violatedConstraint(error) === 'categories_slug_unique') throw new CategorySlugTaken(slug ?? '');
      throw error;
    }
  }

  /** @throws CategoryNotFound, CategoryVersionConflict, CategoryCycle, CategoryTooDeep */
  move({ id, parentId = null, position, expectedVersion }: MoveCategoryInput): Promise<Category> {
    return this.database.transaction(async (tx) => {
      await this.queries.lockTree(tx);
      await this.lock(tx, id, expectedVersion);
      if (parentId !== null) {
        if (await this.queries.isBelow(tx, parentId, id)) throw new CategoryCycle();
        await this.refuseTooDeep(tx, parentId, await this.queries.heightOf(tx, id));
      }
      await this.queries.detach(tx, id);
      await this.queries.attach(tx, id, parentId);
      const place = await this.queries.place(tx, id, parentId, position ?? null);
      return this.told(tx, CategoryEventType.MOVED, found(await this.queries.setPlace(tx, id, parentId, place)));
    });
  }

  /** Answers what was deleted. @throws CategoryNotFound, CategoryVersionConflict, CategoryNotEmpty */
  async delete({ id, expectedVersion }: DeleteCategoryInput): Promise<Category> {
    try {
      return await this.database.transaction(async (tx) => {
        await this.queries.lockTree(tx);
        const category = await this.lock(tx, id, expectedVersion);
        await this.queries.delete(tx, id);
        return this.told(tx, CategoryEventType.DELETED, category);
      });
    } catch (error) {
      // Rooms to the right refer to categories by foreign keys that this room does not know by name.
      if (violatedConstraint(error) !== null) throw new CategoryNotEmpty();
      throw error;
    }
  }

  private async told(tx: Tx, type: CategoryEventType, category: Category): Promise<Category> {
    await this.events.append(tx, categoryEvent(type, category));
    return category;
  }

  private async lock(tx: Tx, id: string, expectedVersion: number | null | undefined): Promise<Category> {
    const category = found(await this.queries.forUpdate(tx, id));
    if (expectedVersion != null && expectedVersion !== category.version) throw new CategoryVersionConflict();
    return category;
  }

  private async refuseTooDeep(tx: Tx, parentId: string, levels: number): Promise<void> {
    const above = await this.queries.levelOf(tx, parentId);
    if (above === 0) throw new CategoryNotFound('parentId');
    if (above + levels > MAX_TREE_LEVELS) throw new CategoryTooDeep();
  }
}

function found(category: Category | null): Category {
  if (!category) throw new CategoryNotFound('id');
  return category;
}
