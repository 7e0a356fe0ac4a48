import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { codeOf, NOBODY, seeded } from './support/catalogue.js';
import { CatalogueModel, inOrder, SORT_KEYS, type ModelFilter, type ModelProduct } from './support/catalogue-model.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const PAGE = 'first: $first, after: $after, last: $last, before: $before, skip: $skip';
const VARIABLES =
  '$filter: ProductFilter, $sort: ProductSort, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int';
const CONNECTION = `{
  nodes { id }
  edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  totalCount
}`;
const PRODUCTS = `query (${VARIABLES}) { products(filter: $filter, sort: $sort, ${PAGE}) ${CONNECTION} }`;
const OF_CATEGORY = `query ($id: ID!, ${VARIABLES}) {
  category(by: { id: $id }) {
    products(filter: $filter, sort: $sort, includeSubcategories: true, ${PAGE}) ${CONNECTION}
  }
}`;
const FOUND = `query (${VARIABLES}) { search(text: "lamp", filter: $filter, sort: $sort, ${PAGE}) ${CONNECTION} }`;

interface List {
  nodes: { id: string }[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}

let shop: Shop;
let staff: Account;
let model: CatalogueModel;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  model = await CatalogueModel.make(shop, staff, { count: 95, seed: 1_122 });
});

afterAll(() => shop?.close());

const idsOf = ({ nodes }: List): string[] => nodes.map(({ id }) => id);
const names = Object.keys(SORT_KEYS);
const sorts = names.flatMap((field) => ['ASC', 'DESC'].map((direction): [string, string] => [field, direction]));

async function list(variables: object, by?: Account): Promise<List> {
  const { data, errors } = await shop.send(PRODUCTS, variables, by?.token);
  expect(errors).toBeUndefined();
  return data['products'];
}

describe('a filter', () => {
  it('finds what a simple model finds, for 150 filters by chance', async () => {
    const random = seeded(314);
    let mixed = 0;
    for (let n = 0; n < 150; n += 1) {
      const filter = model.filter(random, 2);
      const by = random() < 0.5 ? staff : undefined;
      const expected = model.found(filter, by !== undefined);
      const found = await list({ filter, first: 100, sort: { field: 'NAME' } }, by);
      expect({ filter, ids: idsOf(found) }).toEqual({ filter, ids: inOrder(expected, 'NAME', 'ASC') });
      expect(found.totalCount).toBe(expected.length);
      if (expected.length > 0 && expected.length < 50) mixed += 1;
    }
    // Most filters have told products apart.
    expect(mixed).toBeGreaterThan(60);
  });

  it('finds each kind of thing alone', async () => {
    const [root, middle] = model.categories;
    const dates = model.products.map(({ createdAt }) => createdAt).toSorted();
    const filters: ModelFilter[] = [
      {},
      { categoryId: root?.id },
      { categoryId: root?.id, includeSubcategories: true },
      { categoryId: middle?.id, includeSubcategories: true },
      { price: { min: '3.00' } },
      { price: { max: '3' } },
      { price: { min: '4.00', max: '5.50' } },
      { price: { min: '5.00', max: '4.00' } },
      { price: { min: '-1', max: '0.00' } },
      { price: {} },
      { inStock: true },
      { inStock: false },
      { status: 'DRAFT' },
      {
        attributes: [
          { name: 'Colour', values: ['red', 'blue'] },
          { name: 'Size', values: ['L'] },
        ],
      },
      { attributes: [{ name: 'Brand', values: ["O'Neill %_"] }] },
      { attributes: [{ name: 'Brand', values: ['O%'] }] },
      { ids: model.products.slice(10, 30).map(({ id }) => id) },
      { ids: [] },
      { createdAfter: dates[40] ?? '' },
      { not: {} },
      { not: { price: { min: '2' } } },
      { or: [{ inStock: true }, { price: { max: '1' } }] },
    ];
    for (const filter of filters) {
      for (const by of [undefined, staff]) {
        const expected = inOrder(model.found(filter, by !== undefined), 'NAME', 'ASC');
        const found = await list({ filter, first: 100, sort: { field: 'NAME' } }, by);
        expect({ filter, ids: idsOf(found) }).toEqual({ filter, ids: expected });
      }
    }
  });

  it.each<[object, string]>([
    [{ categoryId: NOBODY.product }, 'filter.categoryId'],
    [{ ids: ['garbage'] }, 'filter.ids'],
    [{ ids: Array.from({ length: 101 }, () => NOBODY.product) }, 'filter.ids'],
    [{ price: { min: '1.001' } }, 'filter.price.min'],
    [{ price: { max: '999999999999.00' } }, 'filter.price.max'],
    [{ attributes: [{ name: '', values: ['x'] }] }, 'filter.attributes.0.name'],
    [{ attributes: [{ name: 'x', values: [] }] }, 'filter.attributes.0.values'],
    [{ attributes: Array.from({ length: 11 }, () => ({ name: 'x', values: ['y'] })) }, 'filter.attributes'],
    [{ or: Array.from({ length: 11 }, () => ({})) }, 'filter.or'],
    [{ not: { categoryId: 'garbage' } }, 'filter.not.categoryId'],
    [
      { and: Array.from({ length: 9 }, () => ({ or: Array.from({ length: 6 }, () => ({ inStock: true })) })) },
      'filter',
    ],
  ])('is refused: %#', async (filter, path) => {
    const { errors } = await shop.send(PRODUCTS, { filter });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  it.each<[number, string]>([
    [45, 'OK'],
    [70, 'BAD_USER_INPUT'],
    [600, 'BAD_USER_INPUT'],
  ])('of %i levels is answered with %s', async (depth, code) => {
    const nested = `${'{"not":'.repeat(depth)}null${'}'.repeat(depth)}`;
    const literal = `{ products(filter: ${nested.replaceAll('"', '')}) { totalCount } }`;
    const answers = [await shop.send(PRODUCTS, { filter: JSON.parse(nested) as object }), await shop.send(literal)];
    expect(answers.map(codeOf)).toEqual([code, code]);
  });
});

describe('an order', () => {
  it.each(sorts)('by %s %s is that of the model, ties broken by the id', async (field, direction) => {
    const found = await list({ sort: { field, direction }, first: 100 }, staff);
    expect(idsOf(found)).toEqual(inOrder(model.products, field, direction));
  });

  it('is newest first when nothing is wished, and up when no direction is', async () => {
    expect(idsOf(await list({ first: 100 }))).toEqual(inOrder(model.found({}, false), 'CREATED_AT', 'DESC'));
    expect(idsOf(await list({ first: 100, sort: { field: 'PRICE' } }))).toEqual(
      inOrder(model.found({}, false), 'PRICE', 'ASC'),
    );
  });
});

const made = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

type Walk = (page: object) => Promise<List>;

/** All ids of a list, gone through forward, backward and by page numbers; each way with a page size of its own. */
async function walks(walk: Walk): Promise<{ forward: string[]; backward: string[]; numbered: string[] }> {
  const forward: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const page: List = await walk({ first: 7, after });
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.pageInfo).toMatchObject({
      hasPreviousPage: after !== null,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? null,
    });
    forward.push(...idsOf(page));
    ({ endCursor: after, hasNextPage: more } = page.pageInfo);
  }
  const backward: string[] = [];
  for (let before: string | null = null, more = true; more;) {
    const page: List = await walk({ last: 9, before });
    expect(page.pageInfo.hasNextPage).toBe(before !== null);
    backward.unshift(...idsOf(page));
    ({ startCursor: before, hasPreviousPage: more } = page.pageInfo);
  }
  const numbered: string[] = [];
  for (let skip = 0, more = true; more; skip += 10) {
    const page = await walk({ first: 10, skip });
    numbered.push(...idsOf(page));
    more = page.pageInfo.hasNextPage;
  }
  return { forward, backward, numbered };
}

describe('paging', () => {
  it.each(sorts)('by %s %s reaches every product exactly once, each way', async (field, direction) => {
    const sort = { field, direction };
    const expected = inOrder(model.products, field, direction);
    const reached = await walks((page) => list({ sort, ...page }, staff));
    expect(reached).toEqual({ forward: expected, backward: expected, numbered: expected });
  });

  it('goes through the products of a category and what a search finds in the same way', async () => {
    const [root] = model.categories;
    const filter = { inStock: true };
    const own = model.found({ ...filter, categoryId: root?.id, includeSubcategories: true }, false);
    for (const [field, direction] of sorts) {
      const expected = inOrder(own, field, direction);
      const reached = await walks(async (page) => {
        const variables = { id: root?.id, filter, sort: { field, direction }, ...page };
        return (await shop.send(OF_CATEGORY, variables)).data['category'].products;
      });
      expect({ field, direction, ...reached }).toEqual({
        field,
        direction,
        forward: expected,
        backward: expected,
        numbered: expected,
      });
    }
    const lamps = model.found({}, true).filter(({ name }) => /^lamp/i.test(name));
    expect(lamps.length).toBeGreaterThan(10);
    for (const sort of [{ field: 'NAME', direction: 'DESC' }, { field: 'PRICE', direction: 'ASC' }, null]) {
      const reached = await walks(async (page) => {
        const { data } = await shop.send(FOUND, { sort, ...page }, staff.token);
        return data['search'];
      });
      expect(reached.backward).toEqual(reached.forward);
      expect(reached.numbered).toEqual(reached.forward);
      expect(reached.forward.toSorted()).toEqual(lamps.map(({ id }) => id).toSorted());
      if (sort) expect(reached.forward).toEqual(inOrder(lamps, sort.field, sort.direction));
    }
  });

  it('gives 20 when no size is wished, and nothing beyond the end', async () => {
    const page = await list({});
    expect(page.nodes).toHaveLength(20);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(page.totalCount).toBe(model.found({}, false).length);
    const beyond = await list({ first: 5, skip: 10_000 });
    expect(beyond).toMatchObject({ nodes: [], edges: [], pageInfo: { hasNextPage: false, startCursor: null } });
    const none = await list({ filter: { ids: [] } });
    const nowhere = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    expect(none).toEqual({ nodes: [], edges: [], pageInfo: nowhere, totalCount: 0 });
  });

  it.each<[object, string]>([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ last: 0 }, 'last'],
    [{ last: -1 }, 'last'],
    [{ last: 101 }, 'last'],
    [{ first: 5, last: 5 }, 'last'],
    [{ skip: -1 }, 'skip'],
    [{ skip: 10_001 }, 'skip'],
    [{ last: 5, skip: 5 }, 'skip'],
  ])('refuses %j', async (page, path) => {
    const refusals: Answer[] = await Promise.all([
      shop.send(PRODUCTS, page),
      shop.send(FOUND, page),
      shop.send(OF_CATEGORY, { id: model.categories[0]?.id, ...page }),
    ]);
    for (const { errors } of refusals) {
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
    }
  });

  it('refuses cursors of another order, of another list, and made-up ones', async () => {
    const cursorOf = async (sort: object): Promise<string> => (await list({ sort, first: 1 })).edges[0]?.cursor ?? '';
    const byName = await cursorOf({ field: 'NAME' });
    const { id } = model.products[0] as ModelProduct;
    const wrong = [
      await cursorOf({ field: 'NAME', direction: 'DESC' }),
      await cursorOf({ field: 'PRICE' }),
      (await shop.send(FOUND, { sort: { field: 'NAME' } })).data['search'].pageInfo.endCursor,
      'garbage',
      '',
      byName.slice(0, -10),
      made(['products:NAME:ASC', 'lamp']),
      made(['products:NAME:ASC', 7, id]),
      made(['products:NAME:ASC', 'lamp', id]),
      made(['products:NAME:ASC', 'nul \0', '0198f2c4-d1e2-7abc-8def-0123456789ab']),
      made({ 0: 'products:NAME:ASC' }),
    ];
    const sort = { field: 'NAME' };
    for (const cursor of wrong) {
      expect([cursor, codeOf(await shop.send(PRODUCTS, { sort, after: cursor }))]).toEqual([cursor, 'CURSOR_INVALID']);
      expect([cursor, codeOf(await shop.send(PRODUCTS, { sort, before: cursor }))]).toEqual([cursor, 'CURSOR_INVALID']);
    }
    expect((await list({ sort, after: byName })).nodes).toHaveLength(20);
    for (const [field, key] of [
      ['PRICE', 1.5],
      ['PRICE', 'lamp'],
      ['CREATED_AT', '2026-13-01T00:00:00.000Z'],
      ['CREATED_AT', 5],
    ]) {
      const after = made([`products:${field}:ASC`, key, '0198f2c4-d1e2-7abc-8def-0123456789ab']);
      expect([key, codeOf(await shop.send(PRODUCTS, { sort: { field }, after }))]).toEqual([key, 'CURSOR_INVALID']);
    }
  });
});
