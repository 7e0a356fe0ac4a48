import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  concatAST,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  print,
  specifiedRules,
  validate,
  type OperationDefinitionNode,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import {
  OnJobEventsDocument,
  OnMyOrderDocument,
  OnOrderEventsDocument,
  OnProductAddedDocument,
  OnProductEventsDocument,
  ProductImportDocument,
  ShopContextDocument,
  StockAdjustDocument,
  VariantSaveDocument,
} from '../client/generated/operations.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { ACCOUNT } from './client/account-cases.js';
import { ADMIN, ADMIN_PRODUCTS } from './client/admin-cases.js';
import { CHECKOUT } from './client/checkout-cases.js';
import { nameOf, startLampShop, type DocumentCase, type LampShop } from './client/document-cases.js';
import { ADMIN_ORDERS, BUYING, place } from './client/order-cases.js';
import { STOREFRONT } from './client/storefront-cases.js';
import { signUp, type Account } from './support/accounts.js';
import { aVariant, change, countOf, fillProducts, makeProduct } from './support/catalogue.js';
import { leaveToTheTest, order, ORDER_CHANGES } from './support/orders.js';

const FOLDER = 'client/documents';
const CASES: DocumentCase[] = [
  ...STOREFRONT,
  ...ACCOUNT,
  ...ADMIN_PRODUCTS,
  ...ADMIN,
  ...CHECKOUT,
  ...BUYING,
  ...ADMIN_ORDERS,
];
const LIVE = [
  OnProductEventsDocument,
  OnProductAddedDocument,
  OnOrderEventsDocument,
  OnMyOrderDocument,
  OnJobEventsDocument,
];
/** Largest pages of the fields that give no more than a few. */
const SHORT: Record<string, number> = { SearchSuggest: 20, ProductRecommendations: 20 };

const documents = concatAST(readdirSync(FOLDER).map((file) => parse(readFileSync(join(FOLDER, file), 'utf8'))));
const operations = documents.definitions.filter(
  (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
);

const nameOfOperation = ({ name }: OperationDefinitionNode): string => name?.value ?? '';

let lamps: LampShop;

beforeAll(async () => {
  lamps = await startLampShop();
});

afterAll(() => lamps?.shop.close());

/** The next events for somebody, in order; for a customer when nobody is named. */
async function watch(
  document: (typeof LIVE)[number],
  variables: object,
  count: number,
  by: Account = lamps.customer,
): Promise<unknown[]> {
  const authorization = `Bearer ${by.token}`;
  const url = lamps.shop.socketUrl;
  const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization } });
  const events: unknown[] = [];
  for await (const { data, errors } of client.iterate({ query: print(document), variables: { ...variables } })) {
    expect(errors).toBeUndefined();
    events.push(Object.values(data ?? {})[0]);
    if (events.length === count) break;
  }
  await client.dispose();
  return events;
}

/** Names of the statements that read orders, jobs and what lies beside them while this runs. */
async function reading(run: () => Promise<void>): Promise<string[]> {
  const { database } = lamps.shop;
  const query = database.query.bind(database);
  const names: string[] = [];
  database.query = (name, sql, params) => {
    names.push(name);
    return query(name, sql, params);
  };
  await run().finally(() => (database.query = query));
  return names.filter((name) => /^(orders|payments|fulfillments|products|users)\.|^jobs\.byIds/.test(name)).toSorted();
}

async function liveCursor(): Promise<string> {
  const { data } = await lamps.shop.send(print(ShopContextDocument));
  return data['liveCursor'];
}

const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

describe('the documents', () => {
  it('are valid, use every fragment and nothing deprecated', () => {
    const schema = buildSchema(readFileSync('schema.gql', 'utf8'));
    expect(validate(schema, documents, [...specifiedRules, NoDeprecatedCustomRule])).toEqual([]);
  });

  it('each have an entry here', () => {
    const tried = [...CASES.map(({ name }) => name), ...LIVE.map(nameOf)];
    expect(tried.toSorted()).toEqual(operations.map(nameOfOperation).toSorted());
  });

  it('are tried with the largest pages, so that these fit the limits', async () => {
    const paged = operations.filter(({ variableDefinitions }) =>
      variableDefinitions?.some(({ variable }) => variable.name.value === 'first'),
    );
    const names = paged.map(nameOfOperation);
    const sizes = names.map(async (name) => {
      const given = await CASES.find((tried) => tried.name === name)?.variables(lamps);
      return [name, (given as { first?: number }).first];
    });
    expect(await Promise.all(sizes)).toEqual(names.map((name) => [name, SHORT[name] ?? 100]));
  });
});

describe.each([10, 1_000])('in a shop with %i products', (total) => {
  beforeAll(async () => {
    const { shop, deskLamps } = lamps;
    const missing = total - (await countOf(shop, 'SELECT count(*) AS n FROM products'));
    await fillProducts(shop, missing, [uuidOf('category', deskLamps.id) ?? '']);
  });

  it.each(CASES)('$name answers with $statements statements', async ({ text, as, variables, statements, sees }) => {
    lamps.somebody = await signUp(lamps.shop, { name: 'Eve' });
    const given = await variables(lamps);
    const answer = await lamps.shop.send(text, given, as && lamps[as].token);
    expect(answer.errors).toBeUndefined();
    const sights = await sees(answer.data, lamps, given);
    expect(sights.map(([actual]) => actual)).toMatchObject(sights.map(([, expected]) => expected));
    expect(answer.extensions.sql.statements).toBe(statements);
  });
});

describe('live', () => {
  beforeAll(() => leaveToTheTest(lamps.shop));

  it('OnProductEvents tells what happened after the cursor that came with the page', async () => {
    const { shop, staff, deskLamps } = lamps;
    const lamp = await makeProduct(shop, staff, { name: 'Live', categoryId: deskLamps.id, variants: [aVariant()] });
    const variantId = lamp.variants[0]?.id;
    const wanted = { after: await liveCursor(), productIds: [lamp.id], types: ['STOCK_CHANGED', 'PRICE_CHANGED'] };
    await change(shop, staff, print(StockAdjustDocument), { variantId, delta: -2, reason: 'DAMAGED' });
    await change(shop, staff, print(VariantSaveDocument), { id: variantId, price: { amount: '9.00' } });

    const [sold, cheaper] = await watch(OnProductEventsDocument, wanted, 2);
    const about = { productId: lamp.id, variantId, occurredAt: expect.stringMatching(/Z$/) };
    const stock = { before: 5, after: 3 };
    const price = { before: gbp('10.00'), after: gbp('9.00') };
    expect(sold).toMatchObject({ ...about, type: 'STOCK_CHANGED', stock, price: null });
    expect(sold).toMatchObject({ product: { id: lamp.id, version: 1, priceRange: { min: gbp('10.00') } } });
    expect(cheaper).toMatchObject({ ...about, type: 'PRICE_CHANGED', stock: null, price });
    expect(cheaper).toMatchObject({ product: { name: 'Live', version: 2, priceRange: { min: gbp('9.00') } } });

    const { cursor: after } = sold as { cursor: string };
    expect(await watch(OnProductEventsDocument, { ...wanted, after }, 1)).toEqual([cheaper]);
  });

  it('OnProductAdded tells of new products in a category and below it', async () => {
    const { shop, staff, lighting, deskLamps } = lamps;
    const after = await liveCursor();
    await makeProduct(shop, staff, { name: 'Elsewhere' });
    const { id } = await makeProduct(shop, staff, { name: 'Added', categoryId: deskLamps.id });
    const category = { id: deskLamps.id, slug: 'desk-lamps', name: 'Desk lamps' };
    const figures = { inStock: false, images: [], priceRange: null, status: 'ACTIVE', version: 1 };
    expect(await watch(OnProductAddedDocument, { after, categoryId: lighting.id }, 1)).toEqual([
      {
        cursor: expect.stringMatching(/^\S+$/),
        occurredAt: expect.stringMatching(/Z$/),
        type: 'CREATED',
        productId: id,
        variantId: null,
        price: null,
        stock: null,
        product: { id, slug: 'added', name: 'Added', category, ...figures },
      },
    ]);
  });

  it('OnOrderEvents tells the desk of the orders that come to a state, in one statement', async () => {
    const { shop, staff, customer } = lamps;
    const after = await liveCursor();
    const { id, number, version } = await place(lamps, customer, 'sandbox');
    await place(lamps, customer);
    const [event] = await watch(OnOrderEventsDocument, { after, states: ['PAID'] }, 1, staff);
    expect(event).toMatchObject({
      type: 'PAYMENT_RECEIVED',
      orderId: id,
      number,
      stateAfter: 'PAID',
      amount: gbp('60.00'),
    });
    expect(event).toMatchObject({ actor: null, order: { id, version, customer: { id: customer.id, name: 'Ada' } } });
    await order(shop, ORDER_CHANGES.fulfill, { orderId: id }, staff);
    const packed = {
      type: 'PACKED',
      amount: null,
      actor: { id: staff.id, name: 'Cy' },
      order: { nextStates: ['SHIPPED', 'REFUNDED'] },
    };
    const statements = await reading(async () => {
      expect(await watch(OnOrderEventsDocument, { after, orderId: id, states: ['FULFILLED'] }, 1, staff)).toMatchObject(
        [packed],
      );
    });
    expect(statements).toEqual(['users.byIds']);
  });

  it('OnMyOrder tells its customer what happens to an order, in four statements', async () => {
    const { shop, staff, customer } = lamps;
    const { id } = await place(lamps, customer, 'sandbox');
    const after = await liveCursor();
    await order(shop, ORDER_CHANGES.fulfill, { orderId: id, carrier: 'Mail' }, staff);
    const fulfillments = [{ state: 'PACKED', carrier: 'Mail' }];
    const statements = await reading(async () => {
      expect(await watch(OnMyOrderDocument, { orderId: id, after }, 1)).toMatchObject([
        { type: 'PACKED', order: { id, state: 'FULFILLED', payments: [{ state: 'CAPTURED' }], fulfillments } },
      ]);
    });
    const names = ['fulfillments.ofOrders', 'payments.byOrders', 'products.byIds', 'products.variantsByIds'];
    expect(statements).toEqual(names);
  });

  it('OnJobEvents tells staff how an import goes on, without any statement', async () => {
    const { shop, staff } = lamps;
    const after = await liveCursor();
    const input = { format: 'CSV', content: 'sku,price\nBRASS-S,25.00\nBRASS-L,free\n' };
    const { job } = await change(shop, staff, print(ProductImportDocument), input);
    const statements = await reading(async () => {
      const events = await watch(OnJobEventsDocument, { after, jobId: job.id }, 4, staff);
      const of = { jobId: job.id, cursor: expect.any(String), occurredAt: expect.stringMatching(/Z$/) };
      const imported = { created: 0, updated: 0, unchanged: 1, rejected: 1, ignoredColumns: [] };
      const end = {
        state: 'SUCCEEDED',
        progress: { done: 2, total: 2 },
        imported,
        problems: [{ line: 3 }],
        version: 4,
      };
      expect(events).toMatchObject([
        { ...of, type: 'QUEUED', job },
        { ...of, type: 'STARTED', job: { state: 'RUNNING', imported: null, version: 2 } },
        { ...of, type: 'PROGRESSED', job: { progress: { done: 2, total: 2 }, imported, version: 3 } },
        { ...of, type: 'SUCCEEDED', job: end },
      ]);
    });
    expect(statements).toEqual([]);
  });
});
