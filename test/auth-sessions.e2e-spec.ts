import { createHmac } from 'node:crypto';
import { Role } from '../src/access/role.js';
import {
  claimsOf,
  countSessions,
  LOGOUT,
  outcomeOf,
  REFRESH,
  signIn,
  signUp,
  snapshot,
  tally,
  type Account,
} from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const ME = `{ me { id roles } }`;
const SECRET = 'a secret that only the tests know, 32+';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TABLES = ['users', 'sessions', 'refresh_tokens'];

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ ACCESS_TOKEN_SECONDS: '600', REFRESH_TOKEN_DAYS: '7' });
});

afterAll(() => shop?.close());

const refresh = (refreshToken: string): Promise<Answer> => shop.send(REFRESH, { input: { refreshToken } });
const me = (token: string): Promise<Answer> => shop.send(ME, {}, token);
const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

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
    expect(outcomeOf(await refresh(session.refreshToken))).toBe('DONE');
  });

  it('ends the session when a used token comes again, and leaves other sessions alone', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    const { data } = await refresh(account.refreshToken);
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await refresh(data['refreshSession'].refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await refresh(elsewhere.refreshToken))).toBe('DONE');
    expect(await countSessions(shop, account)).toBe(1);
  });

  it('has one winner of twenty with the same token, and ends the session', async () => {
    for (let round = 0; round < 3; round += 1) {
      const account = await signUp(shop);
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(account.refreshToken)));
      expect(tally(answers)).toEqual({ DONE: 1, INVALID_REFRESH_TOKEN: 19 });
      const winner = answers.find((answer) => outcomeOf(answer) === 'DONE');
      expect(outcomeOf(await refresh(winner?.data['refreshSession'].refreshToken))).toBe('INVALID_REFRESH_TOKEN');
      expect(await countSessions(shop, account)).toBe(0);
    }
  });

  it('refuses an unknown token in the same words, and changes nothing', async () => {
    const before = await snapshot(shop, ...TABLES);
    const answer = await refresh('x'.repeat(43));
    expect(answer.data['refreshSession']).toMatchObject({
      user: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      userErrors: [{ code: 'INVALID_REFRESH_TOKEN', field: ['input', 'refreshToken'] }],
    });
    expect(await snapshot(shop, ...TABLES)).toBe(before);
  });

  it('refuses a token that is too old', async () => {
    const account = await signUp(shop);
    const expire = `UPDATE sessions SET expires_at = now() - interval '1 ms' WHERE user_id = $1`;
    await shop.database.query('test.expire', expire, [account.uuid]);
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
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
    expect(outcomeOf(await refresh(account.refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(outcomeOf(await refresh(elsewhere.refreshToken))).toBe('DONE');
  });
});

describe('access token', () => {
  let account: Account;
  let genuine: Record<string, unknown>;

  beforeAll(async () => {
    account = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
    genuine = claimsOf(account.token);
  });

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
    expect(Math.abs(Number(genuine['exp']) - Number(genuine['iat']) - 600)).toBeLessThanOrEqual(1);
    for (const claims of [{}, { iat: secondsFromNow(-500), exp: secondsFromNow(5_000) }]) {
      expect((await me(forge(claims))).data['me']).toEqual({ id: account.id, roles: ['USER', 'PREMIUM'] });
    }
  });

  it.each([
    ['signed with another key', () => forge({}, {}, 'another key, 32 characters or more')],
    ['not signed', () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(genuine)}.`],
    ['signed with another algorithm', () => forge({}, { alg: 'HS384' }, SECRET, 'sha384')],
    ['with an unknown critical extension', () => forge({}, { crit: ['b64'], b64: true })],
    ['of several people', () => forge({ sub: [genuine['sub']] })],
    ['of another issuer', () => forge({ iss: 'elsewhere' })],
    ['for another audience', () => forge({ aud: 'elsewhere' })],
    ['that has expired', () => forge({ exp: secondsFromNow(-1) })],
    ['that never expires', () => forge({ exp: undefined })],
    ['that was signed longer ago than tokens live by now', () => forge({ iat: secondsFromNow(-600) })],
    ['that does not say when it was signed', () => forge({ iat: undefined })],
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
