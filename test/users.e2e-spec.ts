import { Role } from '../src/access/role.js';
import { ASSIGN_ROLES, manyUsers, outcomeOf, signUp, snapshot, tally, type Account } from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const ME = `{ me { id email name roles version createdAt __typename } }`;
const USERS = `query ($filter: UserFilter, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $skip: Int) {
  users(filter: $filter, first: $first, after: $after, last: $last, before: $before, skip: $skip) {
    nodes { id name email roles }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}`;
const USER = `query ($id: ID!) { user(id: $id) { id email } }`;
const NODE = `query ($id: ID!) { node(id: $id) { __typename id ... on User { email } } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) {
  updateMe(input: $input) { user { id name version } userErrors { code field } }
}`;

let shop: Shop;
let customer: Account;
let other: Account;
let staff: Account;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  customer = await signUp(shop, { name: 'Ada' });
  other = await signUp(shop, { name: 'Bo', roles: [Role.USER, Role.PREMIUM] });
  staff = await signUp(shop, { name: 'Cy', roles: [Role.STAFF] });
  admin = await signUp(shop, { name: 'Di', roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

const allUsers = (): Promise<string> => snapshot(shop, 'users');
const assign = (by: Account, input: object): Promise<Answer> => shop.send(ASSIGN_ROLES, { input }, by.token);

/** What a member of the staff sees. */
async function list(variables: object): Promise<Answer['data']> {
  const { data, errors } = await shop.send(USERS, variables, staff.token);
  expect(errors).toBeUndefined();
  return data['users'];
}

function names(page: Answer['data']): string[] {
  return page['nodes'].map(({ name }: { name: string }) => name);
}

function ids(page: Answer['data']): string[] {
  return page['nodes'].map(({ id }: { id: string }) => id);
}

describe('access', () => {
  it.each([
    ['me', ME, () => ({}), ['DONE', 'DONE', 'DONE', 'DONE']],
    ['users', USERS, () => ({}), ['UNAUTHENTICATED', 'FORBIDDEN', 'DONE', 'DONE']],
    ['user', USER, () => ({ id: customer.id }), ['UNAUTHENTICATED', 'FORBIDDEN', 'DONE', 'DONE']],
    ['updateMe', UPDATE_ME, () => ({ input: { name: 'Somebody' } }), ['UNAUTHENTICATED', 'DONE', 'DONE', 'DONE']],
    [
      'assignRoles',
      ASSIGN_ROLES,
      () => ({ input: { userId: customer.id, roles: ['USER'] } }),
      ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'DONE'],
    ],
  ])('%s for anonymous, customer, staff and admin', async (_, document, variables, expected) => {
    const outcomes = [];
    for (const token of [undefined, customer.token, staff.token, admin.token]) {
      outcomes.push(outcomeOf(await shop.send(document, variables(), token)));
    }
    expect(outcomes).toEqual(expected);
  });

  it('tells a broken token and does not take it for nobody', async () => {
    expect(outcomeOf(await shop.send(ME, {}, 'nonsense'))).toBe('UNAUTHENTICATED');
  });

  it('shows an account as a node to its owner and to staff only', async () => {
    const seen = async (token?: string): Promise<unknown> =>
      (await shop.send(NODE, { id: customer.id }, token)).data['node'];
    const node = { __typename: 'User', id: customer.id, email: customer.email };
    expect(await seen()).toBeNull();
    expect(await seen(other.token)).toBeNull();
    expect(await seen(customer.token)).toEqual(node);
    expect(await seen(staff.token)).toEqual(node);
    expect(await seen(admin.token)).toEqual(node);
  });
});

describe('me', () => {
  it('is the account of the token, and nobody without one', async () => {
    const { data } = await shop.send(ME, {}, other.token);
    expect(data).toEqual({
      me: {
        __typename: 'User',
        id: other.id,
        email: other.email,
        name: 'Bo',
        roles: ['USER', 'PREMIUM'],
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    });
    expect((await shop.send(ME)).data).toEqual({ me: null });
  });
});

describe('user', () => {
  it('is null for an account that is not there, and refuses the id of something else', async () => {
    const nobody = await shop.send(USER, { id: 'user_0198f2c4d1e27abc8def0123456789ab' }, staff.token);
    expect(nobody.errors).toBeUndefined();
    expect(nobody.data).toEqual({ user: null });
    const product = await shop.send(USER, { id: 'product_0198f2c4d1e27abc8def0123456789ab' }, staff.token);
    expect(product.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'id' }],
    });
  });
});

describe('updateMe', () => {
  it('changes the name, cut to what matters, and counts the version up', async () => {
    const viewer = await signUp(shop);
    const { data } = await shop.send(UPDATE_ME, { input: { name: '  Grace ', expectedVersion: 1 } }, viewer.token);
    expect(data).toEqual({ updateMe: { user: { id: viewer.id, name: 'Grace', version: 2 }, userErrors: [] } });
  });

  it('refuses a stale version and changes nothing', async () => {
    const before = await allUsers();
    const { data } = await shop.send(UPDATE_ME, { input: { name: 'Eve', expectedVersion: 7 } }, other.token);
    const userErrors = [{ code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] }];
    expect(data).toEqual({ updateMe: { user: null, userErrors } });
    expect(await allUsers()).toBe(before);
  });

  it('lets one of many win who read the same version', async () => {
    const viewer = await signUp(shop);
    const input = { name: 'First', expectedVersion: 1 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.send(UPDATE_ME, { input }, viewer.token)));
    expect(tally(answers)).toEqual({ DONE: 1, VERSION_CONFLICT: 7 });
  });

  it('refuses an account that is gone', async () => {
    const viewer = await signUp(shop);
    await shop.database.query('test.deleteUser', 'DELETE FROM users WHERE id = $1', [viewer.uuid]);
    const { data } = await shop.send(UPDATE_ME, { input: { name: 'Eve' } }, viewer.token);
    expect(data).toEqual({ updateMe: { user: null, userErrors: [{ code: 'NOT_FOUND', field: null }] } });
    expect((await shop.send(ME, {}, viewer.token)).data).toEqual({ me: null });
  });

  it.each([['   '], ['x'.repeat(101)]])('refuses the name %j', async (name) => {
    const before = await allUsers();
    const { errors } = await shop.send(UPDATE_ME, { input: { name } }, other.token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] });
    expect(await allUsers()).toBe(before);
  });
});

describe('assignRoles', () => {
  it('sets the roles, each once and in order', async () => {
    const user = await signUp(shop);
    const roles = ['STAFF', 'PREMIUM', 'STAFF'];
    const { data } = await assign(admin, { userId: user.id, roles, expectedVersion: 1 });
    expect(data['assignRoles']).toEqual({
      user: { id: user.id, roles: ['PREMIUM', 'STAFF'], version: 2, disabledAt: null },
      userErrors: [],
    });
  });

  it('refuses an unknown account, a stale version, and to leave the shop without an administrator', async () => {
    const before = await allUsers();
    const unknown = { userId: 'user_0198f2c4d1e27abc8def0123456789ab', roles: ['USER'] };
    const stale = { userId: customer.id, roles: ['ADMIN'], expectedVersion: 99 };
    const last = { userId: admin.id, roles: ['STAFF'] };
    const refusals = [];
    for (const input of [unknown, stale, last]) {
      const { data } = await assign(admin, input);
      refusals.push([data['assignRoles'].user, ...data['assignRoles'].userErrors]);
    }
    expect(refusals).toEqual([
      [null, { code: 'NOT_FOUND', field: ['input', 'userId'] }],
      [null, { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] }],
      [null, { code: 'LAST_ADMIN', field: ['input', 'roles'] }],
    ]);
    expect(await allUsers()).toBe(before);
  });

  it('refuses no roles, and too many', async () => {
    const before = await allUsers();
    for (const roles of [[], ['USER', 'USER', 'USER', 'USER', 'USER']]) {
      const { errors } = await assign(admin, { userId: other.id, roles });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.roles' }] });
    }
    expect(await allUsers()).toBe(before);
  });

  it('does not let a demoted administrator use a token that still says so', async () => {
    const second = await signUp(shop, { roles: [Role.ADMIN] });
    // Past the events, so that the token holds.
    await shop.database.query('test.demote', `UPDATE users SET roles = '{USER}' WHERE id = $1`, [second.uuid]);
    const before = await allUsers();
    const { errors } = await assign(second, { userId: second.id, roles: ['ADMIN'] });
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await allUsers()).toBe(before);
  });
});

describe('users', () => {
  it('sends as many statements for 200 accounts as for 10', async () => {
    await manyUsers(shop, 10);
    const few = await shop.send(USERS, { first: 10 }, staff.token);
    const meBefore = await shop.send(ME, {}, customer.token);
    await manyUsers(shop, 190);
    const many = await shop.send(USERS, { first: 100 }, staff.token);
    const meAfter = await shop.send(ME, {}, customer.token);
    expect(many.data['users'].nodes).toHaveLength(100);
    expect([few, many, meBefore, meAfter].map(({ extensions }) => extensions.sql.statements)).toEqual([1, 1, 1, 1]);
    const bare = await shop.send('{ users { nodes { id } } }', {}, staff.token);
    expect(bare.extensions.sql.statements).toBe(1);
  });

  it('pages newest first, forward and backward, without gap or repeat', async () => {
    const filter = { text: 'customer ' };
    const all = await list({ filter, first: 100 });
    expect(all['totalCount']).toBe(200);
    const forward: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await list({ filter, first: 70, after });
      forward.push(...ids(page));
      ({ endCursor: after, hasNextPage: more } = page['pageInfo']);
    }
    expect(new Set(forward).size).toBe(200);
    expect(forward.slice(0, 100)).toEqual(ids(all));
    const backward: string[] = [];
    for (let before: string | null = null, more = true; more;) {
      const page = await list({ filter, last: 70, before });
      backward.unshift(...ids(page));
      ({ startCursor: before, hasPreviousPage: more } = page['pageInfo']);
    }
    expect(backward).toEqual(forward);
    const second = await list({ filter, first: 30, skip: 100 });
    expect(ids(second)).toEqual(forward.slice(100, 130));
    expect(second['pageInfo']).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('filters by a part of name or address and by role, all together', async () => {
    expect(names(await list({ filter: { text: 'cUSTOMER 19' } }))).toEqual(
      expect.arrayContaining(['Customer 19', 'Customer 190']),
    );
    expect((await list({ filter: { text: other.email.slice(0, 9).toUpperCase() } }))['nodes']).toEqual([
      { id: other.id, name: 'Bo', email: other.email, roles: ['USER', 'PREMIUM'] },
    ]);
    expect((await list({ filter: { role: 'ADMIN' } }))['nodes']).toEqual([expect.objectContaining({ id: admin.id })]);
    expect(names(await list({ filter: { role: 'ADMIN', text: 'customer' } }))).toEqual([]);
    expect(names(await list({ filter: { text: '%' } }))).toEqual([]);
    expect(names(await list({ filter: { text: '_' } }))).toEqual([]);
    const empty = await list({ filter: { text: 'nobody at all' } });
    expect(empty).toMatchObject({
      totalCount: 0,
      pageInfo: { startCursor: null, endCursor: null, hasNextPage: false },
    });
  });

  it.each([
    [{ first: 0 }, 'BAD_USER_INPUT'],
    [{ first: 101 }, 'BAD_USER_INPUT'],
    [{ first: 5, last: 5 }, 'BAD_USER_INPUT'],
    [{ skip: 10_001 }, 'BAD_USER_INPUT'],
    [{ after: 'nonsense' }, 'CURSOR_INVALID'],
    [{ filter: { text: 'x'.repeat(101) } }, 'BAD_USER_INPUT'],
  ])('refuses %j', async (variables, code) => {
    const { errors } = await shop.send(USERS, variables, staff.token);
    expect(errors?.[0]?.extensions['code']).toBe(code);
  });
});
