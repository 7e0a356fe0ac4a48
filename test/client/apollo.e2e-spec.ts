import type { ApolloClient } from '@apollo/client';
import { createShopClient } from '../../client/example/apollo.js';
import {
  MeDocument,
  OnProductEventsDocument,
  ProductListDocument,
  ShopContextDocument,
  StockAdjustDocument,
} from '../../client/generated/operations.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { startLampShop, type LampShop } from './document-cases.js';

let lamps: LampShop;
let client: ApolloClient;
/** Sockets that the client has opened, the newest last; the second one finds no server. */
const sockets: WebSocket[] = [];
const RealSocket = globalThis.WebSocket;

beforeAll(async () => {
  lamps = await startLampShop();
  globalThis.WebSocket = class extends RealSocket {
    constructor(...[url, protocols]: ConstructorParameters<typeof WebSocket>) {
      super(sockets.length === 1 ? 'ws://localhost:1/graphql' : url, protocols);
      sockets.push(this);
    }
  };
  client = createShopClient(lamps.shop.url, () => Promise.resolve(lamps.staff.token));
});

afterAll(async () => {
  globalThis.WebSocket = RealSocket;
  client?.stop();
  await lamps?.shop.close();
});

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; !done(); tries += 1) {
    if (tries === 500) throw new Error('Nothing came within 10 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the client of the README', () => {
  it('asks as somebody, and as nobody', async () => {
    const { data } = await client.query({ query: MeDocument });
    expect(data?.me).toMatchObject({ id: lamps.staff.id, roles: ['STAFF'] });
    const nobody = createShopClient(lamps.shop.url, () => Promise.resolve(null));
    expect((await nobody.query({ query: MeDocument })).data).toEqual({ me: null });
    const list = await nobody.query({ query: ProductListDocument, variables: { first: 1 } });
    expect(list.data?.products.edges[0]?.node.name).toBe('Brass lamp');
  });

  it('goes on after the last event when the connection is lost', async () => {
    const { shop, staff } = lamps;
    const lamp = await makeProduct(shop, staff, { name: 'Live', variants: [aVariant({ stock: 50 })] });
    const variantId = lamp.variants[0]?.id ?? '';
    const take = () => client.mutate({ mutation: StockAdjustDocument, variables: { input: { variantId, delta: -1 } } });
    const { data } = await client.query({ query: ShopContextDocument, fetchPolicy: 'network-only' });
    const left: number[] = [];
    const watching = client
      .subscribe({
        query: OnProductEventsDocument,
        variables: { after: data?.liveCursor, productIds: [lamp.id], types: ['STOCK_CHANGED'] },
      })
      .subscribe(({ data: told }) => left.push(told?.productEvents.stock?.after ?? -1));

    await take();
    await take();
    await until(() => left.length === 2);
    sockets[0]?.close(4999, 'Lost');
    await take();
    await until(() => left.length === 3);
    await take();
    await until(() => left.length === 4);
    watching.unsubscribe();
    expect([left, sockets.length]).toEqual([[49, 48, 47, 46], 3]);
  });
});
