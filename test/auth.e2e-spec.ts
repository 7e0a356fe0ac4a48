import { createHash } from 'node:crypto';
import type pg from 'pg';
import { PasswordHasher } from '../src/auth/password-hasher.service.js';
import {
  CHANGE_PASSWORD,
  countSessions,
  LOGIN,
  LOGOUT,
  outcomeOf,
  PASSWORD,
  REFRESH,
  REGISTER,
  signIn,
  signUp,
  snapshot,
  tally,
} from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const CHANGE_EMAIL = `mutation ($input: ChangeEmailInput!) {
  changeEmail(input: $input) { user { email version } userErrors { code field } }
}`;
const ME = `{ me { id roles } }`;
const TABLES = ['users', 'sessions', 'refresh_tokens'];

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ ACCESS_TOKEN_SECONDS: '600' });
});

afterAll(() => shop?.close());

const register = (input: object): Promise<Answer> => shop.send(REGISTER, { input });
const login = (email: string, password: string): Promise<Answer> => shop.send(LOGIN, { input: { email, password } });
const refresh = (refreshToken: string): Promise<Answer> => shop.send(REFRESH, { input: { refreshToken } });
const me = (token: string): Promise<Answer> => shop.send(ME, {}, token);
const changePassword = (token: string | undefined, currentPassword: string, newPassword: string): Promise<Answer> =>
  shop.send(CHANGE_PASSWORD, { input: { currentPassword, newPassword } }, token);
const changeEmail = (token: string | undefined, email: string, currentPassword = PASSWORD): Promise<Answer> =>
  shop.send(CHANGE_EMAIL, { input: { email, currentPassword } }, token);
const hashes = (): number => shop.app.get(PasswordHasher, { strict: false }).computations;

describe('register', () => {
  it('makes an account with the role USER and signs it in', async () => {
    const before = Date.now();
    const { data, errors } = await register({
      email: '  New.Customer@Example.COM ',
      name: ' Ada ',
      password: 'a long one',
    });
    expect(errors).toBeUndefined();
    expect(data['register']).toEqual({
      user: { id: expect.stringMatching(/^user_/), email: 'new.customer@example.com', name: 'Ada', roles: ['USER'] },
      accessToken: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: expect.any(String),
      userErrors: [],
    });
    const seconds = (Date.parse(data['register'].expiresAt) - before) / 1_000;
    expect(seconds).toBeGreaterThan(598);
    expect(seconds).toBeLessThan(620);
    expect((await me(data['register'].accessToken)).data['me'].id).toBe(data['register'].user.id);
    expect((await login('new.customer@example.com', 'a long one')).data['login'].userErrors).toEqual([]);
  });

  it('keeps nothing that signs somebody in', async () => {
    const { data } = await register({ email: 'secrets@example.com', name: 'Ada', password: 'known to nobody' });
    const [user] = await shop.database.query<{ hash: string }>(
      'test.hash',
      `SELECT password_hash AS hash FROM users WHERE email = 'secrets@example.com'`,
    );
    expect(user?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const hash = createHash('sha256').update(data['register'].refreshToken).digest();
    const tokens = 'SELECT FROM refresh_tokens WHERE token_hash = $1';
    expect(await shop.database.query('test.token', tokens, [hash])).toHaveLength(1);
    expect(await snapshot(shop, ...TABLES)).not.toContain(data['register'].refreshToken);
  });

  it('refuses an address that is taken, however it is spelled', async () => {
    const { email } = await signUp(shop);
    const before = await snapshot(shop, ...TABLES);
    const answer = await register({ email: email.toUpperCase(), name: 'Eve', password: 'long enough' });
    expect(answer.data['register']).toEqual({
      user: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      userErrors: [{ code: 'EMAIL_TAKEN', message: expect.any(String), field: ['input', 'email'] }],
    });
    expect(await snapshot(shop, ...TABLES)).toBe(before);
  });

  it('gives an address to one of ten who want it at once', async () => {
    const input = { email: 'wanted@example.com', name: 'Ada', password: 'long enough' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(input)));
    expect(tally(answers)).toEqual({ DONE: 1, EMAIL_TAKEN: 9 });
  });

  it.each([
    ['email', { email: 'no address' }],
    ['email', { email: `${'x'.repeat(250)}@example.com` }],
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['password', { password: '7 signs' }],
    ['password', { password: 'x'.repeat(201) }],
  ])('refuses a wrong %s', async (field, wrong) => {
    const before = await snapshot(shop, ...TABLES);
    const { errors } = await register({ email: 'right@example.com', name: 'Ada', password: 'long enough', ...wrong });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] });
    expect(await snapshot(shop, ...TABLES)).toBe(before);
  });
});

describe('login', () => {
  it('signs in whatever the spelling of the address, and of the accents in the password', async () => {
    const password = 'cr\u00e8me br\u00fbl\u00e9e';
    await register({ email: 'gourmet@example.com', name: 'Ada', password });
    const { data } = await login(' GOURMET@example.com', password.normalize('NFD'));
    expect(data['login'].userErrors).toEqual([]);
  });

  it('answers the same for an unknown address as for a wrong password, at the same cost', async () => {
    const { email } = await signUp(shop);
    const rows = await snapshot(shop, ...TABLES);
    const start = hashes();
    const wrong = await login(email, 'not the password');
    const middle = hashes();
    const unknown = await login('nobody@example.com', 'not the password');
    expect([middle - start, hashes() - middle]).toEqual([1, 1]);
    expect(unknown.data).toEqual(wrong.data);
    expect(unknown.extensions.sql).toEqual(wrong.extensions.sql);
    expect(wrong.data['login']).toEqual({
      user: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      userErrors: [{ code: 'INVALID_CREDENTIALS', message: expect.any(String), field: null }],
    });
    expect(await snapshot(shop, ...TABLES)).toBe(rows);
  });

  it('does not mind a token that is sent along and is no longer valid', async () => {
    const { email } = await signUp(shop);
    const { data } = await shop.send(LOGIN, { input: { email, password: PASSWORD } }, 'nonsense');
    expect(data['login'].userErrors).toEqual([]);
  });

  it('clears away the sessions that have expired, and all beyond the newest fifty', async () => {
    const account = await signUp(shop);
    const insert = `INSERT INTO sessions (user_id, created_at, expires_at)
      SELECT $1, now() - interval '1 day', now() + make_interval(days => $3) FROM generate_series(1, $2::int)`;
    await shop.database.query('test.addSessions', insert, [account.uuid, 5, -1]);
    await signIn(shop, account.email);
    expect(await countSessions(shop, account)).toBe(2);
    await shop.database.query('test.addSessions', insert, [account.uuid, 60, 1]);
    await signIn(shop, account.email);
    expect(await countSessions(shop, account)).toBe(50);
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('DONE');
  });

  it('lets two compute at once and fifty wait, and turns others away as UNAVAILABLE', async () => {
    const hasher = shop.app.get(PasswordHasher, { strict: false });
    const start = hashes();
    const results = await Promise.allSettled(Array.from({ length: 55 }, () => hasher.verify('anything', null)));
    const turnedAway = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(turnedAway).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
    expect(hashes() - start).toBe(52);
    expect(results.slice(0, 52)).toEqual(Array.from({ length: 52 }, () => ({ status: 'fulfilled', value: false })));
  });
});

describe('changePassword', () => {
  it('ends all sessions, opens a new one, and only the new password signs in', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    const { data } = await changePassword(account.token, PASSWORD, 'battery staple');
    expect(data['changePassword']).toMatchObject({ user: { id: account.id }, userErrors: [] });
    expect(await countSessions(shop, account)).toBe(1);
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await refresh(elsewhere.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await refresh(data['changePassword'].refreshToken))).toBe('DONE');
    expect(outcomeOf(await login(account.email, PASSWORD))).toBe('INVALID_CREDENTIALS');
    expect(outcomeOf(await login(account.email, 'battery staple'))).toBe('DONE');
  });

  it('refuses a wrong password, a short new one, and somebody who is not signed in; nothing changes', async () => {
    const account = await signUp(shop);
    const before = await snapshot(shop, ...TABLES);
    const wrong = await changePassword(account.token, 'not the password', 'battery staple');
    expect(wrong.data['changePassword'].userErrors).toEqual([
      { code: 'INVALID_CREDENTIALS', message: expect.any(String), field: ['input', 'currentPassword'] },
    ]);
    const short = await changePassword(account.token, PASSWORD, 'short');
    expect(short.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.newPassword' }],
    });
    const nobody = await changePassword(undefined, PASSWORD, 'battery staple');
    expect(nobody.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await snapshot(shop, ...TABLES)).toBe(before);
  });

  it('lets one of many win who know the same old password', async () => {
    const account = await signUp(shop);
    const wishes = Array.from({ length: 5 }, (_, n) => `another one ${n}`);
    const answers = await Promise.all(wishes.map((wish) => changePassword(account.token, PASSWORD, wish)));
    expect(tally(answers)).toEqual({ DONE: 1, INVALID_CREDENTIALS: 4 });
    const logins = await Promise.all(wishes.map((wish) => login(account.email, wish)));
    expect(logins.map(outcomeOf)).toEqual(answers.map(outcomeOf));
  });
});

describe('changeEmail', () => {
  it('changes the address that signs in', async () => {
    const account = await signUp(shop);
    const { data } = await changeEmail(account.token, ' Moved@Example.com');
    expect(data['changeEmail']).toEqual({ user: { email: 'moved@example.com', version: 2 }, userErrors: [] });
    expect(outcomeOf(await login('moved@example.com', PASSWORD))).toBe('DONE');
    expect(outcomeOf(await login(account.email, PASSWORD))).toBe('INVALID_CREDENTIALS');
  });

  it('refuses a wrong password, a taken address, and somebody who is not signed in; nothing changes', async () => {
    const account = await signUp(shop);
    const other = await signUp(shop);
    const before = await snapshot(shop, ...TABLES);
    const wrong = await changeEmail(account.token, 'free@example.com', 'not the password');
    const taken = await changeEmail(account.token, other.email);
    const nobody = await changeEmail(undefined, 'free@example.com');
    expect(wrong.data['changeEmail']).toEqual({
      user: null,
      userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }],
    });
    expect(taken.data['changeEmail']).toEqual({
      user: null,
      userErrors: [{ code: 'EMAIL_TAKEN', field: ['input', 'email'] }],
    });
    expect(nobody.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await snapshot(shop, ...TABLES)).toBe(before);
  });
});

describe('without a database', () => {
  it('is UNAVAILABLE, and nobody is told to sign in again', async () => {
    const account = await signUp(shop);
    const { options } = (shop.database.source.driver as unknown as { master: pg.Pool }).master;
    const { connectionString } = options;
    // New connections find nobody, and those that there are break.
    options.connectionString = 'postgres://nobody@127.0.0.1:1/nothing';
    const kill = `SELECT pg_terminate_backend(pid) FROM (
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() ORDER BY pid = pg_backend_pid() OFFSET 0)`;
    await shop.database.query('test.kill', kill).catch(() => undefined);
    try {
      const answers = [
        await me(account.token),
        await login(account.email, PASSWORD),
        await refresh(account.refreshToken),
        await register({ email: 'late@example.com', name: 'Late', password: 'long enough' }),
        await shop.send(LOGOUT, { input: { refreshToken: account.refreshToken } }),
      ];
      expect(tally(answers)).toEqual({ UNAVAILABLE: 5 });
    } finally {
      options.connectionString = connectionString;
    }
    expect((await me(account.token)).data['me'].id).toBe(account.id);
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('DONE');
  });
});
