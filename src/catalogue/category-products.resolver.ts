import { Args, Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Category } from '../categories/category.type.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { ShopContext } from '../graphql/context.js';
import type { Connection } from '../graphql/page.js';
import { ProductCountOfCategory, ProductsOfCategory } from './category-products.loaders.js';
import { CategoryProductsArgs, ProductCountArgs } from './catalogue.inputs.js';
import { ProductConnection, type ProductRow } from '../products/product.type.js';

/** What this room knows of categories: categories know nothing of products. */
@Resolver(() => Category)
export class CategoryProductsResolver {
  constructor(
    private readonly products: ProductsOfCategory,
    private readonly counts: ProductCountOfCategory,
  ) {}

  @ViewerScope('role')
  @ResolveField(() => ProductConnection, {
    name: 'products',
    description: 'Its products, newest first unless sorted otherwise.',
  })
  productsOf(
    @Parent() { id }: Category,
    @Args() args: CategoryProductsArgs,
    @Context() context: ShopContext,
  ): Promise<Connection<ProductRow>> {
    return this.products.in(context).load({ id, args });
  }

  @ViewerScope('role')
  @ResolveField(() => Int, { description: 'How many products it has that you may know of.' })
  productCount(
    @Parent() { id }: Category,
    @Args() args: ProductCountArgs,
    @Context() context: ShopContext,
  ): Promise<number> {
    return this.counts.in(context).load({ id, args });
  }
}
