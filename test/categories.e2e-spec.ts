import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import {
  aVariant,
  CATEGORY_CHANGES,
  catalogueDump,
  codeOf,
  makeCategory,
  makeChain,
  makeProduct,
  NOBODY,
  refused,
  wrongPaths,
  type MadeCategory,
} from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { create, update, move, delete: remove } = CATEGORY_CHANGES;
const CATEGORY = `query ($by: CategoryBy!) {
  category(by: $by) { id slug name parent { id } children { name } ancestors { name } }
}`;

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;
let premium: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop, { roles: [Role.USER] });
  premium = await signUp(shop, { roles: [Role.PREMIUM] });
});

afterAll(() => shop?.close());

const make = (name: string, traits: object = {}): Promise<MadeCategory> =>
  makeCategory(shop, staff, { name, ...traits });
const send = (document: string, input: object, by = staff): Promise<Answer> => shop.send(document, { input }, by.token);

describe('access', () => {
  it.each([
    ['createCategory', create, (): object => ({ name: 'Open' })],
    ['updateCategory', update, (id: string): object => ({ id, name: 'Opened' })],
    ['moveCategory', move, (id: string): object => ({ id, parentId: null })],
    ['deleteCategory', remove, (id: string): object => ({ id })],
  ])('%s for anonymous, customers, staff and admin', async (_field, document, input) => {
    const before = await catalogueDump(shop);
    const anonymous = codeOf(await shop.send(document, { input: input(NOBODY.category) }));
    const customers = [];
    for (const by of [customer, premium]) customers.push(codeOf(await send(document, input(NOBODY.category), by)));
    expect([anonymous, ...customers]).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
    expect(await catalogueDump(shop)).toBe(before);
    for (const by of [staff, admin]) {
      const { id } = await make('Access');
      expect(codeOf(await send(document, input(id), by))).toBe('OK');
    }
  });
});

describe('createCategory', () => {
  it('answers the whole category', async () => {
    const parent = await make('Whole parent');
    const { data } = await send(create, { name: 'Whole child', description: 'Text', parentId: parent.id });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(data['createCategory']).toEqual({
      category: {
        id: expect.stringMatching(/^category_[0-9a-f]{32}$/),
        slug: 'whole-child',
        name: 'Whole child',
        description: 'Text',
        position: 0,
        version: 1,
        createdAt: instant,
        updatedAt: instant,
        parent: { id: parent.id },
      },
      userErrors: [],
    });
  });

  it.each([
    ['Desk & Lamps', ['desk-and-lamps', 'desk-and-lamps-2', 'desk-and-lamps-3']],
    ['Crème brûlée', ['creme-brulee', 'creme-brulee-2']],
    ['Лампа', ['lampa', 'lampa-2']],
    ['電灯', ['item', 'item-2']],
    ['💡', ['item-3']],
  ])('makes slugs from the name %j and numbers them when taken', async (name, slugs) => {
    const made = [];
    for (const _ of slugs) made.push((await make(name)).slug);
    expect(made).toEqual(slugs);
  });

  it('passes over a number that somebody has taken by hand', async () => {
    await make('Numbered', { slug: 'sofa-7' });
    expect([(await make('Sofa')).slug, (await make('Sofa')).slug]).toEqual(['sofa-8', 'sofa-9']);
  });

  it('cuts the slug of a long name and keeps room for its number', async () => {
    const name = 'long word '.repeat(20);
    const [first, second] = [await make(name), await make(name)];
    expect(first.slug).toBe('long-word-'.repeat(9).slice(0, -1));
    expect(second.slug).toBe(`${first.slug}-2`);
  });

  it('gives many who create the same name at once a slug each', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => make('Crowd')));
    const numbered = Array.from({ length: 9 }, (_, index) => `crowd-${index + 2}`);
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(['crowd', ...numbered].toSorted());
  });

  it('refuses a slug that is taken, an unknown parent and a thirteenth level', async () => {
    await make('Taken');
    expect(await refused(shop, staff, create, { name: 'Other', slug: 'taken' })).toBe('SLUG_TAKEN input.slug');
    expect(await refused(shop, staff, create, { name: 'Taken', slug: 'taken', position: 0 })).toBe(
      'SLUG_TAKEN input.slug',
    );
    expect(await refused(shop, staff, create, { name: 'Orphan', parentId: NOBODY.category })).toBe(
      'NOT_FOUND input.parentId',
    );
    const levels = await makeChain(shop, staff, 'Deep', 12);
    expect(await refused(shop, staff, create, { name: 'Deep 13', parentId: levels.at(-1)?.id })).toBe(
      'CATEGORY_TOO_DEEP input.parentId',
    );
  });

  it.each([
    [{ name: '' }, 'input.name'],
    [{ name: 'x'.repeat(201) }, 'input.name'],
    [{ name: 'Fine', slug: 'Not A Slug' }, 'input.slug'],
    [{ name: 'Fine', slug: 'two--hyphens' }, 'input.slug'],
    [{ name: 'Fine', slug: 'x'.repeat(101) }, 'input.slug'],
    [{ name: 'Fine', description: 'x'.repeat(5_001) }, 'input.description'],
    [{ name: 'Fine', position: -1 }, 'input.position'],
    [{ name: 'Fine', position: 100_001 }, 'input.position'],
    [{ name: 'Fine', parentId: NOBODY.product }, 'input.parentId'],
    [{ name: 'Fine', parentId: 'garbage' }, 'input.parentId'],
  ])('refuses the input %#', async (input, path) => {
    expect(await wrongPaths(shop, staff, create, input)).toEqual([path]);
  });
});

describe('updateCategory', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id } = await make('Plain', { description: 'Kept' });
    const { data: renamed } = await send(update, { id, name: 'Fancy', expectedVersion: 1 });
    expect(renamed['updateCategory'].category).toMatchObject({
      name: 'Fancy',
      slug: 'plain',
      description: 'Kept',
      version: 2,
    });
    const { data: moved } = await send(update, { id, slug: 'fancy', description: '' });
    expect(moved['updateCategory'].category).toMatchObject({
      name: 'Fancy',
      slug: 'fancy',
      description: '',
      version: 3,
    });
    const { data: kept } = await send(update, { id, name: null, slug: null, description: null });
    expect(kept['updateCategory'].category).toMatchObject({
      name: 'Fancy',
      slug: 'fancy',
      description: '',
      version: 4,
    });
  });

  it('refuses a taken slug, a stale version and an unknown category', async () => {
    await make('Occupied');
    const { id } = await make('Wanting');
    expect(await refused(shop, staff, update, { id, slug: 'occupied' })).toBe('SLUG_TAKEN input.slug');
    expect(await refused(shop, staff, update, { id, name: 'New', expectedVersion: 2 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    expect(await refused(shop, staff, update, { id: NOBODY.category, name: 'New' })).toBe('NOT_FOUND input.id');
  });

  it('lets one of many win who read the same version', async () => {
    const { id } = await make('Contested');
    const input = { id, name: 'Won', expectedVersion: 1 };
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(update, input)));
    expect(answers.map(codeOf).toSorted()).toEqual(['OK', ...Array.from({ length: 5 }, () => 'VERSION_CONFLICT')]);
  });

  it.each([
    ['a product', NOBODY.product],
    ['garbage', 'no id at all'],
    ['a UUID', '0198f2c4-d1e2-7abc-8def-0123456789ab'],
  ])('refuses the id of %s', async (_kind, id) => {
    for (const document of [update, move, remove]) {
      expect(await wrongPaths(shop, staff, document, { id })).toEqual(['input.id']);
    }
  });
});

describe('deleteCategory', () => {
  it('deletes an empty category with its place in the tree', async () => {
    const [root, leaf] = await makeChain(shop, staff, 'Falling', 2);
    const { data } = await send(remove, { id: leaf?.id, expectedVersion: 1 });
    expect(data['deleteCategory']).toEqual({ deletedCategoryId: leaf?.id, userErrors: [] });
    expect((await shop.send(CATEGORY, { by: { id: leaf?.id } })).data).toEqual({ category: null });
    const { data: above } = await shop.send(CATEGORY, { by: { id: root?.id } });
    expect(above['category'].children).toEqual([]);
    const rows = await shop.database.query('test.closureOf', 'SELECT FROM category_closure WHERE descendant_id = $1', [
      uuidOf('category', leaf?.id),
    ]);
    expect(rows).toEqual([]);
  });

  it('refuses while there is a child or a product, a stale version, and an unknown category', async () => {
    const [parent, child] = await makeChain(shop, staff, 'Full', 2);
    expect(await refused(shop, staff, remove, { id: parent?.id })).toBe('CATEGORY_NOT_EMPTY input.id');
    await makeProduct(shop, staff, { name: 'Inside', status: 'DRAFT', categoryId: child?.id });
    expect(await refused(shop, staff, remove, { id: child?.id })).toBe('CATEGORY_NOT_EMPTY input.id');
    expect(await refused(shop, staff, remove, { id: child?.id, expectedVersion: 9 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    expect(await refused(shop, staff, remove, { id: NOBODY.category })).toBe('NOT_FOUND input.id');
  });
});

const counted = (...letters: string[]): object[] => letters.map((letter) => ({ name: `Counted ${letter}` }));

describe('a category', () => {
  const COUNTS = `query ($by: CategoryBy!) {
    category(by: $by) {
      own: productCount
      all: productCount(includeSubcategories: true)
      products(sort: { field: NAME }) { nodes { name } totalCount }
      deep: products(sort: { field: NAME }, includeSubcategories: true, first: 2) {
        nodes { name } totalCount pageInfo { hasNextPage endCursor }
      }
    }
  }`;

  it('is found by id and slug, and null when there is none', async () => {
    const [parent, child] = await makeChain(shop, staff, 'Found', 2);
    const byId = await shop.send(CATEGORY, { by: { id: child?.id } });
    const bySlug = await shop.send(CATEGORY, { by: { slug: 'found-2' } });
    expect(byId.data['category']).toMatchObject({
      id: child?.id,
      name: 'Found 2',
      parent: { id: parent?.id },
      ancestors: [{ name: 'Found 1' }],
      children: [],
    });
    expect(bySlug.data).toEqual(byId.data);
    for (const by of [{ id: NOBODY.category }, { slug: 'nowhere' }]) {
      expect((await shop.send(CATEGORY, { by })).data).toEqual({ category: null });
    }
    const foreign = await shop.send(CATEGORY, { by: { id: NOBODY.product } });
    expect(foreign.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'by.id' }] });
  });

  it('counts and lists its products, with and without those below, as far as the viewer may know', async () => {
    const [top, middle, leaf] = await makeChain(shop, staff, 'Counted', 3);
    const product = (name: string, categoryId?: string, status = 'ACTIVE'): Promise<object> =>
      makeProduct(shop, staff, { name, categoryId, status, variants: [aVariant()] });
    await product('Counted a', top?.id);
    await product('Counted b', middle?.id);
    await product('Counted c', leaf?.id);
    await product('Counted d', leaf?.id);
    await product('Counted hidden', leaf?.id, 'DRAFT');
    await product('Counted gone', top?.id, 'ARCHIVED');
    await product('Counted elsewhere');
    const of = async (category: MadeCategory | undefined, token?: string): Promise<object> =>
      (await shop.send(COUNTS, { by: { id: category?.id } }, token)).data['category'];
    const forCustomer = await of(top, customer.token);
    expect(forCustomer).toEqual({
      own: 1,
      all: 4,
      products: { nodes: counted('a'), totalCount: 1 },
      deep: {
        nodes: counted('a', 'b'),
        totalCount: 4,
        pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
      },
    });
    expect(await of(top)).toEqual(forCustomer);
    expect(await of(top, staff.token)).toMatchObject({
      own: 2,
      all: 6,
      products: { nodes: counted('a', 'gone'), totalCount: 2 },
    });
    expect(await of(middle)).toMatchObject({ own: 1, all: 3, deep: { nodes: counted('b', 'c'), totalCount: 3 } });
    expect(await of(leaf, admin.token)).toMatchObject({ own: 3, all: 3 });
  });

  it('is a node', async () => {
    const { id } = await make('Node itself');
    const { data } = await shop.send('query ($id: ID!) { node(id: $id) { __typename id ... on Category { name } } }', {
      id,
    });
    expect(data['node']).toEqual({ __typename: 'Category', id, name: 'Node itself' });
  });
});
