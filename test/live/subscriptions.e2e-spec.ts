import { Role } from '../../src/access/role.js';
import { EventsService } from '../../src/events/events.service.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { signIn, signUp, type Account } from '../support/accounts.js';
import { aVariant, change, makeChain, makeProduct, PRODUCT_CHANGES, refused, NOBODY } from '../support/catalogue.js';
import { LiveClient, openStreams, settled, until, type Stream } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const { create, update, archive, createVariant, updateVariant, deleteVariant, adjustStock } = PRODUCT_CHANGES;
const EVENT = `{
  cursor occurredAt type productId variantId
  price { before { amount currency } after { amount currency } }
  stock { before after }
  product { id name status version inStock variants { sku availableQuantity price { amount } } }
}`;
const EVENTS = `subscription ($after: Cursor, $types: [ProductEventType!], $productIds: [ID!], $categoryId: ID) {
  productEvents(after: $after, types: $types, productIds: $productIds, categoryId: $categoryId) ${EVENT}
}`;
const ADDED = `subscription ($after: Cursor, $categoryId: ID) {
  productAdded(after: $after, categoryId: $categoryId) ${EVENT}
}`;

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop, { roles: [Role.USER] });
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await until('no stream is left', () => openStreams(shop) === 0);
});

afterAll(() => shop?.close());

async function watch(by?: Account, document = EVENTS, variables: Record<string, unknown> = {}): Promise<Stream> {
  // What happened before is told already: a watch from now on begins behind it.
  await settled(shop);
  const client = await LiveClient.open(shop, by);
  clients.push(client);
  return client.watch(document, variables);
}

const send = (document: string, input: object): Promise<Answer['data']> => change(shop, staff, document, input);

/** The next events of a stream, without the name of its field. */
async function told(stream: Stream, count: number): Promise<Answer['data'][]> {
  const answers = await stream.take(count);
  return answers.map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return Object.values(data)[0];
  });
}

/** Type and state of the next events, up to a marker product that is made now: nothing else came in between. */
async function toldUntilNow(stream: Stream): Promise<string[]> {
  const marker = await makeProduct(shop, staff, { name: 'Marker' });
  const seen: string[] = [];
  for (;;) {
    const [event] = await told(stream, 1);
    if (event?.['productId'] === marker.id) return seen;
    if (event?.['product']?.name === 'Marker') continue;
    seen.push(`${event?.['type']} ${event?.['product']?.status ?? 'hidden'}`);
  }
}

const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

describe('productEvents', () => {
  it('tell everybody what happens to a product that is for sale', async () => {
    const streams = [await watch(), await watch(customer), await watch(staff)];
    const { id, variants } = await makeProduct(shop, staff, {
      name: 'Lamp',
      variants: [aVariant({ sku: 'LIVE-1', price: { amount: '10' }, stock: 2 })],
    });
    const variantId = variants[0]?.id;
    await send(update, { id, name: 'Brass Lamp' });
    await send(updateVariant, { id: variantId, price: { amount: '8.50' } });
    await send(updateVariant, { id: variantId, title: 'Bare' });
    await send(adjustStock, { variantId, delta: -2 });
    // Told while the product is for sale: who comes later is not shown what has become secret.
    const toldBefore = await Promise.all(streams.map((stream) => told(stream, 5)));
    await send(archive, { id });
    const product = (version: number, more: object = {}): object => ({
      id,
      name: 'Brass Lamp',
      status: 'ACTIVE',
      version,
      inStock: true,
      variants: expect.any(Array),
      ...more,
    });
    const event = (type: string, more: object): object => ({
      cursor: expect.any(String),
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      type,
      productId: id,
      variantId: null,
      price: null,
      stock: null,
      ...more,
    });
    const expected = [
      event('CREATED', { product: product(1, { name: 'Lamp' }) }),
      event('UPDATED', { product: product(2) }),
      event('PRICE_CHANGED', { product: product(3), variantId, price: { before: gbp('10.00'), after: gbp('8.50') } }),
      event('UPDATED', { product: product(4), variantId }),
      event('STOCK_CHANGED', { product: product(4, { inStock: false }), variantId, stock: { before: 2, after: 0 } }),
    ];
    const gone = event('ARCHIVED', { product: null });
    const archived = event('ARCHIVED', { product: product(5, { status: 'ARCHIVED', inStock: false }) });
    for (const [index, stream] of streams.entries()) {
      const events = [...(toldBefore[index] ?? []), ...(await told(stream, 1))];
      expect(events).toEqual([...expected, index < 2 ? gone : archived]);
    }
  });

  it('say nothing of drafts to others than staff: only that a product has come, and has gone', async () => {
    const [anonymous, forCustomer, forStaff] = [await watch(), await watch(customer), await watch(admin)];
    const { id, variants } = await makeProduct(shop, staff, { name: 'Plan', status: 'DRAFT', variants: [aVariant()] });
    const variantId = variants[0]?.id;
    const secretly = async (): Promise<void> => {
      await send(update, { id, description: 'Secret' });
      await send(updateVariant, { id: variantId, price: { amount: String(Math.ceil(Math.random() * 1_000)) } });
      await send(adjustStock, { variantId, delta: 1 });
    };
    await secretly();
    await send(update, { id, status: 'ACTIVE' });
    for (const stream of [anonymous, forCustomer]) {
      expect(await told(stream, 1)).toMatchObject([{ type: 'UPDATED', product: { status: 'ACTIVE' } }]);
    }
    await send(update, { id, status: 'DRAFT' });
    await secretly();
    await send(archive, { id });
    await send(deleteVariant, { id: variantId });
    const drafted = ['UPDATED DRAFT', 'PRICE_CHANGED DRAFT', 'STOCK_CHANGED DRAFT'];
    const all = [
      'CREATED DRAFT',
      ...drafted,
      'UPDATED ACTIVE',
      'UPDATED DRAFT',
      ...drafted,
      'ARCHIVED ARCHIVED',
      'UPDATED ARCHIVED',
    ];
    expect(await toldUntilNow(forStaff)).toEqual(all);
    for (const stream of [anonymous, forCustomer]) {
      expect(await toldUntilNow(stream)).toEqual(['UPDATED hidden']);
    }
  });

  it('can be narrowed to types, products and categories with those below', async () => {
    const [top, below] = await makeChain(shop, staff, 'Watched', 2);
    const elsewhere = await makeChain(shop, staff, 'Unwatched', 1);
    const inside = await makeProduct(shop, staff, { name: 'In', categoryId: below?.id, variants: [aVariant()] });
    const outside = await makeProduct(shop, staff, {
      name: 'Out',
      categoryId: elsewhere[0]?.id,
      variants: [aVariant()],
    });
    const byType = await watch(undefined, EVENTS, { types: ['STOCK_CHANGED', 'CREATED'] });
    const byProduct = await watch(undefined, EVENTS, { productIds: [outside.id, NOBODY.product] });
    const byCategory = await watch(undefined, EVENTS, { categoryId: top?.id });
    const byAll = await watch(staff, EVENTS, { types: ['UPDATED'], productIds: [inside.id], categoryId: below?.id });
    for (const { id, variants } of [inside, outside]) {
      await send(update, { id, description: 'New' });
      await send(adjustStock, { variantId: variants[0]?.id, delta: 1 });
    }
    await send(update, { id: inside.id, categoryId: elsewhere[0]?.id });
    await send(update, { id: outside.id, categoryId: top?.id });
    const of = async (stream: Stream, count: number): Promise<unknown[]> =>
      (await told(stream, count)).map(({ type, productId }) => [type, productId === inside.id ? 'in' : 'out']);
    expect(await of(byType, 2)).toEqual([
      ['STOCK_CHANGED', 'in'],
      ['STOCK_CHANGED', 'out'],
    ]);
    expect(await of(byProduct, 3)).toEqual([
      ['UPDATED', 'out'],
      ['STOCK_CHANGED', 'out'],
      ['UPDATED', 'out'],
    ]);
    expect(await of(byCategory, 3)).toEqual([
      ['UPDATED', 'in'],
      ['STOCK_CHANGED', 'in'],
      ['UPDATED', 'out'],
    ]);
    expect(await of(byAll, 1)).toEqual([['UPDATED', 'in']]);
    expect([byType, byProduct, byCategory, byAll].map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0]);
  });

  it('tell nothing of changes that were refused, undone or left everything as it was', async () => {
    const { id, variants } = await makeProduct(shop, staff, {
      name: 'Steady',
      variants: [aVariant({ sku: 'STEADY' })],
    });
    await send(archive, { id });
    const stream = await watch(staff);
    await refused(shop, staff, create, { name: 'Double', variants: [aVariant({ sku: 'STEADY' })] });
    await refused(shop, staff, update, { id, expectedVersion: 77 });
    await refused(shop, staff, adjustStock, { variantId: variants[0]?.id, delta: -100 });
    await refused(shop, staff, createVariant, { productId: id, ...aVariant({ sku: 'STEADY' }) });
    await send(archive, { id });
    const undone = shop.database.transaction(async (tx) => {
      const events = shop.app.get(EventsService, { strict: false });
      await events.append(tx, { topic: 'product', entityId: staff.uuid, type: 'UPDATED', payload: {} });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await toldUntilNow(stream)).toEqual([]);
  });

  it('read everything around the event afresh', async () => {
    const product = await makeProduct(shop, staff, { name: 'Fresh', variants: [aVariant({ stock: 1 })] });
    const stream = await watch();
    const seen = [];
    for (const delta of [1, 5, -3]) {
      await send(adjustStock, { variantId: product.variants[0]?.id, delta });
      const [event] = await told(stream, 1);
      seen.push([event?.['stock'], event?.['product'].variants[0].availableQuantity]);
    }
    expect(seen).toEqual([
      [{ before: 1, after: 2 }, 2],
      [{ before: 2, after: 7 }, 7],
      [{ before: 7, after: 4 }, 4],
    ]);
  });

  it('do not show a late reader what became secret after the event', async () => {
    await settled(shop);
    const { data } = await shop.send('{ liveCursor }');
    const after = data['liveCursor'];
    const { id, variants } = await makeProduct(shop, staff, { name: 'Once public', variants: [aVariant()] });
    await send(update, { id, status: 'DRAFT' });
    await send(updateVariant, { id: variants[0]?.id, price: { amount: '99' } });
    const [created] = await told(await watch(undefined, EVENTS, { after }), 1);
    expect(created).toMatchObject({ type: 'CREATED', productId: id, product: null });
    const [forStaff] = await told(await watch(staff, EVENTS, { after }), 1);
    expect(forStaff?.['product'].variants).toMatchObject([{ price: { amount: '99.00' } }]);
  });
});

describe('productAdded', () => {
  it('tells of new products: staff of all, others of those for sale', async () => {
    const streams = [
      await watch(staff, ADDED),
      await watch(admin, ADDED),
      await watch(customer, ADDED),
      await watch(undefined, ADDED),
    ];
    const names = [];
    for (const [name, status] of [
      ['Open', 'ACTIVE'],
      ['Draft', 'DRAFT'],
      ['Old', 'ARCHIVED'],
      ['Last', 'ACTIVE'],
    ]) {
      const { id } = await makeProduct(shop, staff, { name, status, variants: [aVariant()] });
      await send(update, { id, description: 'Not new' });
    }
    for (const [index, stream] of streams.entries()) {
      const events = await told(stream, index < 2 ? 4 : 2);
      names.push(events.map(({ type, product }) => `${type} ${product.name}`));
    }
    const all = ['CREATED Open', 'CREATED Draft', 'CREATED Old', 'CREATED Last'];
    const open = ['CREATED Open', 'CREATED Last'];
    expect(names).toEqual([all, all, open, open]);
  });

  it('tells creators of their own drafts, also when they no longer work for the shop', async () => {
    const former = await signUp(shop, { roles: [Role.STAFF] });
    await settled(shop);
    const { data } = await shop.send('{ liveCursor }');
    await makeProduct(shop, former, { name: 'My draft', status: 'DRAFT' });
    await makeProduct(shop, staff, { name: 'Their draft', status: 'DRAFT' });
    await makeProduct(shop, staff, { name: 'For all' });
    const sql = `UPDATE users SET roles = '{USER}' WHERE id = $1`;
    await shop.database.query('test.demote', sql, [uuidOf('user', former.id)]);
    const after = data['liveCursor'];
    const own = await told(await watch(await signIn(shop, former.email), ADDED, { after }), 2);
    expect(own.map(({ product }) => product.name)).toEqual(['My draft', 'For all']);
    const [first] = await told(await watch(customer, ADDED, { after }), 1);
    expect(first?.['product'].name).toBe('For all');
  });

  it('can be narrowed to a category with those below', async () => {
    const [top, below] = await makeChain(shop, staff, 'New arrivals', 2);
    const stream = await watch(undefined, ADDED, { categoryId: top?.id });
    for (const categoryId of [top?.id, null, below?.id])
      await makeProduct(shop, staff, { name: `In ${categoryId}`, categoryId });
    const events = await told(stream, 2);
    expect(events.map(({ product }) => product.name)).toEqual([`In ${top?.id}`, `In ${below?.id}`]);
  });
});
