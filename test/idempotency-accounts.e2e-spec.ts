import { randomUUID } from 'node:crypto';
import { createApp, listen } from '../src/app.js';
import { Config } from '../src/config/config.js';
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
  type Account,
} from './support/accounts.js';
import { keyed, sendKeyed } from './support/idempotency.js';
import { send, startShop, type Answer, type Shop } from './support/shop.js';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});

afterAll(() => shop?.close());

const OWN = ['users', 'sessions', 'refresh_tokens', 'idempotency_keys'];
const everything = (): Promise<string> => snapshot(shop, ...OWN);

/** Sends an operation twice; the second time it must change nothing and answer as the first. */
async function twice(document: string, input: object, by?: Account): Promise<Answer> {
  const key = randomUUID();
  const first = await sendKeyed(shop, document, { input, by, key });
  expect(outcomeOf(first)).toBe('DONE');
  const after = await everything();
  const second = await sendKeyed(shop, document, { input, by, key });
  expect(second.errors).toBeUndefined();
  expect(second.data).toEqual(first.data);
  expect(await everything()).toBe(after);
  return first;
}

const person = (): { email: string; name: string; password: string } => ({
  email: `${randomUUID()}@example.com`,
  name: 'Grace',
  password: PASSWORD,
});

describe('a request about an account, sent again with its key', () => {
  it('registers once and gives the same tokens', async () => {
    const input = person();
    const { data } = await twice(REGISTER, input);
    const { user, accessToken, refreshToken } = data['register'];
    expect(user.email).toBe(input.email);
    expect(await shop.send('{ me { email } }', {}, accessToken)).toMatchObject({
      data: { me: { email: input.email } },
    });
    expect(outcomeOf(await shop.send(REFRESH, { input: { refreshToken } }))).toBe('DONE');
    expect(outcomeOf(await shop.send(REGISTER, { input }))).toBe('EMAIL_TAKEN');
  });

  it('signs in once', async () => {
    const account = await signUp(shop);
    await twice(LOGIN, { email: account.email, password: PASSWORD });
    expect(await countSessions(shop, account)).toBe(2);
  });

  it('gives the same next refresh token, where a bare repetition ends the session', async () => {
    const account = await signUp(shop);
    const { data } = await twice(REFRESH, { refreshToken: account.refreshToken });
    const next = data['refreshSession'].refreshToken;
    expect(outcomeOf(await shop.send(REFRESH, { input: { refreshToken: next } }))).toBe('DONE');
    expect(outcomeOf(await shop.send(REFRESH, { input: { refreshToken: next } }))).toBe('INVALID_REFRESH_TOKEN');
    expect(await countSessions(shop, account)).toBe(0);
  });

  it('is known by its key also when the access token has ended in between', async () => {
    const account = await signUp(shop);
    const [key, input] = [randomUUID(), { refreshToken: account.refreshToken }];
    const first = await sendKeyed(shop, REFRESH, { input, key, by: account });
    const second = await sendKeyed(shop, REFRESH, { input, key, by: { token: 'ended' } });
    const third = await sendKeyed(shop, REFRESH, { input, key });
    expect(outcomeOf(first)).toBe('DONE');
    expect([second.data, third.data]).toEqual([first.data, first.data]);
    expect(await countSessions(shop, account)).toBe(1);
  });

  it('refuses a used refresh token again as it did, after it has ended the session', async () => {
    const account = await signUp(shop);
    await shop.send(REFRESH, { input: { refreshToken: account.refreshToken } });
    const [key, input] = [randomUUID(), { refreshToken: account.refreshToken }];
    const outcomes = [];
    for (let time = 0; time < 2; time += 1) outcomes.push(outcomeOf(await sendKeyed(shop, REFRESH, { input, key })));
    expect(outcomes).toEqual(['INVALID_REFRESH_TOKEN', 'INVALID_REFRESH_TOKEN']);
    expect(await countSessions(shop, account)).toBe(0);
  });

  it('changes the password once, though the old one is wrong by then', async () => {
    const account = await signUp(shop);
    const input = { currentPassword: PASSWORD, newPassword: 'another correct horse' };
    const { data } = await twice(CHANGE_PASSWORD, input, account);
    expect(await countSessions(shop, account)).toBe(1);
    const next = { refreshToken: data['changePassword'].refreshToken };
    expect(outcomeOf(await shop.send(REFRESH, { input: next }))).toBe('DONE');
    expect((await signIn(shop, account.email, input.newPassword)).id).toBe(account.id);
    expect(outcomeOf(await shop.send(CHANGE_PASSWORD, { input }, account.token))).toBe('INVALID_CREDENTIALS');
  });

  it('costs two statements more the first time, and little from then on', async () => {
    const account = await signUp(shop);
    const input = { currentPassword: PASSWORD, newPassword: PASSWORD };
    const key = randomUUID();
    const bare = await shop.send(CHANGE_PASSWORD, { input }, account.token);
    const first = await sendKeyed(shop, CHANGE_PASSWORD, { input, key, by: account });
    expect(first.extensions.sql.statements).toBe(bare.extensions.sql.statements + 2);
    const again = await sendKeyed(shop, CHANGE_PASSWORD, { input, key, by: account });
    expect(again.extensions.sql.names).toEqual(['users.credentialsById', 'START', 'idempotency.claim', 'COMMIT']);
    expect(again.data).toEqual(first.data);
    const other = { currentPassword: PASSWORD, newPassword: 'another correct horse' };
    const [by, otherKey] = [await signIn(shop, account.email), randomUUID()];
    const changed = await sendKeyed(shop, CHANGE_PASSWORD, { input: other, key: otherKey, by });
    const checked = await sendKeyed(shop, CHANGE_PASSWORD, { input: other, key: otherKey, by });
    expect(checked.extensions.sql.names).toEqual(['users.credentialsById', 'idempotency.find']);
    expect(checked.data).toEqual(changed.data);
  });

  it('is a conflict with another password, and changes nothing', async () => {
    const account = await signUp(shop);
    const key = randomUUID();
    const input = { currentPassword: PASSWORD, newPassword: 'another correct horse' };
    await sendKeyed(shop, CHANGE_PASSWORD, { input, key, by: account });
    const before = await everything();
    for (const other of [
      { ...input, newPassword: 'a third correct horse' },
      { currentPassword: input.newPassword, newPassword: 'a third correct horse' },
    ]) {
      expect(outcomeOf(await sendKeyed(shop, CHANGE_PASSWORD, { input: other, key, by: account }))).toBe(
        'IDEMPOTENCY_CONFLICT',
      );
    }
    expect(await everything()).toBe(before);
  });

  it('signs out once', async () => {
    const account = await signUp(shop);
    await twice(LOGOUT, { refreshToken: account.refreshToken });
    expect(await countSessions(shop, account)).toBe(0);
  });
});

describe('what is kept of an answer', () => {
  it('shows nothing of it to who reads the table', async () => {
    const [key, input] = [`key-${randomUUID()}`, person()];
    const { data } = await shop.send(keyed(REGISTER), { key, input });
    const { user, accessToken, refreshToken } = data['register'];
    const rows = await shop.database.query<Record<string, Buffer>>('test.rows', 'SELECT * FROM idempotency_keys');
    const bytes = Buffer.concat(rows.flatMap((row) => Object.values(row).filter((value) => Buffer.isBuffer(value))));
    expect(bytes.length).toBeGreaterThan(500);
    for (const secret of [key, input.email, input.name, input.password, accessToken, refreshToken, user.id.slice(5)]) {
      for (const encoding of ['utf8', 'utf16le'] as const) {
        expect(bytes.includes(Buffer.from(secret, encoding))).toBe(false);
      }
    }
  });

  it('is of no use to a server with another secret: there the key is a conflict, and nothing is done twice', async () => {
    const [key, input] = [randomUUID(), person()];
    await shop.send(keyed(REGISTER), { key, input });
    const before = await everything();
    const config = {
      ...shop.app.get(Config, { strict: false }),
      jwtSecret: 'another secret, of 32 characters and more',
    };
    const app = await createApp(config, shop.database);
    try {
      const { graphql } = await listen(app, config);
      const answer = await send(graphql, { query: keyed(REGISTER), variables: { key, input } });
      expect(outcomeOf(answer)).toBe('IDEMPOTENCY_CONFLICT');
      expect(await everything()).toBe(before);
    } finally {
      await app.close();
    }
  });
});
