import { Role } from '../src/access/role.js';
import { toGlobalId, uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import { change, countOf, fillProducts, makeChain, PRODUCT_CHANGES, type MadeCategory } from './support/catalogue.js';
import { startShop, type Shop } from './support/shop.js';

/** Each document with the exact number of statements it may take, whatever the shop holds, and the names of those. */
const BUDGETS: [what: string, document: string, statements: string[]][] = [
  [
    'a list with categories, variants and stock',
    `{ products(first: 100) {
      nodes {
        name category { name parent { name } ancestors { name } } options { name values } priceRange { min { amount } }
        createdBy { name } variants { sku price { amount } availableQuantity stock { onHand } product { name } }
      }
      totalCount
    } }`,
    [
      'products.page',
      'products.count',
      'categories.byIds',
      'categories.byIds',
      'categories.ancestorsOf',
      'products.variantsOf',
      'products.byIds',
      'stock.levels',
      'users.byIds',
    ],
  ],
  [
    'a list of nothing but products',
    '{ products(first: 100) { nodes { id name priceRange { min { amount } } inStock } pageInfo { hasNextPage } } }',
    ['products.page'],
  ],
  [
    'a tree of categories with products',
    `query ($root: ID!) { category(by: { id: $root }) {
      name productCount(includeSubcategories: true)
      children {
        name own: productCount all: productCount(includeSubcategories: true)
        products(first: 5, includeSubcategories: true, sort: { field: NAME }) {
          nodes { name variants { sku inStock } } totalCount
        }
        children { name productCount }
      }
    } }`,
    [
      'categories.byIds',
      'categories.childrenOf',
      'categories.childrenOf',
      'products.countsOfCategories',
      'products.countsOfCategories',
      'products.countsOfCategories',
      'products.countsOfCategories',
      'products.pagesOfCategories',
      'products.variantsOf',
      'stock.levels',
    ],
  ],
  [
    'all categories',
    '{ categories { name parent { name } productCount } }',
    ['categories.all', 'categories.byIds', 'products.countsOfCategories'],
  ],
  [
    'a product page',
    `query ($slug: String!) { product(by: { slug: $slug }) {
      name description images { url } attributes { name value } options { name values }
      category { name ancestors { name slug } }
      variants { sku title availableQuantity compareAtPrice { amount } }
      recommendations(first: 20) { name category { name } variants { sku inStock } }
    } }`,
    [
      'products.bySlug',
      'categories.byIds',
      'categories.ancestorsOf',
      'products.recommended',
      'products.variantsOf',
      'products.variantsOf',
      'stock.levels',
      'stock.levels',
    ],
  ],
  [
    'a search with facets',
    `{ search(text: "lamp", first: 100) {
      nodes { name variants { inStock } } totalCount
      facets {
        categories { category { name parent { name } } count } attributes { name values { value count } }
        priceBands { count } inStockCount outOfStockCount
      }
    } }`,
    [
      'search.page',
      'search.count',
      'search.facets',
      'categories.byIds',
      'categories.byIds',
      'products.variantsOf',
      'stock.levels',
    ],
  ],
  [
    'nodes of several kinds',
    `query ($ids: [ID!]!) { nodes(ids: $ids) {
      __typename id
      ... on Product { variants { sku } category { name } }
      ... on ProductVariant { sku availableQuantity product { name } }
      ... on Category { name productCount }
    } }`,
    [
      'products.byIds',
      'products.variantsByIds',
      'categories.byIds',
      'products.variantsOf',
      'products.countsOfCategories',
      'stock.levels',
    ],
  ],
  [
    'suggestions',
    '{ searchSuggestions(prefix: "bulk", first: 20) { text product { category { name } } } }',
    ['search.suggestions', 'categories.byIds'],
  ],
  [
    'the ledger of a variant',
    'query ($variant: ID!) { stockMovements(variantId: $variant, first: 100) { nodes { delta actor { name } } totalCount } }',
    ['stock.movements', 'stock.countMovements', 'users.byIds'],
  ],
];

let shop: Shop;
let staff: Account;
let root: MadeCategory;

beforeAll(async () => {
  // The statements of the resolvers; planned queries take one.
  shop = await startShop({ PLANNED_QUERIES: 'off' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

/** Adds categories below the root, and products in them that staff have created, with a ledger. */
async function grow(categories: number, products: number): Promise<void> {
  const uuids = [];
  for (let n = 0; n < categories; n += 1) {
    const [top, below] = await makeChain(shop, staff, `Grown ${n}`, 2);
    const moved = 'mutation ($input: MoveCategoryInput!) { moveCategory(input: $input) { userErrors { code } } }';
    await change(shop, staff, moved, { id: top?.id, parentId: root.id });
    uuids.push(uuidOf('category', top?.id) ?? '', uuidOf('category', below?.id) ?? '');
  }
  await fillProducts(shop, products, uuids);
  await shop.database.query('test.created', 'UPDATE products SET created_by = $1', [staff.uuid]);
}

/** Statements of each document, sorted by name, by what it is for. */
async function statements(): Promise<Record<string, string[]>> {
  const [newest] = await shop.database.query<{ slug: string; variant: string }>(
    'test.newest',
    `SELECT p.slug, v.id AS variant FROM products p JOIN product_variants v ON v.product_id = p.id ORDER BY p.id DESC LIMIT 1`,
  );
  const variant = toGlobalId('variant', newest?.variant ?? '');
  const { data } = await shop.send('{ products(first: 30) { nodes { id category { id } variants { id } } } }');
  const nodes = data['products'].nodes as { id: string; category: { id: string }; variants: { id: string }[] }[];
  const ids = nodes.flatMap(({ id, category, variants }) => [id, category.id, variants[0]?.id]);
  await change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId: variant, delta: 1 });
  const sent: Record<string, string[]> = {};
  for (const [what, document] of BUDGETS) {
    const variables = { root: root.id, slug: newest?.slug, variant, ids };
    const answer = await shop.send(document, variables, staff.token);
    expect(answer.errors).toBeUndefined();
    const { statements: count, names } = answer.extensions.sql;
    expect(names).toHaveLength(count);
    sent[what] = names.toSorted();
  }
  return sent;
}

it('takes as many statements with 1,000 products as with 10, and no more than these', async () => {
  [root] = (await makeChain(shop, staff, 'Root', 1)) as [MadeCategory];
  await grow(2, 10);
  const few = await statements();
  await grow(20, 990);
  expect(await countOf(shop, 'SELECT count(*) AS n FROM products')).toBe(1_000);
  const many = await statements();
  expect(few).toEqual(many);
  expect(many).toEqual(Object.fromEntries(BUDGETS.map(([what, , names]) => [what, names.toSorted()])));
});
