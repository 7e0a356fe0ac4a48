import { Role } from '../src/access/role.js';
import {
  ASSIGN_ROLES,
  CHANGE_PASSWORD,
  countSessions,
  DISABLE_USER,
  ENABLE_USER,
  LOGIN,
  outcomeOf,
  PASSWORD,
  REFRESH,
  signIn,
  signUp,
  snapshot,
  type Account,
} from './support/accounts.js';
import { settled } from './support/live.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const ME = `{ me { id } }`;
const USERS = `query ($filter: UserFilter) { users(filter: $filter) { nodes { id disabledAt } totalCount } }`;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let shop: Shop;
let customer: Account;
let staff: Account;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  customer = await signUp(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

const disable = (input: object, by = admin): Promise<Answer> => shop.send(DISABLE_USER, { input }, by.token);
const enable = (input: object, by = admin): Promise<Answer> => shop.send(ENABLE_USER, { input }, by.token);
const login = (email: string, password = PASSWORD): Promise<Answer> => shop.send(LOGIN, { input: { email, password } });
const refresh = ({ refreshToken }: Account): Promise<Answer> => shop.send(REFRESH, { input: { refreshToken } });
const everything = (): Promise<string> =>
  snapshot(shop, 'users', 'sessions', 'refresh_tokens', 'event_outbox', 'event_log');

/** Somebody who was disabled a moment ago. */
async function disabledUser(): Promise<Account> {
  const account = await signUp(shop);
  expect(outcomeOf(await disable({ userId: account.id }))).toBe('DONE');
  await settled(shop);
  return account;
}

describe('access', () => {
  it.each([
    ['disableUser', DISABLE_USER],
    ['enableUser', ENABLE_USER],
  ])('%s for anonymous, customer, the account itself, staff and admin', async (_, document) => {
    const account = await signUp(shop);
    const outcomes = [];
    for (const token of [undefined, customer.token, account.token, staff.token, admin.token]) {
      outcomes.push(outcomeOf(await shop.send(document, { input: { userId: account.id } }, token)));
    }
    expect(outcomes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'DONE']);
  });
});

describe('disableUser', () => {
  it('shuts an account, ends its sessions, and tells since when', async () => {
    const account = await signUp(shop);
    await signIn(shop, account.email);
    const { data } = await disable({ userId: account.id, expectedVersion: 1 });
    expect(data['disableUser']).toEqual({
      user: { id: account.id, roles: ['USER'], version: 2, disabledAt: expect.stringMatching(TIME) },
      userErrors: [],
    });
    expect(await countSessions(shop, account)).toBe(0);
  });

  it('lets nobody sign in, and tells so only to who knows the password; nothing changes', async () => {
    const { email } = await disabledUser();
    const before = await everything();
    const [wrong, right] = [await login(email, 'not the password'), await login(email)];
    const nothing = { user: null, accessToken: null, refreshToken: null, expiresAt: null };
    expect(wrong.data['login']).toMatchObject({ ...nothing, userErrors: [{ code: 'INVALID_CREDENTIALS' }] });
    expect(right.data['login']).toMatchObject({ ...nothing, userErrors: [{ code: 'ACCOUNT_DISABLED', field: null }] });
    expect(await everything()).toBe(before);
  });

  it('lets nobody refresh, ask with an old token, or change the password with one; nothing changes', async () => {
    const account = await disabledUser();
    const before = await everything();
    expect(outcomeOf(await refresh(account))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await shop.send(ME, {}, account.token))).toBe('UNAUTHENTICATED');
    const input = { currentPassword: PASSWORD, newPassword: 'battery staple' };
    expect(outcomeOf(await shop.send(CHANGE_PASSWORD, { input }, account.token))).toBe('ACCOUNT_DISABLED');
    expect(await everything()).toBe(before);
  });

  it('lets nobody refresh though a session was left behind, and ends it', async () => {
    const account = await signUp(shop);
    await shop.database.query('test.disable', 'UPDATE users SET disabled_at = now() WHERE id = $1', [account.uuid]);
    expect(outcomeOf(await refresh(account))).toBe('INVALID_REFRESH_TOKEN');
    expect(await countSessions(shop, account)).toBe(0);
  });

  it('changes nothing the second time', async () => {
    const account = await disabledUser();
    const before = await everything();
    const { data } = await disable({ userId: account.id, expectedVersion: 2 });
    expect(data['disableUser'].user).toMatchObject({ version: 2, disabledAt: expect.stringMatching(TIME) });
    await settled(shop);
    expect(await everything()).toBe(before);
  });

  it('refuses an unknown account, a stale version and the own account; nothing changes', async () => {
    const before = await everything();
    const refusals = [];
    for (const input of [
      { userId: 'user_0198f2c4d1e27abc8def0123456789ab' },
      { userId: customer.id, expectedVersion: 99 },
      { userId: admin.id },
    ]) {
      const { data } = await disable(input);
      refusals.push([data['disableUser'].user, ...data['disableUser'].userErrors]);
    }
    expect(refusals).toEqual([
      [null, { code: 'NOT_FOUND', field: ['input', 'userId'] }],
      [null, { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] }],
      [null, { code: 'OWN_ACCOUNT', field: ['input', 'userId'] }],
    ]);
    expect(await everything()).toBe(before);
  });
});

describe('enableUser', () => {
  it('lets the owner sign in again, and no old token hold', async () => {
    const account = await disabledUser();
    const { data } = await enable({ userId: account.id, expectedVersion: 2 });
    const user = { id: account.id, roles: ['USER'], version: 3, disabledAt: null };
    expect(data['enableUser']).toEqual({ user, userErrors: [] });
    await settled(shop);
    const back = await signIn(shop, account.email);
    expect((await shop.send(ME, {}, back.token)).data).toEqual({ me: { id: account.id } });
    expect(outcomeOf(await shop.send(ME, {}, account.token))).toBe('UNAUTHENTICATED');
    expect(outcomeOf(await refresh(account))).toBe('INVALID_REFRESH_TOKEN');
  });

  it('changes nothing for an account that is not disabled, and refuses an unknown one and a stale version', async () => {
    await settled(shop);
    const before = await everything();
    const { data } = await enable({ userId: customer.id });
    expect(data['enableUser'].user).toMatchObject({ id: customer.id, version: 1, disabledAt: null });
    const unknown = await enable({ userId: 'user_0198f2c4d1e27abc8def0123456789ab' });
    const stale = await enable({ userId: customer.id, expectedVersion: 99 });
    expect([unknown, stale].map(outcomeOf)).toEqual(['NOT_FOUND', 'VERSION_CONFLICT']);
    expect(await everything()).toBe(before);
  });
});

describe('the last administrator', () => {
  const set = (account: Account, change: string): Promise<object[]> =>
    shop.database.query(`test.set`, `UPDATE users SET ${change} WHERE id = $1`, [account.uuid]);

  it('is the last one who can sign in: a disabled one does not count', async () => {
    const other = await signUp(shop, { roles: [Role.ADMIN] });
    expect(outcomeOf(await disable({ userId: other.id }))).toBe('DONE');
    await settled(shop);
    const before = await everything();
    const answer = await shop.send(ASSIGN_ROLES, { input: { userId: admin.id, roles: ['USER'] } }, admin.token);
    expect(answer.data['assignRoles'].userErrors).toEqual([{ code: 'LAST_ADMIN', field: ['input', 'roles'] }]);
    expect(await everything()).toBe(before);
    const promoted = await shop.send(ASSIGN_ROLES, { input: { userId: other.id, roles: ['USER'] } }, admin.token);
    expect(outcomeOf(promoted)).toBe('DONE');
  });

  it('cannot be disabled, and who is no longer one can do nothing, whatever their token says', async () => {
    const [former, disabled] = [
      await signUp(shop, { roles: [Role.ADMIN] }),
      await signUp(shop, { roles: [Role.ADMIN] }),
    ];
    // Past the events, so that their tokens hold.
    await set(former, `roles = '{USER}'`);
    await set(disabled, 'disabled_at = now()');
    const before = await everything();
    for (const by of [former, disabled]) {
      const { data } = await disable({ userId: admin.id }, by);
      expect(data['disableUser'].userErrors).toEqual([{ code: 'LAST_ADMIN', field: ['input', 'userId'] }]);
      expect(outcomeOf(await disable({ userId: customer.id }, by))).toBe('FORBIDDEN');
      expect(outcomeOf(await enable({ userId: disabled.id }, by))).toBe('FORBIDDEN');
    }
    expect(await everything()).toBe(before);
  });
});

describe('users', () => {
  it('can be asked for by whether they are disabled', async () => {
    const account = await disabledUser();
    const ids = async (filter: object): Promise<string[]> => {
      const { data } = await shop.send(USERS, { filter }, staff.token);
      return data['users'].nodes.map(({ id }: { id: string }) => id);
    };
    const text = account.email;
    expect(await ids({ text, disabled: true })).toEqual([account.id]);
    expect(await ids({ text, disabled: false })).toEqual([]);
    expect(await ids({ text })).toEqual([account.id]);
    expect(await ids({ text: customer.email, disabled: false })).toEqual([customer.id]);
  });
});
