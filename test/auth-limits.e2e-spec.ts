import { PasswordHasher } from '../src/auth/password-hasher.service.js';
import {
  CHANGE_PASSWORD,
  LOGIN,
  outcomeOf,
  PASSWORD,
  REFRESH,
  REGISTER,
  signUp,
  tally,
  type Account,
} from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const wrong = (email: string): object => ({ email, password: 'not the password' });

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

  it('stop guesses at one account from many addresses', async () => {
    const outcomes = [];
    const spellings = [
      account.email,
      account.email.toUpperCase(),
      ` ${account.email}`,
      `${account.email} `,
      account.email,
    ];
    for (const [n, email] of spellings.entries()) {
      outcomes.push(outcomeOf(await from(`192.0.2.${n}`, LOGIN, wrong(email))));
    }
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
  });

  it('stop guesses at many accounts from one address, or one IPv6 network', async () => {
    const outcomes = [];
    for (const n of [1, 2, 3, 4, 5]) {
      outcomes.push(outcomeOf(await from(`2001:db8::${n}`, LOGIN, wrong(`a${n}@example.com`))));
    }
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
    const elsewhere = await from('2001:db8:0:1::1', LOGIN, wrong('a1@example.com'));
    expect(outcomeOf(elsewhere)).toBe('INVALID_CREDENTIALS');
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
    expect(outcomeOf(answer)).toBe('RATE_LIMITED');
    expect(hasher.computations - before).toBe(4);
  });

  it('hold for many guesses at once', async () => {
    const { email } = await signUp(strict);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => from(`198.51.100.${n}`, LOGIN, wrong(email))),
    );
    expect(tally(answers)).toEqual({ INVALID_CREDENTIALS: 4, RATE_LIMITED: 8 });
  });

  it('do not count what succeeds', async () => {
    const { email } = await signUp(strict);
    for (let n = 0; n < 6; n += 1) {
      expect(outcomeOf(await from('192.0.2.70', LOGIN, { email, password: PASSWORD }))).toBe('DONE');
    }
  });

  it('hold for registrations and refreshes from one address', async () => {
    const registrations = [];
    const refreshes = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const input = { email: `crowd${n}@example.com`, name: 'Crowd', password: 'long enough' };
      registrations.push(outcomeOf(await from('192.0.2.80', REGISTER, input)));
      refreshes.push(outcomeOf(await from('192.0.2.81', REFRESH, { refreshToken: `guess ${n}` })));
    }
    expect(registrations).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'RATE_LIMITED']);
    expect(refreshes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_REFRESH_TOKEN'), 'RATE_LIMITED']);
  });

  it('hold for the password that is asked of somebody signed in', async () => {
    const { token } = await signUp(strict);
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) {
      const input = { currentPassword: `guess ${n}`, newPassword: 'battery staple' };
      outcomes.push(outcomeOf(await strict.send(CHANGE_PASSWORD, { input }, token)));
    }
    expect(outcomes).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'RATE_LIMITED']);
  });
});
