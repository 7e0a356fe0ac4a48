import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import type { ShopContext } from '../graphql/context.js';
import { ProductAddedArgs, ProductEvent, ProductEventsArgs } from './product-event.type.js';
import { ProductFeed, type ProductEvents } from './products.feed.js';

@Resolver()
export class ProductsSubscriptions {
  constructor(private readonly feed: ProductFeed) {}

  @Public()
  @Subscription(() => ProductEvent, {
    description:
      'What happens to products, in order, without gaps, resumable by the cursor of the last event. Others than staff are told of ACTIVE products only. Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  productEvents(@Args() args: ProductEventsArgs, @Context() { viewer }: ShopContext): Promise<ProductEvents> {
    return this.feed.events(args, viewer);
  }

  @Public()
  @Subscription(() => ProductEvent, {
    description:
      'New products. Staff are told of all, others of those that they may read or have created. Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  productAdded(@Args() args: ProductAddedArgs, @Context() { viewer }: ShopContext): Promise<ProductEvents> {
    return this.feed.added(args, viewer);
  }
}
