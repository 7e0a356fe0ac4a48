import { randomUUID } from 'node:crypto';
import { Role } from '../src/access/role.js';
import { CategoriesService } from '../src/categories/categories.service.js';
import { Unavailable } from '../src/errors/request-errors.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { KeySweeper } from '../src/server/key-sweeper.js';
import { signUp, type Account } from './support/accounts.js';
import {
  aVariant,
  catalogueDump,
  CATEGORY_CHANGES,
  change,
  codeOf,
  countOf,
  makeCategory,
  makeProduct,
  PRODUCT_CHANGES,
} from './support/catalogue.js';
import { countKeys, keyed, sendKeyed } from './support/idempotency.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
let other: Account;
let customer: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  other = await signUp(shop, { roles: [Role.STAFF] });
  customer = await signUp(shop);
});

afterAll(() => shop?.close());

const { create } = CATEGORY_CHANGES;
const send = (document: string, input: object, key = randomUUID(), by?: Account): Promise<Answer> =>
  sendKeyed(shop, document, { input, key, by: by ?? staff });

/** Names of the categories that begin so. */
async function named(start: string): Promise<string[]> {
  const sql = 'SELECT slug FROM categories WHERE slug LIKE $1 ORDER BY slug';
  const rows = await shop.database.query<{ slug: string }>('test.named', sql, [`${start}%`]);
  return rows.map(({ slug }) => slug);
}

/** Does nothing in the catalogue and leaves no key. */
async function changesNothing(work: () => Promise<unknown>): Promise<void> {
  const before = [await catalogueDump(shop), await countKeys(shop)];
  await work();
  expect([await catalogueDump(shop), await countKeys(shop)]).toEqual(before);
}

describe('the same key with the same input', () => {
  it.each<[string, () => Promise<[document: string, input: object]>]>([
    ['createCategory', async () => [create, { name: 'Twice' }]],
    ['createProduct', async () => [PRODUCT_CHANGES.create, { name: 'Twice', variants: [aVariant()] }]],
    [
      'adjustStock',
      async () => {
        const { variants } = await makeProduct(shop, staff, { name: 'Stocked', variants: [aVariant({ stock: 5 })] });
        return [PRODUCT_CHANGES.adjustStock, { variantId: variants[0]?.id, delta: -5 }];
      },
    ],
    [
      'updateProduct of a version',
      async () => {
        const { id, version } = await makeProduct(shop, staff, { name: 'Changed' });
        return [PRODUCT_CHANGES.update, { id, name: 'Changed again', expectedVersion: version }];
      },
    ],
    [
      'deleteCategory',
      async () => [CATEGORY_CHANGES.delete, { id: (await makeCategory(shop, staff, { name: 'Doomed' })).id }],
    ],
  ])('changes nothing more and answers as the first time: %s', async (_, prepare) => {
    const [document, input] = await prepare();
    const [key, before] = [randomUUID(), await catalogueDump(shop)];
    const first = await send(document, input, key);
    expect(codeOf(first)).toBe('OK');
    const after = await catalogueDump(shop);
    expect(after).not.toBe(before);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect((await send(document, input, key)).data).toEqual(first.data);
    }
    expect(await catalogueDump(shop)).toBe(after);
  });

  it('costs two statements more the first time, and three in all from then on', async () => {
    const key = randomUUID();
    const { names } = (await shop.send(create, { input: { name: 'Plain', slug: 'counted' } }, staff.token)).extensions
      .sql;
    const document = create.replace('parent { id }', '');
    const plain = await shop.send(document, { input: { name: 'Plain', slug: 'counted-1' } }, staff.token);
    const first = await send(document, { name: 'Plain', slug: 'counted-2' }, key);
    const replayed = await send(document, { name: 'Plain', slug: 'counted-2' }, key);
    expect(names[0]).toBe('START');
    expect(first.extensions.sql.names).toEqual([
      'START',
      'idempotency.claim',
      ...plain.extensions.sql.names.slice(1, -1),
      'idempotency.record',
      'COMMIT',
    ]);
    expect(first.extensions.sql.statements).toBe(plain.extensions.sql.statements + 2);
    expect(replayed.extensions.sql).toEqual({ statements: 3, names: ['START', 'idempotency.claim', 'COMMIT'] });
  });

  it('counts whatever the selection, the alias and the order of fields are', async () => {
    const key = randomUUID();
    const first = await send(create, { name: 'Seen', slug: 'seen-otherwise', description: '' }, key);
    const document = `mutation ($key: String! = "${key}") {
      made: createCategory(input: { description: "", slug: "seen-otherwise", name: "Seen" }) @idempotent(key: $key) { category { id } }
    }`;
    const { data } = await shop.send(document, {}, staff.token);
    expect(data).toEqual({ made: { category: { id: first.data['createCategory'].category.id } } });
    expect(await named('seen-otherwise')).toEqual(['seen-otherwise']);
  });

  it('repairs an answer that was lost behind the commit', async () => {
    const [key, input] = [randomUUID(), { name: 'Crashed', slug: 'crashed' }];
    const service = shop.app.get(CategoriesService, { strict: false });
    let made: object | undefined;
    service.create = async (...args) => {
      made = await CategoriesService.prototype.create.apply(service, args);
      throw new Unavailable();
    };
    const { errors } = await shop.send(keyed(create), { key, input }, staff.token);
    expect(errors?.[0]?.extensions['code']).toBe('UNAVAILABLE');
    delete (service as Partial<CategoriesService>).create;
    const { data } = await send(create, input, key);
    expect(uuidOf('category', data['createCategory'].category.id)).toBe((made as { id: string }).id);
    expect(await named('crashed')).toEqual(['crashed']);
  });

  it('passes the same checks of access as any request', async () => {
    const [key, input] = [randomUUID(), { name: 'Guarded', slug: 'guarded' }];
    await send(create, input, key);
    await changesNothing(async () => {
      expect(codeOf(await sendKeyed(shop, create, { input, key }))).toBe('UNAUTHENTICATED');
      expect(codeOf(await sendKeyed(shop, create, { input, key, by: { token: 'stale' } }))).toBe('UNAUTHENTICATED');
      expect(codeOf(await send(create, input, key, customer))).toBe('FORBIDDEN');
    });
  });

  it('runs anew when the key is older than 24 hours', async () => {
    const [key, input] = [randomUUID(), { name: 'Aged' }];
    const age = async (seconds: number): Promise<void> => {
      await shop.database.query(
        'test.age',
        `UPDATE idempotency_keys SET created_at = now() - make_interval(hours => 24, secs => $1)`,
        [seconds],
      );
    };
    const first = await send(create, input, key);
    await age(-5);
    expect((await send(create, input, key)).data).toEqual(first.data);
    await age(1);
    const second = await send(create, input, key);
    expect(second.data['createCategory'].category.slug).toBe('aged-2');
    expect((await send(create, input, key)).data).toEqual(second.data);
    expect(await named('aged')).toEqual(['aged', 'aged-2']);
    await age(1);
    // Another input counts as new then, too.
    expect(codeOf(await send(create, { name: 'Aged', slug: 'aged-other' }, key))).toBe('OK');
  });
});

describe('a key', () => {
  it('with another input or operation is a conflict, and nothing is changed', async () => {
    const key = randomUUID();
    const { data } = await send(create, { name: 'Taken' }, key);
    const { id } = data['createCategory'].category;
    await changesNothing(async () => {
      const conflict = await send(create, { name: 'Taken', description: 'other' }, key);
      expect(conflict.errors).toEqual([
        {
          message: 'This key was used for another change. Choose a new key for each change.',
          locations: expect.any(Array),
          path: ['createCategory'],
          extensions: { code: 'IDEMPOTENCY_CONFLICT', timestamp: expect.any(String) },
        },
      ]);
      expect(conflict.data).toBeNull();
      expect(codeOf(await send(CATEGORY_CHANGES.update, { id, name: 'x' }, key))).toBe('IDEMPOTENCY_CONFLICT');
      expect(codeOf(await send(CATEGORY_CHANGES.delete, { id }, key))).toBe('IDEMPOTENCY_CONFLICT');
    });
  });

  it('belongs to its viewer', async () => {
    const [key, input] = [randomUUID(), { name: 'Mine' }];
    const mine = await send(create, input, key);
    const theirs = await send(create, input, key, other);
    expect(mine.data['createCategory'].category.slug).toBe('mine');
    expect(theirs.data['createCategory'].category.slug).toBe('mine-2');
    expect((await send(create, input, key)).data).toEqual(mine.data);
    expect((await send(create, input, key, other)).data).toEqual(theirs.data);
  });

  it('is not used up by a refusal', async () => {
    const taken = await makeCategory(shop, staff, { name: 'Busy', slug: 'busy' });
    const [key, input] = [randomUUID(), { name: 'Busy too', slug: 'busy' }];
    await changesNothing(async () => {
      expect(codeOf(await send(create, input, key))).toBe('SLUG_TAKEN');
      expect(codeOf(await send(create, { ...input, slug: 'Not a slug' }, key))).toBe('BAD_USER_INPUT');
    });
    await change(shop, staff, CATEGORY_CHANGES.update, { id: taken.id, slug: 'busy-before' });
    const { data } = await send(create, input, key);
    expect(data['createCategory'].category.slug).toBe('busy');
    expect((await send(create, input, key)).data).toEqual(data);
  });

  it('counts for each field of its own', async () => {
    const two = (a: string, b: string): Promise<Answer> =>
      shop.send(
        `mutation ($a: String!, $b: String!, $input: CreateCategoryInput!) {
          one: createCategory(input: $input) @idempotent(key: $a) { category { slug } }
          two: createCategory(input: $input) @idempotent(key: $b) { category { slug } }
          bare: createCategory(input: $input) { category { slug } }
        }`,
        { a, b, input: { name: 'Many' } },
        staff.token,
      );
    const slugs = ({ data }: Answer): string[] => ['one', 'two', 'bare'].map((field) => data[field].category.slug);
    const [a, b] = [randomUUID(), randomUUID()];
    expect(slugs(await two(a, b))).toEqual(['many', 'many-2', 'many-3']);
    expect(slugs(await two(a, b))).toEqual(['many', 'many-2', 'many-4']);
    expect(slugs(await two(b, b))).toEqual(['many-2', 'many-2', 'many-5']);
  });
});

describe('old keys', () => {
  it('are deleted, however many, and no younger ones', async () => {
    await shop.database.query('test.forget', 'DELETE FROM idempotency_keys');
    await shop.database.query(
      'test.fill',
      `INSERT INTO idempotency_keys (key_hash, fingerprint, created_at)
       SELECT sha256(n::text::bytea), '', now() - make_interval(hours => 24, secs => 5 - n % 2 * 10) FROM generate_series(1, 5000) n`,
    );
    await shop.app.get(KeySweeper, { strict: false }).sweep();
    expect(
      await countOf(shop, `SELECT count(*) AS n FROM idempotency_keys WHERE created_at > now() - interval '24 hours'`),
    ).toBe(2500);
    expect(await countKeys(shop)).toBe(2500);
  });
});
