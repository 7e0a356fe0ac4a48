import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { isStaff } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { NodeRegistry } from '../graphql/node.js';
import { PageArgs, type Connection } from '../graphql/page.js';
import { User } from '../users/user.type.js';
import { OrderArgs, OrdersArgs } from './order.inputs.js';
import { Order, OrderConnection, type OrderRow } from './order.type.js';
import { OrderById, OrdersOfCustomer } from './orders.loaders.js';
import { OrdersService } from './orders.service.js';

@Resolver(() => Order)
export class OrdersResolver implements OnModuleInit {
  constructor(
    private readonly service: OrdersService,
    private readonly byId: OrderById,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<OrderRow | null> => this.byId.in(context).load(uuid);
    this.nodes.register('order', { typeName: 'Order', load });
  }

  @Public()
  @Query(() => Order, {
    nullable: true,
    description:
      'One order, for its customer, for staff, or for whoever knows its number and e-mail address; null when there is none for you.',
  })
  order(@Args() { by }: OrderArgs, @Context() { viewer }: ShopContext): Promise<OrderRow | null> {
    return this.service.find(by, viewer);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => OrderConnection, { description: 'Orders of everybody, newest first. Staff only.' })
  orders(@Args() { filter, ...page }: OrdersArgs): Promise<Connection<OrderRow>> {
    return this.service.list(filter ?? {}, page);
  }
}

@Resolver(() => User)
export class UserOrdersResolver {
  constructor(private readonly ofCustomer: OrdersOfCustomer) {}

  @ResolveField(() => OrderConnection, {
    nullable: true,
    description: 'Orders of the account, newest first; null for others than the account itself and staff.',
  })
  orders(
    @Parent() { id }: User,
    @Args() args: PageArgs,
    @Context() context: ShopContext,
  ): Promise<Connection<OrderRow>> | null {
    const may = isStaff(context.viewer) || context.viewer?.id === id;
    return may ? this.ofCustomer.in(context).load({ id, args }) : null;
  }
}
