import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import {
  CATEGORY_CHANGES,
  change,
  codeOf,
  makeCategory,
  makeChain,
  NOBODY,
  pick,
  refused,
  seeded,
  type MadeCategory,
} from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { create, move, delete: remove } = CATEGORY_CHANGES;
const CATEGORY = `query ($by: CategoryBy!) {
  category(by: $by) { id slug name parent { id } children { name } ancestors { name } }
}`;
const TREE = `{ categories { id parent { id } ancestors { id } } }`;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const make = (name: string, traits: object = {}): Promise<MadeCategory> =>
  makeCategory(shop, staff, { name, ...traits });
const send = (document: string, input: object): Promise<Answer> => shop.send(document, { input }, staff.token);

/** Names of the children of a category, in their order. */
async function childrenOf(id: string): Promise<string[]> {
  const { data } = await shop.send(CATEGORY, { by: { id } });
  return data['category'].children.map(({ name }: { name: string }) => name);
}

/** Rows in which the closure table and a walk along the parents differ. */
function closureDifferences(): Promise<object[]> {
  return shop.database.query(
    'test.closure',
    `WITH RECURSIVE walk AS (
       SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM categories
       UNION ALL
       SELECT w.ancestor_id, c.id, w.depth + 1 FROM walk w JOIN categories c ON c.parent_id = w.descendant_id
     ) CYCLE descendant_id SET looped USING path, walked AS (
       SELECT ancestor_id, descendant_id, depth FROM walk
     ), kept AS (
       SELECT ancestor_id, descendant_id, depth FROM category_closure
     )
     SELECT 'missing' AS what, m.* FROM (SELECT * FROM walked EXCEPT SELECT * FROM kept) m
     UNION ALL
     SELECT 'too many', t.* FROM (SELECT * FROM kept EXCEPT SELECT * FROM walked) t`,
  );
}

describe('order', () => {
  it('puts a new category last, or where it is wanted', async () => {
    const parent = await make('Ordered');
    for (const name of ['A', 'B', 'C']) await make(name, { parentId: parent.id });
    await make('First', { parentId: parent.id, position: 0 });
    await make('Third', { parentId: parent.id, position: 2 });
    await make('Far', { parentId: parent.id, position: 100_000 });
    await make('Last', { parentId: parent.id });
    expect(await childrenOf(parent.id)).toEqual(['First', 'A', 'Third', 'B', 'C', 'Far', 'Last']);
  });

  it('moves a category to each place among its siblings', async () => {
    for (const [place, order] of [
      [0, ['X', 'A', 'B', 'C']],
      [1, ['A', 'X', 'B', 'C']],
      [2, ['A', 'B', 'X', 'C']],
      [3, ['A', 'B', 'C', 'X']],
      [9, ['A', 'B', 'C', 'X']],
      [null, ['A', 'B', 'C', 'X']],
    ] as const) {
      const parent = await make('Places');
      const x = await make('X', { parentId: parent.id });
      for (const name of ['A', 'B', 'C']) await make(name, { parentId: parent.id });
      await change(shop, staff, move, { id: x.id, parentId: parent.id, position: place });
      expect({ place, order: await childrenOf(parent.id) }).toEqual({ place, order });
    }
  });

  it('counts places by the siblings that are there, also after some have gone', async () => {
    const parent = await make('Gaps');
    const gone = [];
    for (const name of ['A', 'B', 'C', 'D']) gone.push(await make(name, { parentId: parent.id }));
    await change(shop, staff, remove, { id: gone[1]?.id });
    await change(shop, staff, move, { id: gone[2]?.id, parentId: null });
    await make('Second', { parentId: parent.id, position: 1 });
    await make('Fourth', { parentId: parent.id, position: 3 });
    expect(await childrenOf(parent.id)).toEqual(['A', 'Second', 'D', 'Fourth']);
  });

  it('lists roots and all categories with siblings in their order', async () => {
    const { data } = await shop.send(
      '{ roots: categories(rootsOnly: true) { id parent { id } position } all: categories { id } }',
    );
    const roots = data['roots'] as { id: string; parent: unknown; position: number }[];
    const positions = roots.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(roots.every(({ parent }) => parent === null)).toBe(true);
    const all = data['all'].map(({ id }: { id: string }) => id);
    expect(all.filter((id: string) => roots.some((root) => root.id === id))).toEqual(roots.map(({ id }) => id));
    expect(all.length).toBeGreaterThan(roots.length);
  });
});

describe('moveCategory', () => {
  it('takes everything below along', async () => {
    const [root, middle, leaf] = await makeChain(shop, staff, 'Branch', 3);
    const target = await make('Target');
    const { data } = await send(move, { id: middle?.id, parentId: target.id });
    expect(data['moveCategory'].category).toMatchObject({
      version: 2,
      parent: { id: target.id },
      ancestors: [{ id: target.id }],
      children: [{ id: leaf?.id }],
    });
    const { data: below } = await shop.send(CATEGORY, { by: { id: leaf?.id } });
    expect(below['category'].ancestors).toEqual([{ name: 'Target' }, { name: 'Branch 2' }]);
    expect(await childrenOf(root?.id ?? '')).toEqual([]);
    const { data: up } = await send(move, { id: leaf?.id, parentId: null });
    expect(up['moveCategory'].category).toMatchObject({ parent: null, ancestors: [] });
  });

  it('refuses a circle: below itself, a child and a grandchild', async () => {
    const [root, middle, leaf] = await makeChain(shop, staff, 'Circle', 3);
    for (const below of [root, middle, leaf]) {
      expect(await refused(shop, staff, move, { id: root?.id, parentId: below?.id })).toBe(
        'CATEGORY_CYCLE input.parentId',
      );
    }
  });

  it('refuses a thirteenth level, counted down to the lowest category that comes along', async () => {
    const tall = await makeChain(shop, staff, 'Tall', 5);
    const base = await makeChain(shop, staff, 'Base', 8);
    expect(await refused(shop, staff, move, { id: tall[0]?.id, parentId: base[7]?.id })).toBe(
      'CATEGORY_TOO_DEEP input.parentId',
    );
    expect(codeOf(await send(move, { id: tall[0]?.id, parentId: base[6]?.id }))).toBe('OK');
    const { data } = await shop.send(CATEGORY, { by: { id: tall[4]?.id } });
    expect(data['category'].ancestors).toHaveLength(11);
  });

  it('refuses a stale version and unknown categories', async () => {
    const { id } = await make('Stays');
    expect(await refused(shop, staff, move, { id, parentId: null, expectedVersion: 5 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    expect(await refused(shop, staff, move, { id, parentId: NOBODY.category })).toBe('NOT_FOUND input.parentId');
    expect(await refused(shop, staff, move, { id: NOBODY.category, parentId: id })).toBe('NOT_FOUND input.id');
  });

  it('leaves the sums of the tree right after random moves, creations and deletions', async () => {
    const random = seeded(20_261_122);
    const nodes: string[] = [];
    const codes = new Map<string, number>();
    const count = (answer: Answer): void => void codes.set(codeOf(answer), (codes.get(codeOf(answer)) ?? 0) + 1);
    for (let step = 0; step < 150; step += 1) {
      const roll = random();
      if (nodes.length < 5 || roll < 0.2) {
        const parentId = nodes.length > 0 && random() < 0.8 ? pick(random, nodes) : null;
        const answer = await send(create, { name: `Node ${step}`, parentId, position: random() < 0.5 ? 0 : null });
        count(answer);
        const made = answer.data['createCategory'].category;
        if (made) nodes.push(made.id);
      } else if (roll < 0.9) {
        const parentId = random() < 0.9 ? pick(random, nodes) : null;
        const position = random() < 0.5 ? Math.floor(random() * 4) : null;
        count(await send(move, { id: pick(random, nodes), parentId, position }));
      } else {
        const id = pick(random, nodes);
        const answer = await send(remove, { id });
        count(answer);
        if (codeOf(answer) === 'OK') nodes.splice(nodes.indexOf(id), 1);
      }
    }
    // The walk has really been through all of it.
    expect([...codes.keys()].toSorted()).toEqual(['CATEGORY_CYCLE', 'CATEGORY_NOT_EMPTY', 'OK']);
    expect(codes.get('OK')).toBeGreaterThan(60);
    expect(await closureDifferences()).toEqual([]);
    const { data } = await shop.send(TREE);
    const tree = data['categories'] as { id: string; parent: { id: string } | null; ancestors: { id: string }[] }[];
    const parents = new Map(tree.map(({ id, parent }) => [id, parent?.id]));
    for (const { id, ancestors } of tree) {
      const above: string[] = [];
      for (let at = parents.get(id); at !== undefined; at = parents.get(at)) above.unshift(at);
      expect(ancestors.map((ancestor) => ancestor.id)).toEqual(above);
    }
  });

  it('never closes a circle, however many move at once', async () => {
    const roots = await Promise.all(Array.from({ length: 6 }, (_, index) => make(`Knot ${index}`)));
    const random = seeded(7);
    const moves = Array.from({ length: 40 }, () => ({ id: pick(random, roots).id, parentId: pick(random, roots).id }));
    const codes = (await Promise.all(moves.map((input) => send(move, input)))).map(codeOf);
    expect(new Set(codes)).toEqual(new Set(['OK', 'CATEGORY_CYCLE']));
    expect(await closureDifferences()).toEqual([]);
  });
});

describe('one request with several moves', () => {
  it('shows after each change of one request what that change has made', async () => {
    const [parent, a, b] = [await make('Fresh'), await make('Fresh a'), await make('Fresh b')];
    const { data } = await shop.send(
      `mutation ($a: MoveCategoryInput!, $b: MoveCategoryInput!) {
        a: moveCategory(input: $a) { category { parent { children { name } } } }
        b: moveCategory(input: $b) { category { parent { children { name } } } }
      }`,
      { a: { id: a.id, parentId: parent.id }, b: { id: b.id, parentId: parent.id } },
      staff.token,
    );
    expect(data['a'].category.parent.children).toEqual([{ name: 'Fresh a' }]);
    expect(data['b'].category.parent.children).toEqual([{ name: 'Fresh a' }, { name: 'Fresh b' }]);
  });
});

describe('one request with the products of several categories', () => {
  it('refuses one list of a document without the others', async () => {
    const [a, b] = await makeChain(shop, staff, 'Lists', 2);
    const document = `query ($a: ID!, $b: ID!) {
      a: category(by: { id: $a }) { products(first: 1) { pageInfo { hasNextPage } } }
      b: category(by: { id: $b }) { products(first: 101) { pageInfo { hasNextPage } } }
    }`;
    const { data, errors } = await shop.send(document, { a: a?.id, b: b?.id });
    expect(data).toEqual({ a: { products: { pageInfo: { hasNextPage: false } } }, b: null });
    expect(errors).toMatchObject([{ path: ['b', 'products'], extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
