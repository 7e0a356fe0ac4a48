import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Role } from '../../src/access/role.js';
import { CategorySlugTaken } from '../../src/categories/categories.errors.js';
import { CategoriesQueries } from '../../src/categories/categories.queries.js';
import { countSessions, LOGIN, PASSWORD, REFRESH, signUp, tally, type Account } from '../support/accounts.js';
import { aVariant, CATEGORY_CHANGES, codeOf, countOf, makeProduct, PRODUCT_CHANGES } from '../support/catalogue.js';
import { sendKeyed } from '../support/idempotency.js';
import { anotherServer, until, within } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

let shop: Shop;
let beside: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  beside = await anotherServer(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(async () => {
  await beside?.close();
  await shop?.close();
});

const { create } = CATEGORY_CHANGES;

/** The same request so many times at once, to both servers in turn. */
function twins(
  count: number,
  document: string,
  input: object,
  { key = randomUUID(), by = staff } = {},
): Promise<Answer>[] {
  return Array.from({ length: count }, (_, n) => sendKeyed(n % 2 ? beside : shop, document, { input, key, by }));
}

const distinct = (answers: readonly Answer[]): number => new Set(answers.map(({ data }) => JSON.stringify(data))).size;
const categories = (name: string): Promise<number> =>
  countOf(shop, 'SELECT count(*) AS n FROM categories WHERE name = $1', [name]);

/** Holds whoever adds a category, in the middle of their transaction, until told to go on; then they add or fail. */
function holdInserts(server: Shop): { held: () => number; release: (error?: Error) => void } {
  const queries = server.app.get(CategoriesQueries, { strict: false });
  let held = 0;
  let failure: Error | undefined;
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  queries.insert = async (...args) => {
    held += 1;
    const [mine, error] = [held, await gate.then(() => failure)];
    if (error && mine === 1) throw error;
    return CategoriesQueries.prototype.insert.apply(queries, args);
  };
  return {
    held: () => held,
    release(error) {
      failure = error;
      delete (queries as Partial<CategoriesQueries>).insert;
      open();
    },
  };
}

/** Resolves when a statement waits for the key that another transaction holds. */
function blocked(): Promise<void> {
  const sql = `SELECT count(*) AS n FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO idempotency_keys%'`;
  return until('a twin waits in the database', async () => (await countOf(shop, sql)) > 0);
}

describe('100 twins at once', () => {
  it('add one category and are all told the same', async () => {
    const answers = await Promise.all(twins(100, create, { name: 'Hundred' }));
    expect(tally(answers)).toEqual({ DONE: 100 });
    expect(distinct(answers)).toBe(1);
    expect(await categories('Hundred')).toBe(1);
  });

  it('take the last units once', async () => {
    const { variants } = await makeProduct(shop, staff, { name: 'Last', variants: [aVariant({ stock: 3 })] });
    const answers = await Promise.all(
      twins(100, PRODUCT_CHANGES.adjustStock, { variantId: variants[0]?.id, delta: -2 }),
    );
    expect(tally(answers)).toEqual({ DONE: 100 });
    expect(answers.map(({ data }) => data['adjustStock'].variant.availableQuantity)).toEqual(Array(100).fill(1));
  });

  it('leave the connections to others while the first one is held up', async () => {
    const hold = holdInserts(shop);
    const key = randomUUID();
    const first = sendKeyed(shop, create, { input: { name: 'Held' }, key, by: staff });
    await until('the first is in its transaction', () => hold.held() === 1);
    const waiting = Promise.all([first, ...twins(99, create, { name: 'Held' }, { key })]);
    await blocked();
    // More at once than there are connections.
    const others = Array.from({ length: 30 }, () => shop.send('{ categories { id } }'));
    expect(tally(await within('other requests', Promise.all(others)))).toEqual({ DONE: 30 });
    expect(
      await countOf(
        shop,
        `SELECT count(*) AS n FROM pg_stat_activity
      WHERE datname = current_database() AND state <> 'idle' AND query LIKE '%idempotency_keys%' AND pid <> pg_backend_pid()`,
      ),
    ).toBe(1);
    hold.release();
    const answers = await waiting;
    expect(tally(answers)).toEqual({ DONE: 100 });
    expect([distinct(answers), await categories('Held'), hold.held()]).toEqual([1, 1, 1]);
  });
});

describe('twins', () => {
  it('take over when the first one is rolled back: one of them, and only one', async () => {
    const hold = holdInserts(shop);
    const key = randomUUID();
    const first = sendKeyed(shop, create, { input: { name: 'Taken over' }, key, by: staff });
    await until('the first is in its transaction', () => hold.held() === 1);
    const waiting = Promise.all(twins(40, create, { name: 'Taken over' }, { key }));
    await blocked();
    hold.release(new CategorySlugTaken('of the first'));
    expect(codeOf(await first)).toBe('SLUG_TAKEN');
    const answers = await waiting;
    expect(tally(answers)).toEqual({ DONE: 40 });
    expect([distinct(answers), await categories('Taken over')]).toEqual([1, 1]);
  });

  it('with different inputs under one key: one wins, the others are told of the conflict', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = randomUUID();
      const answers = await Promise.all(
        [1, 2, 3, 4, 5, 6].flatMap((n) =>
          twins(2, create, { name: `Rival ${round}`, slug: `rival-${round}-${n}` }, { key }),
        ),
      );
      expect(tally(answers)).toEqual({ DONE: 2, IDEMPOTENCY_CONFLICT: 10 });
      expect(await categories(`Rival ${round}`)).toBe(1);
    }
  });

  it('under many keys at once add one for each key', async () => {
    const keys = Array.from({ length: 40 }, () => randomUUID());
    const answers = await Promise.all(keys.flatMap((key) => twins(3, create, { name: 'Crowd' }, { key })));
    expect(tally(answers)).toEqual({ DONE: 120 });
    expect([distinct(answers), await categories('Crowd')]).toEqual([40, 40]);
  });

  it('sign in once, and use a refresh token once', async () => {
    const account = await signUp(shop);
    const logins = await Promise.all(twins(20, LOGIN, { email: account.email, password: PASSWORD }));
    expect([tally(logins), distinct(logins)]).toEqual([{ DONE: 20 }, 1]);
    expect(await countSessions(shop, account)).toBe(2);
    const refreshed = await Promise.all(twins(20, REFRESH, { refreshToken: account.refreshToken }));
    expect([tally(refreshed), distinct(refreshed)]).toEqual([{ DONE: 20 }, 1]);
    expect(await countSessions(shop, account)).toBe(2);
  });
});

describe('a twin in a process elsewhere', () => {
  let elsewhere: pg.Client;
  beforeAll(async () => {
    elsewhere = new pg.Client({ connectionString: shop.database.source.driver.options['extra'].connectionString });
    await elsewhere.connect();
  });
  afterAll(() => elsewhere?.end());

  it.each([
    ['COMMIT', 0],
    ['ROLLBACK', 1],
  ])('is waited for, and after its %s the change is made %i times here', async (end, made) => {
    const [key, input] = [randomUUID(), { name: `Elsewhere ${end}` }];
    const first = await sendKeyed(shop, create, { input, key, by: staff });
    // The row of the first request becomes that of a transaction which is still under way.
    await elsewhere.query('CREATE TEMP TABLE moved AS SELECT * FROM idempotency_keys ORDER BY created_at DESC LIMIT 1');
    await elsewhere.query('DELETE FROM idempotency_keys WHERE key_hash IN (SELECT key_hash FROM moved)');
    await elsewhere.query('BEGIN');
    await elsewhere.query('INSERT INTO idempotency_keys SELECT * FROM moved');
    const waiting = Promise.all(twins(20, create, input, { key }));
    await blocked();
    await elsewhere.query(end);
    const answers = await waiting;
    await elsewhere.query('DROP TABLE moved');
    expect([tally(answers), distinct(answers)]).toEqual([{ DONE: 20 }, 1]);
    expect(JSON.stringify(answers[0]?.data) === JSON.stringify(first.data)).toBe(made === 0);
    expect(await categories(input.name)).toBe(1 + made);
  });
});
