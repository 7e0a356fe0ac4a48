import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { ACCOUNT } from './client/account-cases.js';
import { ADMIN, ADMIN_PRODUCTS } from './client/admin-cases.js';
import { startLampShop, type DocumentCase, type LampShop } from './client/document-cases.js';
import { ADMIN_ORDERS, BUYING } from './client/order-cases.js';
import { STOREFRONT } from './client/storefront-cases.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { growing, plannedStatements, type Sent } from './support/explained.js';
import { fillLarge } from './support/large-shop.js';
import { leaveToTheTest } from './support/orders.js';

const LARGE = { products: 10_000, accounts: 4_000 };
/** Rows that no page has. */
const MANY = 150;

/** What grows with the shop all the same, and why it must. */
const ALLOWED: Record<string, readonly string[]> = {
  // A page of a category with all that is below it may be cut from all of its products.
  CategoryPage: ['sort'],
  ProductList: ['sort'],
  // The best-selling of a category: an index would be written with each sale.
  ProductRecommendations: ['sort'],
  // How many there are is counted one by one.
  AdminProductList: ['scan of products'],
  // The same; and by a filter that few pass.
  UserList: ['scan of users', 'long way through users'],
};

/** The documents that `npm run bench` sends. */
const BENCH = '../bench/works/peers/souk-documents.ts';

const isQuery = ({ text }: DocumentCase): boolean =>
  getOperationAST(parse(text))?.operation === OperationTypeNode.QUERY;
const CASES = [...STOREFRONT, ...ACCOUNT, ...ADMIN_PRODUCTS, ...ADMIN, ...BUYING, ...ADMIN_ORDERS].filter(
  (tried) => tried.statements === 1 && isQuery(tried),
);

let lamps: LampShop;
let sent: Sent[];

beforeAll(async () => {
  lamps = await startLampShop();
  await leaveToTheTest(lamps.shop);
  await fillLarge(lamps.shop, LARGE, uuidOf('category', lamps.lighting.id) ?? '');
  sent = plannedStatements(lamps.shop);
}, 60_000);

afterAll(() => lamps?.shop.close());

/** Sends a document, and looks at the plan of the one statement that answered it. */
async function growingIn(text: string, variables: object, token?: string): Promise<string[]> {
  const before = sent.length;
  const answer = await lamps.shop.send(text, variables, token);
  expect(answer.errors).toBeUndefined();
  expect(answer.extensions.sql.names).toEqual(['plan']);
  const [statement] = sent.slice(before);
  return statement ? growing(lamps.shop, statement, MANY) : ['no statement'];
}

async function anyCategory(): Promise<string> {
  const { data } = await lamps.shop.send('{ category(by: { slug: "large-7" }) { id } }');
  return data['category'].id as string;
}

it('the statements of the bench look at no more than they show', async () => {
  const { shop, customer, brassLamp } = lamps;
  const { SOUK_DOCUMENTS: documents } = (await import(BENCH)) as { SOUK_DOCUMENTS: Record<string, string> };
  const list = 'query ($id: ID) { products(first: 100, filter: { categoryId: $id }) { pageInfo { endCursor } } }';
  const categoryId = await anyCategory();
  const [inList, inCategory] = await Promise.all(
    [undefined, categoryId].map(async (id) => (await shop.send(list, { id })).data['products'].pageInfo.endCursor),
  );
  const price = { min: '10.00', max: '13.00' };
  const asked: [name: string, variables: object, token?: string][] = [
    ['productPage', { slug: brassLamp.slug }],
    ['categoryList', { categoryId, first: 20, after: inCategory }],
    ['deepList', { first: 100, after: inList }],
    ['myOrders', {}, customer.token],
    ['branch', { slug: 'lighting', first: 20, skip: 3 }],
  ];
  const problems: Record<string, string[]> = {};
  for (const [name, variables, token] of asked)
    problems[name] = await growingIn(documents[name] ?? '', variables, token);
  expect(problems).toEqual(Object.fromEntries(asked.map(([name]) => [name, []])));
  const sort = { field: 'PRICE', direction: 'ASC' };
  // What is found is ranked, whatever is found.
  expect(await growingIn(documents['search'] ?? '', { text: 'thing', first: 20, filter: { price }, sort })).toEqual([
    'sort',
  ]);
});

it.each(CASES)('$name looks at no more than it shows', async ({ name, text, as, variables }) => {
  const token = as && lamps[as].token;
  const problems = await growingIn(text, await variables(lamps), token);
  expect(problems.filter((problem) => !ALLOWED[name]?.includes(problem))).toEqual([]);
});
