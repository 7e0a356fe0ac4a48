import { createHash, createHmac } from 'node:crypto';
import type pg from 'pg';
import { Role } from '../src/access/role.js';
import { PasswordHasher } from '../src/auth/password-hasher.js';
import { LOGIN, PASSWORD, signIn, signUp, type Account } from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const SESSION = `user { id email name roles } accessToken refreshToken expiresAt userErrors { code message field }`;
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
const LOGOUT = `mutation ($input: LogoutInput!) { logout(input: $input) { userErrors { code } } }`;
const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${SESSION} } }`;
const CHANGE_EMAIL = `mutation ($input: ChangeEmailInput!) {
  changeEmail(input: $input) { user { email version } userErrors { code field } }
}`;
const ME = `{ me { id roles } }`;
const SECRET = 'a secret that only the tests know, 32+';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ ACCESS_TOKEN_SECONDS: '600', REFRESH_TOKEN_DAYS: '7' });
});

afterAll(() => shop?.close());

const register = (input: object): Promise<Answer> => shop.send(REGISTER, { input });
const login = (email: string, password: string): Promise<Answer> => shop.send(LOGIN, { input: { email, password } });
const refresh = (refreshToken: string): Promise<Answer> => shop.send(REFRESH, { input: { refreshToken } });
const me = (token: string): Promise<Answer> => shop.send(ME, {}, token);
const hashes = (): number => shop.app.get(PasswordHasher, { strict: false }).computations;

function codesOf({ data }: Answer): string[] {
  const [payload] = Object.values(data) as { userErrors: { code: string }[] }[];
  return payload?.userErrors.map(({ code }) => code) ?? [];
}

function claimsOf(token: string): Record<string, any> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, any>;
}

/** Everything that sign-in writes, in one text. */
async function allRows(): Promise<string> {
  const tables = ['users', 'sessions', 'refresh_tokens'].map((table) =>
    shop.database.query(`test.${table}`, `SELECT * FROM ${table} ORDER BY 1`),
  );
  return JSON.stringify(await Promise.all(tables));
}

async function sessionsOf(account: Account): Promise<number> {
  const sql = 'SELECT count(*) AS count FROM sessions WHERE user_id = $1';
  const [row] = await shop.database.query<{ count: number }>('test.sessions', sql, [account.uuid]);
  return row?.count ?? -1;
}

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
    expect(await allRows()).not.toContain(data['register'].refreshToken);
  });

  it('refuses an address that is taken, however it is spelled', async () => {
    const { email } = await signUp(shop);
    const before = await allRows();
    const answer = await register({ email: email.toUpperCase(), name: 'Eve', password: 'long enough' });
    expect(answer.data['register']).toEqual({
      user: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      userErrors: [{ code: 'EMAIL_TAKEN', message: expect.any(String), field: ['input', 'email'] }],
    });
    expect(await allRows()).toBe(before);
  });

  it('gives an address to one of ten who want it at once', async () => {
    const input = { email: 'wanted@example.com', name: 'Ada', password: 'long enough' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(input)));
    const codes = answers.map((answer) => codesOf(answer)[0] ?? 'DONE').sort();
    expect(codes).toEqual(['DONE', ...Array.from({ length: 9 }, () => 'EMAIL_TAKEN')]);
  });

  it.each([
    ['email', { email: 'no address' }],
    ['email', { email: `${'x'.repeat(250)}@example.com` }],
    ['name', { name: '  ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['password', { password: '7 signs' }],
    ['password', { password: 'x'.repeat(201) }],
  ])('refuses a wrong %s', async (field, wrong) => {
    const before = await allRows();
    const { errors } = await register({ email: 'right@example.com', name: 'Ada', password: 'long enough', ...wrong });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: `input.${field}` }] });
    expect(await allRows()).toBe(before);
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
    const rows = await allRows();
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
    expect(await allRows()).toBe(rows);
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
    expect(await sessionsOf(account)).toBe(2);
    await shop.database.query('test.addSessions', insert, [account.uuid, 60, 1]);
    await signIn(shop, account.email);
    expect(await sessionsOf(account)).toBe(50);
    expect(codesOf(await refresh(account.refreshToken))).toEqual([]);
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

describe('refreshSession', () => {
  it('gives new tokens for the same session, with the roles of now', async () => {
    const account = await signUp(shop);
    const promote = `UPDATE users SET roles = '{USER,STAFF}' WHERE id = $1`;
    await shop.database.query('test.promote', promote, [account.uuid]);
    const { data } = await refresh(account.refreshToken);
    const session = data['refreshSession'];
    expect(session).toMatchObject({ user: { id: account.id, roles: ['USER', 'STAFF'] }, userErrors: [] });
    expect(session.refreshToken).not.toBe(account.refreshToken);
    expect(claimsOf(session.accessToken)).toMatchObject({
      roles: ['USER', 'STAFF'],
      sid: claimsOf(account.token)['sid'],
    });
    expect(codesOf(await refresh(session.refreshToken))).toEqual([]);
  });

  it('ends the session when a used token comes again, and leaves other sessions alone', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    const { data } = await refresh(account.refreshToken);
    expect(codesOf(await refresh(account.refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(codesOf(await refresh(data['refreshSession'].refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(codesOf(await refresh(elsewhere.refreshToken))).toEqual([]);
    expect(await sessionsOf(account)).toBe(1);
  });

  it('has one winner of twenty with the same token, and ends the session', async () => {
    for (let round = 0; round < 3; round += 1) {
      const account = await signUp(shop);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(account.refreshToken)));
      const winners = answers.filter((answer) => codesOf(answer).length === 0);
      const losers = answers.filter((answer) => codesOf(answer)[0] === 'INVALID_REFRESH_TOKEN');
      expect([winners.length, losers.length]).toEqual([1, 19]);
      const next = winners[0]?.data['refreshSession'].refreshToken as string;
      expect(codesOf(await refresh(next))).toEqual(['INVALID_REFRESH_TOKEN']);
      expect(await sessionsOf(account)).toBe(0);
    }
  });

  it('refuses an unknown token in the same words, and changes nothing', async () => {
    const before = await allRows();
    const answer = await refresh('x'.repeat(43));
    expect(answer.data['refreshSession']).toMatchObject({
      user: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      userErrors: [{ code: 'INVALID_REFRESH_TOKEN', field: ['input', 'refreshToken'] }],
    });
    expect(await allRows()).toBe(before);
  });

  it('refuses a token that is too old', async () => {
    const account = await signUp(shop);
    const expire = `UPDATE sessions SET expires_at = now() - interval '1 ms' WHERE user_id = $1`;
    await shop.database.query('test.expire', expire, [account.uuid]);
    expect(codesOf(await refresh(account.refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
  });

  it('moves the end of the session on, and forgets tokens that were used long ago', async () => {
    const account = await signUp(shop);
    const { data } = await refresh(account.refreshToken);
    const age = `UPDATE refresh_tokens t SET used_at = used_at - interval '8 days' FROM sessions s
      WHERE s.id = t.session_id AND s.user_id = $1`;
    await shop.database.query('test.ageTokens', age, [account.uuid]);
    await shop.database.query(
      'test.ageSession',
      `UPDATE sessions SET expires_at = now() + interval '1 day' WHERE user_id = $1`,
      [account.uuid],
    );
    await refresh(data['refreshSession'].refreshToken);
    const [row] = await shop.database.query(
      'test.session',
      `SELECT (SELECT count(*) FROM refresh_tokens t WHERE t.session_id = s.id) AS tokens,
         round(extract(epoch FROM expires_at - now()) / 86400)::int AS days
       FROM sessions s WHERE user_id = $1`,
      [account.uuid],
    );
    expect(row).toEqual({ tokens: 2, days: 7 });
  });
});

describe('logout', () => {
  it('ends one session, and does not mind to be told twice', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    for (const refreshToken of [account.refreshToken, account.refreshToken, 'never heard of']) {
      const { data } = await shop.send(LOGOUT, { input: { refreshToken } });
      expect(data).toEqual({ logout: { userErrors: [] } });
    }
    expect(codesOf(await refresh(account.refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(codesOf(await refresh(elsewhere.refreshToken))).toEqual([]);
  });
});

describe('changePassword', () => {
  const change = (token: string | undefined, currentPassword: string, newPassword: string): Promise<Answer> =>
    shop.send(CHANGE_PASSWORD, { input: { currentPassword, newPassword } }, token);

  it('ends all sessions, opens a new one, and only the new password signs in', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    const { data } = await change(account.token, PASSWORD, 'battery staple');
    expect(data['changePassword']).toMatchObject({ user: { id: account.id }, userErrors: [] });
    expect(await sessionsOf(account)).toBe(1);
    expect(codesOf(await refresh(account.refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(codesOf(await refresh(elsewhere.refreshToken))).toEqual(['INVALID_REFRESH_TOKEN']);
    expect(codesOf(await refresh(data['changePassword'].refreshToken))).toEqual([]);
    expect(codesOf(await login(account.email, PASSWORD))).toEqual(['INVALID_CREDENTIALS']);
    expect(codesOf(await login(account.email, 'battery staple'))).toEqual([]);
  });

  it('refuses a wrong password, a short new one, and somebody who is not signed in; nothing changes', async () => {
    const account = await signUp(shop);
    const before = await allRows();
    const wrong = await change(account.token, 'not the password', 'battery staple');
    expect(wrong.data['changePassword'].userErrors).toEqual([
      { code: 'INVALID_CREDENTIALS', message: expect.any(String), field: ['input', 'currentPassword'] },
    ]);
    const short = await change(account.token, PASSWORD, 'short');
    expect(short.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.newPassword' }],
    });
    const nobody = await change(undefined, PASSWORD, 'battery staple');
    expect(nobody.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await allRows()).toBe(before);
  });

  it('lets one of many win who know the same old password', async () => {
    const account = await signUp(shop);
    const wishes = Array.from({ length: 5 }, (_, n) => `another one ${n}`);
    const answers = await Promise.all(wishes.map((wish) => change(account.token, PASSWORD, wish)));
    expect(answers.filter((answer) => codesOf(answer).length === 0)).toHaveLength(1);
    const logins = await Promise.all(wishes.map((wish) => login(account.email, wish)));
    expect(logins.map((answer) => codesOf(answer).length)).toEqual(answers.map((answer) => codesOf(answer).length));
  });
});

describe('changeEmail', () => {
  const change = (token: string | undefined, email: string, currentPassword = PASSWORD): Promise<Answer> =>
    shop.send(CHANGE_EMAIL, { input: { email, currentPassword } }, token);

  it('changes the address that signs in', async () => {
    const account = await signUp(shop);
    const { data } = await change(account.token, ' Moved@Example.com');
    expect(data['changeEmail']).toEqual({ user: { email: 'moved@example.com', version: 2 }, userErrors: [] });
    expect(codesOf(await login('moved@example.com', PASSWORD))).toEqual([]);
    expect(codesOf(await login(account.email, PASSWORD))).toEqual(['INVALID_CREDENTIALS']);
  });

  it('refuses a wrong password, a taken address, and somebody who is not signed in; nothing changes', async () => {
    const account = await signUp(shop);
    const other = await signUp(shop);
    const before = await allRows();
    const wrong = await change(account.token, 'free@example.com', 'not the password');
    const taken = await change(account.token, other.email);
    const nobody = await change(undefined, 'free@example.com');
    expect(wrong.data['changeEmail']).toEqual({
      user: null,
      userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }],
    });
    expect(taken.data['changeEmail']).toEqual({
      user: null,
      userErrors: [{ code: 'EMAIL_TAKEN', field: ['input', 'email'] }],
    });
    expect(nobody.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await allRows()).toBe(before);
  });
});

describe('access token', () => {
  let account: Account;
  let genuine: Record<string, any>;

  beforeAll(async () => {
    account = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
    genuine = claimsOf(account.token);
  });

  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forge = (claims: object, header: object = {}, key = SECRET, hash = 'sha256'): string => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode({ ...genuine, ...claims })}`;
    return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
  };

  it('says who, what for, from whom, for whom, and until when', async () => {
    expect(genuine).toEqual({
      sub: account.uuid,
      roles: ['USER', 'PREMIUM'],
      sid: expect.stringMatching(UUID),
      iss: 'souk',
      aud: 'souk',
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(Math.abs(genuine['exp'] - genuine['iat'] - 600)).toBeLessThanOrEqual(1);
    expect((await me(forge({}))).data['me']).toEqual({ id: account.id, roles: ['USER', 'PREMIUM'] });
  });

  it.each([
    ['signed with another key', () => forge({}, {}, 'another key, 32 characters or more')],
    ['not signed', () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(genuine)}.`],
    ['signed with another algorithm', () => forge({}, { alg: 'HS384' }, SECRET, 'sha384')],
    ['with an unknown critical extension', () => forge({}, { crit: ['b64'], b64: true })],
    ['of several people', () => forge({ sub: [genuine['sub']] })],
    ['of another issuer', () => forge({ iss: 'elsewhere' })],
    ['for another audience', () => forge({ aud: 'elsewhere' })],
    ['that has expired', () => forge({ exp: Math.floor(Date.now() / 1_000) - 1 })],
    ['that never expires', () => forge({ exp: undefined })],
    ['with a role that does not exist', () => forge({ roles: ['OWNER'] })],
    [
      'with claims that were changed afterwards',
      () => {
        const [header, , signature] = account.token.split('.');
        return `${header}.${encode({ ...genuine, roles: ['ADMIN'] })}.${signature}`;
      },
    ],
    ['that is a refresh token', () => account.refreshToken],
  ])('%s is UNAUTHENTICATED', async (_, token) => {
    const { data, errors } = await me(token());
    expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(data?.['me'] ?? null).toBeNull();
  });
});

describe('limits', () => {
  let strict: Shop;
  let account: Account;

  beforeAll(async () => {
    strict = await startShop({ SIGN_IN_ATTEMPTS_PER_MINUTE: '4', TRUSTED_PROXIES: '1' });
    account = await signUp(strict);
  });

  afterAll(() => strict?.close());

  /** Sends an operation from an address of its own, as a trusted proxy tells it. */
  async function from(address: string, query: string, input: object): Promise<Answer> {
    const response = await fetch(strict.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return (await response.json()) as Answer;
  }
  const outcome = ({ data, errors }: Answer): string =>
    errors?.[0]?.extensions['code'] ?? Object.values(data)[0]?.userErrors[0]?.code ?? 'DONE';
  const wrong = (email: string): object => ({ email, password: 'not the password' });

  it('stop guesses at one account from many addresses', async () => {
    const outcomes = [];
    const spellings = [
      account.email,
      account.email.toUpperCase(),
      ` ${account.email}`,
      `${account.email} `,
      account.email,
    ];
    for (const [n, email] of spellings.entries())
      outcomes.push(outcome(await from(`192.0.2.${n}`, LOGIN, wrong(email))));
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
  });

  it('stop guesses at many accounts from one address, or one IPv6 network', async () => {
    const outcomes = [];
    for (const n of [1, 2, 3, 4, 5])
      outcomes.push(outcome(await from(`2001:db8::${n}`, LOGIN, wrong(`a${n}@example.com`))));
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
    const elsewhere = await from('2001:db8:0:1::1', LOGIN, wrong('a1@example.com'));
    expect(outcome(elsewhere)).toBe('INVALID_CREDENTIALS');
  });

  it('are told with the time to wait, and cost no hash', async () => {
    const hasher = strict.app.get(PasswordHasher, { strict: false });
    const before = hasher.computations;
    const { data, errors } = await from('192.0.2.50', LOGIN, wrong(account.email));
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    expect(errors?.[0]?.extensions['retryAfterSeconds']).toBeGreaterThan(0);
    expect(errors?.[0]?.extensions['retryAfterSeconds']).toBeLessThanOrEqual(60);
    expect(hasher.computations).toBe(before);
  });

  it('hold for many guesses in one document', async () => {
    const { email } = await signUp(strict);
    const hasher = strict.app.get(PasswordHasher, { strict: false });
    const before = hasher.computations;
    const aliases = Array.from({ length: 30 }, (_, n) => `a${n}: login(input: $input) { userErrors { code } }`);
    const answer = await from('192.0.2.60', `mutation ($input: LoginInput!) { ${aliases.join(' ')} }`, wrong(email));
    expect(outcome(answer)).toBe('RATE_LIMITED');
    expect(hasher.computations - before).toBe(4);
  });

  it('hold for many guesses at once', async () => {
    const { email } = await signUp(strict);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => from(`198.51.100.${n}`, LOGIN, wrong(email))),
    );
    const outcomes = answers.map(outcome).sort();
    expect(outcomes).toEqual([
      ...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'),
      ...Array.from({ length: 8 }, () => 'RATE_LIMITED'),
    ]);
  });

  it('do not count what succeeds', async () => {
    const { email } = await signUp(strict);
    for (let n = 0; n < 6; n += 1) {
      expect(outcome(await from('192.0.2.70', LOGIN, { email, password: PASSWORD }))).toBe('DONE');
    }
  });

  it('hold for registrations and refreshes from one address', async () => {
    const registrations = [];
    const refreshes = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const input = { email: `crowd${n}@example.com`, name: 'Crowd', password: 'long enough' };
      registrations.push(outcome(await from('192.0.2.80', REGISTER, input)));
      refreshes.push(outcome(await from('192.0.2.81', REFRESH, { refreshToken: `guess ${n}` })));
    }
    expect(registrations).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'RATE_LIMITED']);
    expect(refreshes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_REFRESH_TOKEN'), 'RATE_LIMITED']);
  });

  it('hold for the password that is asked of somebody signed in', async () => {
    const { token } = await signUp(strict);
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) {
      const input = { currentPassword: `guess ${n}`, newPassword: 'battery staple' };
      outcomes.push(outcome(await strict.send(CHANGE_PASSWORD, { input }, token)));
    }
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
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
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions['code']);
      expect(codes).toEqual(Array.from({ length: 5 }, () => 'UNAVAILABLE'));
    } finally {
      options.connectionString = connectionString;
    }
    expect((await me(account.token)).data['me'].id).toBe(account.id);
    expect(codesOf(await refresh(account.refreshToken))).toEqual([]);
  });
});
