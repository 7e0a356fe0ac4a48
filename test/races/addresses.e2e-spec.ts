import { outcomeOf, signUp, tally, type Account } from '../support/accounts.js';
import { ADDRESS_CHANGES, anAddress, makeAddress, manyAddresses } from '../support/addresses.js';
import { pick, seeded } from '../support/catalogue.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const { create, update, delete: remove } = ADDRESS_CHANGES;

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(() => shop?.close());

interface BookSums {
  addresses: number;
  shipping: number;
  billing: number;
  /** All versions together. */
  versions: number;
}

const send = (by: Account, document: string, input: object): Promise<Answer> =>
  shop.send(document, { input }, by.token);
const both = { isDefaultShipping: true, isDefaultBilling: true };

async function sumsOf({ uuid }: Account): Promise<BookSums | undefined> {
  const [sums] = await shop.database.query<BookSums>(
    'test.sums',
    `SELECT count(*)::int AS addresses, count(*) FILTER (WHERE is_default_shipping)::int AS shipping,
       count(*) FILTER (WHERE is_default_billing)::int AS billing, sum(version)::int AS versions
     FROM saved_addresses WHERE user_id = $1`,
    [uuid],
  );
  return sums;
}

/** Books with two defaults of a kind. */
function wrongBooks(): Promise<object[]> {
  return shop.database.query(
    'test.wrongBooks',
    `SELECT user_id FROM saved_addresses GROUP BY user_id HAVING count(*) > 50
       OR count(*) FILTER (WHERE is_default_shipping) > 1 OR count(*) FILTER (WHERE is_default_billing) > 1`,
  );
}

it('has one default of each kind after 20 addresses want to be it at once', async () => {
  const owner = await signUp(shop);
  const ids = [];
  for (let n = 0; n < 20; n += 1) ids.push((await makeAddress(shop, owner, { address: anAddress() })).id);
  const answers = await Promise.all(ids.map((id) => send(owner, update, { id, ...both })));
  expect(tally(answers)).toEqual({ DONE: 20 });
  // 20 changes, and 20 times another one lost the defaults, unless it was the first one's turn while it had them.
  const { versions, ...sums } = (await sumsOf(owner)) ?? { versions: 0 };
  expect(sums).toEqual({ addresses: 20, shipping: 1, billing: 1 });
  expect([20 + 20 + 19, 20 + 20 + 20]).toContain(versions);
});

it('has one default of each kind after 20 new addresses want to be it at once', async () => {
  const owner = await signUp(shop);
  const input = { address: anAddress(), ...both };
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(owner, create, input)));
  expect(tally(answers)).toEqual({ DONE: 20 });
  expect(await sumsOf(owner)).toEqual({ addresses: 20, shipping: 1, billing: 1, versions: 20 + 19 });
});

it('makes one of many first addresses the default', async () => {
  for (let round = 0; round < 5; round += 1) {
    const owner = await signUp(shop);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(owner, create, { address: anAddress() })));
    expect(tally(answers)).toEqual({ DONE: 8 });
    expect(await sumsOf(owner)).toEqual({ addresses: 8, shipping: 1, billing: 1, versions: 8 });
  }
});

it('holds 50 addresses when 60 are added at once', async () => {
  const owner = await signUp(shop);
  const answers = await Promise.all(Array.from({ length: 60 }, () => send(owner, create, { address: anAddress() })));
  expect(tally(answers)).toEqual({ DONE: 50, TOO_MANY_ADDRESSES: 10 });
  expect(await sumsOf(owner)).toEqual({ addresses: 50, shipping: 1, billing: 1, versions: 50 });
});

it('lets one of many win who read the same version', async () => {
  const owner = await signUp(shop);
  const { id } = await makeAddress(shop, owner, { address: anAddress() });
  const change = { id, address: anAddress({ city: 'Leeds' }), expectedVersion: 1 };
  const changes = Array.from({ length: 8 }, () => send(owner, update, change));
  const answers = await Promise.all([
    ...changes,
    ...changes.map(() => send(owner, remove, { id, expectedVersion: 1 })),
  ]);
  const outcomes = tally(answers);
  expect(outcomes['DONE']).toBe(1);
  const changed = answers.slice(0, 8).some((answer) => outcomeOf(answer) === 'DONE');
  expect(outcomes).toEqual({ DONE: 1, [changed ? 'VERSION_CONFLICT' : 'NOT_FOUND']: 15 });
});

it('stays right when everything happens to several books at once', async () => {
  const random = seeded(53);
  const owners = [await signUp(shop), await signUp(shop), await signUp(shop)];
  const books: { owner: Account; ids: string[] }[] = [];
  for (const owner of owners) {
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push((await makeAddress(shop, owner, { address: anAddress() })).id);
    await manyAddresses(shop, owner, 43);
    books.push({ owner, ids });
  }
  const answers = await Promise.all(
    Array.from({ length: 150 }, () => {
      const { owner, ids } = pick(random, books);
      const flag = (): boolean | null => pick(random, [true, true, false, null]);
      const id = pick(random, ids);
      const [document, input] = pick<[string, object]>(random, [
        [create, { address: anAddress(), isDefaultShipping: random() < 0.5, isDefaultBilling: random() < 0.5 }],
        [update, { id, isDefaultShipping: flag(), isDefaultBilling: flag() }],
        [update, { id, address: anAddress({ city: 'Leeds' }), isDefaultShipping: flag() }],
        [update, { id, isDefaultBilling: true }],
        ...(random() < 0.2 ? [[remove, { id }] as [string, object]] : []),
      ]);
      return send(owner, document, input);
    }),
  );
  const codes = tally(answers);
  const odd = Object.keys(codes).filter((code) => !['DONE', 'NOT_FOUND', 'TOO_MANY_ADDRESSES'].includes(code));
  expect(odd).toEqual([]);
  expect(codes['DONE']).toBeGreaterThan(60);
  expect(codes['TOO_MANY_ADDRESSES']).toBeGreaterThan(0);
  expect(await wrongBooks()).toEqual([]);
});
