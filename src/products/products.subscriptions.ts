import { Args, Context, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import type { ShopContext } from '../graphql/context.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { Watch } from '../live/watch.js';
import { ProductAddedArgs, ProductEvent, ProductEventsArgs } from './product-event.type.js';
import { Product, type ProductRow } from './product.type.js';
import { ProductFeed } from './products.feed.js';
import { ProductById } from './products.loaders.js';

@Resolver()
export class ProductsSubscriptions {
  constructor(private readonly feed: ProductFeed) {}

  @Public()
  @ViewerScope('role')
  @Subscription(() => ProductEvent, {
    description:
      'What happens to products, in order, without gaps, resumable by the cursor of the last event. Others than staff are told of ACTIVE products only. Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  productEvents(@Args() args: ProductEventsArgs, @Context() { viewer }: ShopContext): Watch<ProductEvent> {
    return this.feed.events(args, viewer);
  }

  @Public()
  @ViewerScope('user')
  @Subscription(() => ProductEvent, {
    description:
      'New products. Staff are told of all, others of those that they may read or have created. Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  productAdded(@Args() args: ProductAddedArgs, @Context() { viewer }: ShopContext): Watch<ProductEvent> {
    return this.feed.added(args, viewer);
  }
}

@Resolver(() => ProductEvent)
export class ProductEventResolver {
  constructor(private readonly products: ProductById) {}

  /** The log is kept for days: what was for everybody then may be hidden now. */
  @ResolveField(() => Product, {
    nullable: true,
    description: 'The product right after the change; null when you may not, or no longer, know of it.',
  })
  async product({ product, mayBeHidden }: ProductEvent, _: unknown, context: ShopContext): Promise<Product | null> {
    if (!product || !mayBeHidden) return product;
    return (await this.products.in(context).load((product as ProductRow).id)) && product;
  }
}
