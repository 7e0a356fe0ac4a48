import type { OnModuleInit } from '@nestjs/common';
import { Args, Extensions, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { LIST_SIZE, type ListSize } from '../operations/limits.js';
import { NodeRegistry } from '../graphql/node.js';
import { succeeded } from '../graphql/payload.js';
import { AncestorsByCategory, CategoryById, ChildrenByCategory } from './categories.loaders.js';
import { CategoriesService } from './categories.service.js';
import {
  CategoriesArgs,
  CategoryBy,
  CreateCategoryInput,
  DeleteCategoryInput,
  MoveCategoryInput,
  UpdateCategoryInput,
} from './category.inputs.js';
import {
  CreateCategoryPayload,
  DeleteCategoryPayload,
  MoveCategoryPayload,
  UpdateCategoryPayload,
} from './category.payloads.js';
import { Category } from './category.type.js';

// A tree has thousands of categories, but few roots.
const categoriesSize: ListSize = ({ rootsOnly }) => (rootsOnly === true ? 30 : 1_000);

@Resolver(() => Category)
export class CategoriesResolver implements OnModuleInit {
  constructor(
    private readonly service: CategoriesService,
    private readonly byId: CategoryById,
    private readonly childrenBy: ChildrenByCategory,
    private readonly ancestorsBy: AncestorsByCategory,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<Category | null> => this.byId.in(context).load(uuid);
    this.nodes.register('category', { typeName: 'Category', load });
  }

  @Public()
  @Extensions({ [LIST_SIZE]: categoriesSize })
  @Query(() => [Category], {
    description: 'The tree of categories as a flat list, siblings in their order. Anybody may read it.',
  })
  categories(@Args() args: CategoriesArgs): Promise<Category[]> {
    return this.service.list(args);
  }

  @Public()
  @Query(() => Category, { nullable: true, description: 'One category; null when there is none.' })
  category(@Args('by', { description: 'Which one.' }) by: CategoryBy): Promise<Category | null> {
    return this.service.find(by);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CreateCategoryPayload, {
    description: 'Adds a category. Staff only. Refused with NOT_FOUND, SLUG_TAKEN, CATEGORY_TOO_DEEP.',
  })
  async createCategory(
    @Args('input', { description: 'The category.' }) input: CreateCategoryInput,
  ): Promise<CreateCategoryPayload> {
    return succeeded({ category: await this.service.create(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => UpdateCategoryPayload, {
    description: 'Changes a category. Staff only. Refused with NOT_FOUND, SLUG_TAKEN, VERSION_CONFLICT.',
  })
  async updateCategory(
    @Args('input', { description: 'The changes.' }) input: UpdateCategoryInput,
  ): Promise<UpdateCategoryPayload> {
    return succeeded({ category: await this.service.update(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => MoveCategoryPayload, {
    description:
      'Moves a category with everything below it. Staff only. Refused with NOT_FOUND, CATEGORY_CYCLE, CATEGORY_TOO_DEEP, VERSION_CONFLICT.',
  })
  async moveCategory(
    @Args('input', { description: 'Where to.' }) input: MoveCategoryInput,
  ): Promise<MoveCategoryPayload> {
    return succeeded({ category: await this.service.move(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => DeleteCategoryPayload, {
    description: 'Deletes an empty category. Staff only. Refused with NOT_FOUND, CATEGORY_NOT_EMPTY, VERSION_CONFLICT.',
  })
  async deleteCategory(
    @Args('input', { description: 'Which one.' }) input: DeleteCategoryInput,
  ): Promise<DeleteCategoryPayload> {
    const { id } = await this.service.delete(input);
    return succeeded({ deletedCategoryId: toGlobalId('category', id) });
  }

  // Field resolvers take no decorated parameters: Nest then calls them directly, without its wrapper.

  @ViewerScope('public')
  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(category: Category): string {
    return toGlobalId('category', category.id);
  }

  @ViewerScope('public')
  @ResolveField(() => ID, { nullable: true, description: 'Id of the category above; null for a root.' })
  parentId({ parentId }: Category): string | null {
    return parentId === null ? null : toGlobalId('category', parentId);
  }

  @ViewerScope('public')
  @ResolveField(() => Category, { nullable: true, description: 'The category above; null for a root.' })
  parent({ parentId }: Category, _: unknown, context: ShopContext): Promise<Category | null> | null {
    return parentId === null ? null : this.byId.in(context).load(parentId);
  }

  @Extensions({ [LIST_SIZE]: 20 })
  @ViewerScope('public')
  @ResolveField(() => [Category], { description: 'The categories directly below, in their order.' })
  children({ id }: Category, _: unknown, context: ShopContext): Promise<Category[]> {
    return this.childrenBy.in(context).load(id);
  }

  @ViewerScope('public')
  @ResolveField(() => [Category], { description: 'All categories above, from the root down; empty for a root.' })
  ancestors({ id }: Category, _: unknown, context: ShopContext): Promise<Category[]> {
    return this.ancestorsBy.in(context).load(id);
  }
}
