import { Args, ID, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { succeeded } from '../graphql/payload.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { Order } from '../orders/order.type.js';
import { DeliverOrderInput, FulfillOrderInput, ShipOrderInput } from './fulfillment.inputs.js';
import { DeliverOrderPayload, FulfillOrderPayload, ShipOrderPayload } from './fulfillment.payloads.js';
import { Fulfillment, FulfillmentLine } from './fulfillment.type.js';
import { FulfillmentsByOrder } from './fulfillments.loaders.js';
import { FulfillmentsService } from './fulfillments.service.js';

@Resolver(() => Fulfillment)
export class FulfillmentsResolver {
  constructor(private readonly service: FulfillmentsService) {}

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => FulfillOrderPayload, {
    description:
      'Packs all or some units of an order into a parcel; with the last one the order is FULFILLED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION, AMOUNT_TOO_HIGH.',
  })
  async fulfillOrder(
    @Args('input', { description: 'What is packed.' }) input: FulfillOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<FulfillOrderPayload> {
    return succeeded({ order: await this.service.pack(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => ShipOrderPayload, {
    description:
      'Hands packed parcels to the carrier; with the last one the order is SHIPPED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async shipOrder(
    @Args('input', { description: 'What leaves.' }) input: ShipOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<ShipOrderPayload> {
    return succeeded({ order: await this.service.ship(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => DeliverOrderPayload, {
    description:
      'Notes that parcels have arrived; with the last one the order is DELIVERED. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, ILLEGAL_TRANSITION.',
  })
  async deliverOrder(
    @Args('input', { description: 'What has arrived.' }) input: DeliverOrderInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<DeliverOrderPayload> {
    return succeeded({ order: await this.service.deliver(input, viewer) });
  }

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(parcel: Fulfillment): string {
    return toGlobalId('fulfillment', parcel.id);
  }
}

@Resolver(() => FulfillmentLine)
export class FulfillmentLineResolver {
  @ResolveField(() => ID, { description: 'Id of the order line.' })
  orderLineId(line: FulfillmentLine): string {
    return toGlobalId('orderline', line.orderLineId);
  }
}

@Resolver(() => Order)
export class OrderFulfillmentsResolver {
  constructor(private readonly byOrder: FulfillmentsByOrder) {}

  @ViewerScope('public')
  @ResolveField(() => [Fulfillment], { description: 'Its parcels, oldest first.' })
  fulfillments({ id }: Order, _: unknown, context: ShopContext): Promise<Fulfillment[]> {
    return this.byOrder.in(context).load(id);
  }
}
