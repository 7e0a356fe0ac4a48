import { Role } from '../src/access/role.js';
import { outcomeOf, signUp, snapshot, type Account } from './support/accounts.js';
import { ADDRESS_CHANGES, anAddress, makeAddress, manyAddresses, NO_ADDRESS } from './support/addresses.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { create, update, delete: remove } = ADDRESS_CHANGES;
const BOOK = `{ me { addresses { address { line1 } isDefaultShipping isDefaultBilling version } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { __typename id ... on SavedAddress { address { city } } } }`;
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let shop: Shop;
let customer: Account;
let other: Account;
let staff: Account;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  customer = await signUp(shop);
  other = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

const send = (document: string, input: object, by?: Account): Promise<Answer> =>
  shop.send(document, { input }, by?.token);
const make = (by: Account, line1: string, traits: object = {}): Promise<{ id: string; version: number }> =>
  makeAddress(shop, by, { address: anAddress({ line1 }), ...traits });

/** The viewer's book, a line each: `Street 1 v2 shipping billing`. */
async function book({ token }: Account): Promise<string[]> {
  const { data } = await shop.send(BOOK, {}, token);
  return linesOf(data['me'].addresses);
}

function linesOf(addresses: Answer['data'][]): string[] {
  return addresses.map(({ address, version, isDefaultShipping, isDefaultBilling }) =>
    [
      address.line1,
      `v${version}`,
      ...(isDefaultShipping ? ['shipping'] : []),
      ...(isDefaultBilling ? ['billing'] : []),
    ].join(' '),
  );
}

/** Sends a change that must be refused without a trace, and answers why and where. */
async function refused(document: string, input: object, by: Account): Promise<string> {
  const before = await snapshot(shop, 'saved_addresses');
  const { data, errors } = await send(document, input, by);
  expect(errors).toBeUndefined();
  const { userErrors, ...result } = Object.values(data)[0];
  expect(Object.values(result).filter((value) => value !== null)).toEqual([]);
  expect(userErrors).toHaveLength(1);
  expect(await snapshot(shop, 'saved_addresses')).toBe(before);
  return [userErrors[0].code, ...(userErrors[0].field ?? [])].join(' ');
}

describe('access', () => {
  it.each([
    ['createAddress', create, (): object => ({ address: anAddress() })],
    ['updateAddress', update, (id: string): object => ({ id, isDefaultBilling: true })],
    ['deleteAddress', remove, (id: string): object => ({ id })],
  ])('%s for anonymous, customer, staff and admin in books of their own', async (_field, document, input) => {
    const before = await snapshot(shop, 'saved_addresses');
    expect(outcomeOf(await send(document, input(NO_ADDRESS)))).toBe('UNAUTHENTICATED');
    expect(await snapshot(shop, 'saved_addresses')).toBe(before);
    for (const by of [customer, other, staff, admin]) {
      const { id } = await make(by, 'Access 1');
      expect(outcomeOf(await send(document, input(id), by))).toBe('DONE');
    }
  });

  it.each([
    ['updateAddress', update, { address: anAddress({ line1: 'Mine now' }), isDefaultShipping: true }],
    ['deleteAddress', remove, {}],
  ])("%s does not know somebody else's address, not even for staff", async (_field, document, change) => {
    const { id } = await make(customer, 'Private 1', { isDefaultShipping: true });
    const answers = [];
    for (const by of [other, staff, admin]) {
      answers.push(await refused(document, { id, ...change }, by));
      expect(await refused(document, { id, ...change, expectedVersion: 7 }, by)).toBe('NOT_FOUND input id');
    }
    answers.push(await refused(document, { id: NO_ADDRESS, ...change }, customer));
    expect(new Set(answers)).toEqual(new Set(['NOT_FOUND input id']));
  });

  it('shows an address as a node to its owner and to staff only', async () => {
    const { id } = await make(customer, 'Node 1');
    const seen = async (token?: string): Promise<unknown> => (await shop.send(NODE, { id }, token)).data['node'];
    const node = { __typename: 'SavedAddress', id, address: { city: 'London' } };
    expect([await seen(), await seen(other.token)]).toEqual([null, null]);
    expect([await seen(customer.token), await seen(staff.token), await seen(admin.token)]).toEqual([node, node, node]);
    expect((await shop.send(NODE, { id: NO_ADDRESS }, staff.token)).data['node']).toBeNull();
  });

  it('shows a book to staff, and to its owner also as the answer to signing in', async () => {
    const owner = await signUp(shop);
    const { id } = await make(owner, 'Book 1');
    const USER = `query ($id: ID!) { user(id: $id) { addresses { id } } node(id: $id) { ... on User { addresses { id } } } }`;
    const shown = { addresses: [{ id }] };
    expect((await shop.send(USER, { id: owner.id }, staff.token)).data).toEqual({ user: shown, node: shown });
    const node = `query ($id: ID!) { node(id: $id) { ... on User { addresses { id } } } }`;
    expect((await shop.send(node, { id: owner.id }, other.token)).data).toEqual({ node: null });
    expect((await shop.send(node, { id: owner.id })).data).toEqual({ node: null });
    const login = `mutation ($input: LoginInput!) { login(input: $input) { user { addresses { id } } } }`;
    const { data } = await send(login, { email: owner.email, password: 'correct horse' });
    expect(data).toEqual({ login: { user: shown } });
  });
});

describe('createAddress', () => {
  it('answers the whole address, and makes the first one the default for everything', async () => {
    const owner = await signUp(shop);
    const { data } = await send(create, { address: anAddress(), isDefaultShipping: false }, owner);
    const address = {
      id: expect.stringMatching(/^address_[0-9a-f]{32}$/),
      address: {
        fullName: 'Ada Lovelace',
        company: null,
        line1: '12 St James Square',
        line2: null,
        city: 'London',
        region: null,
        postalCode: 'SW1Y 4JH',
        country: 'GB',
        phone: null,
      },
      isDefaultShipping: true,
      isDefaultBilling: true,
      version: 1,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    };
    const user = { id: owner.id, addresses: [address] };
    expect(data).toEqual({ createAddress: { address, user, userErrors: [] } });
  });

  it('keeps the default for shipping first, then the newest, and takes defaults from others', async () => {
    const owner = await signUp(shop);
    await make(owner, 'One');
    await make(owner, 'Two');
    await make(owner, 'Three', { isDefaultBilling: true });
    expect(await book(owner)).toEqual(['One v2 shipping', 'Three v1 billing', 'Two v1']);
    await make(owner, 'Four', { isDefaultShipping: true, isDefaultBilling: true });
    expect(await book(owner)).toEqual(['Four v1 shipping billing', 'Three v2', 'Two v1', 'One v3']);
  });

  it('refuses the fifty-first address and keeps the defaults, until one is gone', async () => {
    const owner = await signUp(shop);
    const { id } = await make(owner, 'First');
    await manyAddresses(shop, owner, 49);
    const input = { address: anAddress(), isDefaultShipping: true, isDefaultBilling: true };
    expect(await refused(create, input, owner)).toBe('TOO_MANY_ADDRESSES');
    await send(remove, { id }, owner);
    expect(outcomeOf(await send(create, input, owner))).toBe('DONE');
    expect(await book(owner)).toHaveLength(50);
  });

  it('refuses an account that is gone', async () => {
    const owner = await signUp(shop);
    const { id } = await make(owner, 'Gone');
    await shop.database.query('test.deleteUser', 'DELETE FROM users WHERE id = $1', [owner.uuid]);
    expect(await refused(create, { address: anAddress() }, owner)).toBe('NOT_FOUND');
    expect(await refused(update, { id, isDefaultBilling: true }, owner)).toBe('NOT_FOUND');
    expect(await refused(remove, { id }, owner)).toBe('NOT_FOUND');
    expect((await shop.send(NODE, { id }, staff.token)).data).toEqual({ node: null });
  });
});

describe('updateAddress', () => {
  it('changes what is given and leaves the rest', async () => {
    const owner = await signUp(shop);
    const { id } = await make(owner, 'Old', { address: anAddress({ line1: 'Old', line2: 'Flat 2' }) });
    await send(update, { id, address: anAddress({ line1: 'New' }), expectedVersion: 1 }, owner);
    const { data } = await send(update, { id, isDefaultBilling: null, address: null }, owner);
    const { address, user } = data['updateAddress'];
    expect(address).toMatchObject({ address: { line1: 'New', line2: null }, version: 3, isDefaultBilling: true });
    expect(linesOf(user.addresses)).toEqual(['New v3 shipping billing']);
  });

  it('gives and takes defaults', async () => {
    const owner = await signUp(shop);
    const { id: one } = await make(owner, 'One');
    const { id: two } = await make(owner, 'Two');
    const change = async (input: object): Promise<string[]> =>
      linesOf((await send(update, input, owner)).data['updateAddress'].user.addresses);
    expect(await change({ id: two, isDefaultShipping: true })).toEqual(['Two v2 shipping', 'One v2 billing']);
    expect(await change({ id: two, isDefaultShipping: true })).toEqual(['Two v3 shipping', 'One v2 billing']);
    const both = { isDefaultShipping: false, isDefaultBilling: true };
    expect(await change({ id: two, ...both })).toEqual(['Two v4 billing', 'One v3']);
    expect(await change({ id: one, isDefaultBilling: false })).toEqual(['Two v4 billing', 'One v4']);
  });

  it('refuses a stale version, and then takes no default away', async () => {
    const owner = await signUp(shop);
    await make(owner, 'One');
    const { id } = await make(owner, 'Two');
    const both = { isDefaultShipping: true, isDefaultBilling: true };
    const stale = 'VERSION_CONFLICT input expectedVersion';
    expect(await refused(update, { id, ...both, expectedVersion: 2 }, owner)).toBe(stale);
    expect(await refused(update, { id: NO_ADDRESS, ...both }, owner)).toBe('NOT_FOUND input id');
    expect(await refused(remove, { id, expectedVersion: 2 }, owner)).toBe(stale);
    expect(await book(owner)).toEqual(['One v1 shipping billing', 'Two v1']);
  });
});

describe('deleteAddress', () => {
  it('leaves a book without default until there is a new one', async () => {
    const owner = await signUp(shop);
    const { id } = await make(owner, 'One');
    await make(owner, 'Two');
    const { data } = await send(remove, { id, expectedVersion: 1 }, owner);
    const { deletedAddressId, user } = data['deleteAddress'];
    expect([deletedAddressId, linesOf(user.addresses)]).toEqual([id, ['Two v1']]);
    expect(await refused(remove, { id }, owner)).toBe('NOT_FOUND input id');
    await make(owner, 'Three');
    expect(await book(owner)).toEqual(['Three v1', 'Two v1']);
  });
});

describe('a change that is sent again with its key', () => {
  const keyed = (document: string, key: string): string =>
    document.replace('(input: $input)', `(input: $input) @idempotent(key: "${key}")`);

  it('is made once and answers as the first time', async () => {
    const owner = await signUp(shop);
    const twice = async (document: string, input: object): Promise<Answer['data'][]> => {
      const first = await send(document, input, owner);
      const second = await send(document, input, owner);
      expect([first.errors, second.errors]).toEqual([undefined, undefined]);
      return [first.data, second.data];
    };
    const [made, again] = await twice(keyed(create, 'make it'), { address: anAddress() });
    expect(again).toEqual(made);
    expect(await book(owner)).toEqual(['12 St James Square v1 shipping billing']);
    const id = made?.['createAddress'].address.id;
    const [gone, still] = await twice(keyed(remove, 'drop it'), { id, expectedVersion: 1 });
    expect(still).toEqual(gone);
    expect(gone).toMatchObject({ deleteAddress: { deletedAddressId: id, user: { addresses: [] }, userErrors: [] } });
  });
});

describe('statements', () => {
  it('are as many for large books and many accounts as for small ones', async () => {
    const owner = await signUp(shop);
    const USERS = `{ users(first: 100) { nodes { addresses { address { line1 } } } } }`;
    const { id } = await make(owner, 'First');
    const count = async (): Promise<number[]> => {
      const sent = [
        await shop.send(USERS, {}, staff.token),
        await shop.send(BOOK, {}, owner.token),
        await send(create, { address: anAddress() }, owner),
        await send(create, { address: anAddress(), isDefaultBilling: true }, owner),
        await send(update, { id, address: anAddress() }, owner),
        await send(update, { id, isDefaultBilling: true }, owner),
      ];
      expect(sent.map(outcomeOf)).toEqual(sent.map(() => 'DONE'));
      return sent.map(({ extensions }) => extensions.sql.statements);
    };
    const few = await count();
    await manyAddresses(shop, owner, 40);
    for (let n = 0; n < 20; n += 1) await manyAddresses(shop, await signUp(shop), 3);
    // BEGIN, the account's lock, what is written, COMMIT, and the book of the answer.
    expect([few, await count()]).toEqual(Array.from({ length: 2 }, () => [1, 1, 5, 6, 5, 6]));
  });
});
