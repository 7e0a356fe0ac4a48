import { Args, ID, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import type { Connection } from '../graphql/page.js';
import { UserById } from '../users/users.loaders.js';
import { User } from '../users/user.type.js';
import { StockMovementsArgs } from './stock.inputs.js';
import { StockService } from './stock.service.js';
import { StockMovement, StockMovementConnection } from './stock.type.js';

@Resolver(() => StockMovement)
export class StockResolver {
  constructor(
    private readonly service: StockService,
    private readonly users: UserById,
  ) {}

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => StockMovementConnection, { description: 'The stock ledger of one variant, newest first. Staff only.' })
  stockMovements(@Args() { variantId, ...page }: StockMovementsArgs): Promise<Connection<StockMovement>> {
    return this.service.movements(variantId, page);
  }

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(movement: StockMovement): string {
    return toGlobalId('movement', movement.id);
  }

  @ResolveField(() => ID, {
    nullable: true,
    description: 'The order that the units went to or came from; null when none.',
  })
  orderId({ holderId }: StockMovement): string | null {
    return holderId === null ? null : toGlobalId('order', holderId);
  }

  @ResolveField(() => User, { nullable: true, description: 'Who moved the units; null for the system.' })
  actor({ actorId }: StockMovement, _: unknown, context: ShopContext): Promise<User | null> | null {
    return actorId === null ? null : this.users.in(context).load(actorId);
  }
}
