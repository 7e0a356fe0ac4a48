import { CombinedGraphQLErrors, gql, type ApolloClient, type DocumentNode } from '@apollo/client';
import { createShopClient } from '../../client/example/apollo.js';
import {
  MeDocument,
  OnProductEventsDocument,
  ProductDetailDocument,
  ProductListDocument,
  ShopContextDocument,
  StockAdjustDocument,
} from '../../client/generated/operations.js';
import { aVariant, change, makeProduct, PRODUCT_CHANGES } from '../support/catalogue.js';
import { until } from '../support/live.js';
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
    await until('it is told', () => left.length === 2);
    sockets[0]?.close(4999, 'Lost');
    await take();
    await until('it is told', () => left.length === 3);
    await take();
    await until('it is told', () => left.length === 4);
    watching.unsubscribe();
    expect([left, sockets.length]).toEqual([[49, 48, 47, 46], 3]);
  });

  it('reads again what is on show when the events behind a cursor are not there any more', async () => {
    const { shop, staff } = lamps;
    const { id } = await makeProduct(shop, staff, { name: 'Old', description: 'Old', variants: [aVariant()] });
    const shown: unknown[] = [];
    const page = client
      .watchQuery({ query: ProductDetailDocument, variables: { by: { id } } })
      .subscribe(({ data }) => shown.push([data?.product?.name, data?.product?.description]));
    await until('it is shown', () => JSON.stringify(shown.at(-1)) === '["Old","Old"]');
    await change(shop, staff, PRODUCT_CHANGES.update, { id, description: 'New' });
    const after = Buffer.from('00000000:1').toString('base64url');
    const watching = client
      .subscribe({ query: OnProductEventsDocument, variables: { after, productIds: [id] } })
      .subscribe(({ error }) => error && shown.push(error));
    // No event tells the description: it was sent for.
    await until('it is shown afresh', () => JSON.stringify(shown.at(-1)) === '["Old","New"]');
    await change(shop, staff, PRODUCT_CHANGES.update, { id, name: 'New' });
    await until('it is told', () => JSON.stringify(shown.at(-1)) === '["New","New"]');
    watching.unsubscribe();
    page.unsubscribe();
    expect(shown.filter((error) => error instanceof Error)).toEqual([]);
  });

  it('tells why a subscription is refused', async () => {
    const refusals: unknown[] = [];
    const subscribe = (query: DocumentNode, variables: object): void =>
      void client.subscribe({ query, variables }).subscribe(({ error }) => refusals.push(error));
    subscribe(OnProductEventsDocument, { productIds: ['nonsense'] });
    await until('it is refused', () => refusals.length === 1);
    subscribe(gql('subscription Blind($after: Cursor) { productEvents(after: $after) { type } }'), {});
    await until('it is refused', () => refusals.length === 2);
    const [first] = refusals;
    expect(CombinedGraphQLErrors.is(first) && first.errors[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(refusals[1]).toEqual(new Error('Blind cannot be resumed: it needs the field cursor of the event.'));
  });
});
