import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getNamedType, isInterfaceType, isObjectType, print, type GraphQLNamedType, type GraphQLSchema } from 'graphql';
import { OnProductEventsDocument } from '../../client/generated/operations.js';
import { Role } from '../../src/access/role.js';
import { fieldScope } from '../../src/graphql/viewer-scope.js';
import { LiveMetrics } from '../../src/live/live-metrics.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { LiveClient } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(() => shop?.close());

/** The types that a live query can reach. */
function reachable(schema: GraphQLSchema): Set<GraphQLNamedType> {
  const found = new Set<GraphQLNamedType>();
  const visit = (type: GraphQLNamedType | null | undefined): void => {
    if (!type || found.has(type)) return;
    found.add(type);
    if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (!isObjectType(type)) return;
    for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
  };
  visit(schema.getSubscriptionType());
  return found;
}

describe('scopes', () => {
  it('keep apart whom they must, field by field; every other field of live queries is shared', () => {
    const { schema } = shop.app.get(GraphQLSchemaHost, { strict: false });
    const types = [...reachable(schema)].filter(isObjectType);
    const names = types.flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => fieldScope(field) === 'user')
        .map((field) => `${type.name}.${field.name}`),
    );
    // A field that joins them is made anew for each account: let it read no more of the viewer than it must.
    expect(names.toSorted()).toEqual([
      'Cart.customer',
      'Order.customer',
      'Order.nextStates',
      'OrderEvent.actor',
      'OrderHistoryEntry.actor',
      'Subscription.orderEvents',
      'Subscription.productAdded',
      'User.orders',
    ]);
  });

  it('let customers share what is made for an event, but not with staff', async () => {
    const staff = await signUp(shop, { roles: [Role.STAFF] });
    const accounts: (Account | undefined)[] = [await signUp(shop), await signUp(shop), staff, undefined, undefined];
    const clients = await Promise.all(accounts.map((by) => LiveClient.open(shop, by)));
    const streams = await Promise.all(clients.map((client) => client.watch(print(OnProductEventsDocument))));
    const metrics = shop.app.get(LiveMetrics, { strict: false });
    const { executions, deliveries } = metrics;
    const { id } = await makeProduct(shop, staff, { name: 'Shared', variants: [aVariant()] });
    const told = await Promise.all(streams.map((stream) => stream.next()));
    for (const { data } of told) expect(data['productEvents']).toMatchObject({ type: 'CREATED', productId: id });
    expect([metrics.executions - executions, metrics.deliveries - deliveries]).toEqual([3, 5]);
    await Promise.all(clients.map((client) => client.close()));
  });
});
