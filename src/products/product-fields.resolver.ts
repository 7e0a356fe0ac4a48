import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isStaff } from '../access/viewer.js';
import { CategoryById } from '../categories/categories.loaders.js';
import { Category } from '../categories/category.type.js';
import { Config } from '../config/config.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { toMoney } from '../money/money.js';
import { User } from '../users/user.type.js';
import { UserById } from '../users/users.loaders.js';
import { ProductVariant } from './product-variant.type.js';
import { PriceRange, Product, ProductAttribute, ProductOption, type ProductRow } from './product.type.js';
import { RecommendationsArgs } from './product.inputs.js';
import { RecommendedProducts, VariantsByProduct } from './products.loaders.js';

/** Fields of a product that are not simply columns. Without decorated parameters Nest calls them directly. */
@Resolver(() => Product)
export class ProductFieldsResolver {
  constructor(
    private readonly config: Config,
    private readonly categories: CategoryById,
    private readonly users: UserById,
    private readonly variantsBy: VariantsByProduct,
    private readonly recommended: RecommendedProducts,
  ) {}

  @ViewerScope('public')
  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(product: ProductRow): string {
    return toGlobalId('product', product.id);
  }

  @ViewerScope('public')
  @ResolveField(() => Category, {
    nullable: true,
    description: 'Category that the product belongs to; null when it has none.',
  })
  category({ categoryId }: ProductRow, _: unknown, context: ShopContext): Promise<Category | null> | null {
    return categoryId === null ? null : this.categories.in(context).load(categoryId);
  }

  @ViewerScope('public')
  @ResolveField(() => [ProductAttribute], { description: 'Facts about the product, in the order of their names.' })
  attributes({ attributes }: ProductRow): ProductAttribute[] {
    // As PostgreSQL compares them: by whole characters, where JavaScript looks at halves of some.
    const names = Object.keys(attributes).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return names.map((name) => ({ name, value: attributes[name] ?? '' }));
  }

  @ViewerScope('role')
  @ResolveField(() => [ProductVariant], { description: 'What can be bought, in the order of the shop; at most 100.' })
  variants({ id }: ProductRow, _: unknown, context: ShopContext): Promise<ProductVariant[]> {
    return this.variantsBy.in(context).load(id);
  }

  @ViewerScope('role')
  @ResolveField(() => [ProductOption], { description: 'The choices that a buyer has, as the variants offer them.' })
  async options({ id }: ProductRow, _: unknown, context: ShopContext): Promise<ProductOption[]> {
    const options = new Map<string, Set<string>>();
    for (const variant of await this.variantsBy.in(context).load(id)) {
      for (const { name, value } of variant.selectedOptions) {
        options.set(name, (options.get(name) ?? new Set()).add(value));
      }
    }
    return [...options].map(([name, values]) => ({ name, values: [...values] }));
  }

  @ViewerScope('public')
  @ResolveField(() => PriceRange, {
    nullable: true,
    description: 'Lowest and highest price; null while there is no variant.',
  })
  priceRange({ minPriceMinor, maxPriceMinor }: ProductRow): PriceRange | null {
    if (minPriceMinor === null || maxPriceMinor === null) return null;
    const { shopCurrency } = this.config;
    return { min: toMoney(minPriceMinor, shopCurrency), max: toMoney(maxPriceMinor, shopCurrency) };
  }

  @ViewerScope('role')
  @ResolveField(() => User, {
    nullable: true,
    description: 'Who created the product. Staff only: null for others, and for imports.',
  })
  createdBy({ createdById }: ProductRow, _: unknown, context: ShopContext): Promise<User | null> | null {
    return createdById === null || !isStaff(context.viewer) ? null : this.users.in(context).load(createdById);
  }

  @ViewerScope('role')
  @ResolveField(() => [Product], { description: 'Best-selling other products of the same category.' })
  recommendations(
    @Parent() { id }: ProductRow,
    @Args() { first }: RecommendationsArgs,
    @Context() context: ShopContext,
  ): Promise<Product[]> {
    return this.recommended.in(context).load({ productId: id, first });
  }
}
