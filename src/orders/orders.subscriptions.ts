import { Args, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { Watch } from '../live/watch.js';
import { UserById } from '../users/users.loaders.js';
import { User } from '../users/user.type.js';
import { OrderEvent, OrderEventsArgs } from './order-event.type.js';
import { OrderFeed } from './orders.feed.js';

@Resolver()
export class OrdersSubscriptions {
  constructor(private readonly feed: OrderFeed) {}

  @Allow()
  @ViewerScope('user')
  @Subscription(() => OrderEvent, {
    description:
      'What happens to orders, in order, without gaps, resumable by the cursor of the last event. Staff are told of all orders, ' +
      'others of their own; imported orders are history and not told. Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  orderEvents(@Args() args: OrderEventsArgs, @CurrentUser() viewer: Viewer): Watch<OrderEvent> {
    return this.feed.events(args, viewer);
  }
}

@Resolver(() => OrderEvent)
export class OrderEventResolver {
  constructor(private readonly users: UserById) {}

  @ResolveField(() => User, {
    nullable: true,
    description: 'Who did it; null for the shop itself, for guests, and for other accounts when you are not staff.',
  })
  actor({ actorId }: OrderEvent, _: unknown, context: ShopContext): Promise<User | null> | null {
    return actorId === null ? null : this.users.in(context).load(actorId);
  }
}
