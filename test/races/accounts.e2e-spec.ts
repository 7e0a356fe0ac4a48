import { Role } from '../../src/access/role.js';
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
  tally,
  type Account,
} from '../support/accounts.js';
import { settled, until } from '../support/live.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const ROUNDS = 5;

let shop: Shop;
let admin: Account;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: '30' });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(() => shop?.close());

const demote = (by: Account, { id: userId }: Account): Promise<Answer> =>
  shop.send(ASSIGN_ROLES, { input: { userId, roles: ['USER'] } }, by.token);
const disable = (by: Account, { id: userId }: Account): Promise<Answer> =>
  shop.send(DISABLE_USER, { input: { userId } }, by.token);
const enable = (by: Account, { id: userId }: Account): Promise<Answer> =>
  shop.send(ENABLE_USER, { input: { userId } }, by.token);
const login = ({ email }: Account): Promise<Answer> => shop.send(LOGIN, { input: { email, password: PASSWORD } });
const refresh = ({ refreshToken }: Account): Promise<Answer> => shop.send(REFRESH, { input: { refreshToken } });

/** Begins requests while the accounts are held, so that all of them are past the check of their tokens, and lets them go. */
async function collide(accounts: readonly Account[], requests: () => readonly Promise<Answer>[]): Promise<Answer[]> {
  let answers: Promise<Answer[]> = Promise.resolve([]);
  await shop.database.transaction(async (tx) => {
    const ids = accounts.map(({ uuid }) => uuid);
    await tx.query('test.hold', 'SELECT FROM users WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
    const begun = requests();
    answers = Promise.all(begun);
    await until('all requests wait', async () => {
      const sql = `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      const [row] = await shop.database.query<{ n: number }>('test.waiting', sql);
      return row?.n === begun.length;
    });
  });
  return answers;
}

/** Who can administrate. */
async function admins(): Promise<string[]> {
  const sql = `SELECT id FROM users WHERE 'ADMIN' = ANY(roles) AND disabled_at IS NULL`;
  const rows = await shop.database.query<{ id: string }>('test.admins', sql);
  return rows.map(({ id }) => id);
}

describe('the last two administrators', () => {
  it.each([
    ['take the role from each other', demote, demote],
    ['disable each other', disable, disable],
    ['disable and demote each other', disable, demote],
  ])('%s at once: exactly one stays', async (_, first, second) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const other = await signUp(shop, { roles: [Role.ADMIN] });
      const answers = await collide([admin, other], () => [first(admin, other), second(other, admin)]);
      expect(tally(answers)).toEqual({ DONE: 1, LAST_ADMIN: 1 });
      const winner = answers.map(outcomeOf).indexOf('DONE') === 0 ? admin : other;
      expect(await admins()).toEqual([winner.uuid]);
      admin = winner;
      await settled(shop);
    }
  });
});

/** Resolves to the tokens that were given away, by a sign-in or a refresh. */
function tokensOf(answers: readonly Answer[]): string[] {
  return answers.flatMap(({ data }) => Object.values(data).flatMap(({ accessToken }) => accessToken ?? []));
}

describe('an account that is disabled', () => {
  it('keeps no session of 5 that sign in, 5 that refresh and 2 that change the password at that moment', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const account = await signUp(shop);
      const sessions = [];
      for (let n = 0; n < 5; n += 1) sessions.push(await signIn(shop, account.email));
      const input = { currentPassword: PASSWORD, newPassword: PASSWORD };
      const answers = await Promise.all([
        ...sessions.flatMap((session) => [login(account), refresh(session)]),
        shop.send(CHANGE_PASSWORD, { input }, account.token),
        disable(admin, account),
        shop.send(CHANGE_PASSWORD, { input }, account.token),
      ]);
      expect(outcomeOf(answers.at(-2) as Answer)).toBe('DONE');
      expect(await countSessions(shop, account)).toBe(0);
      await settled(shop);
      const tokens = [account.token, ...sessions.map(({ token }) => token), ...tokensOf(answers)];
      const asked = await Promise.all(tokens.map((token) => shop.send('{ me { id } }', {}, token)));
      expect(tally(asked)).toEqual({ UNAUTHENTICATED: tokens.length });
    }
  });

  it('is disabled or not after ten who disable and ten who enable it, with an event for each change', async () => {
    const account = await signUp(shop);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? disable(admin, account) : enable(admin, account))),
    );
    expect(tally(answers)).toEqual({ DONE: 20 });
    await settled(shop);
    const [row] = await shop.database.query<{ version: number; disabled: boolean; types: string[] }>(
      'test.standing',
      `SELECT version, disabled_at IS NOT NULL AS disabled,
         ARRAY(SELECT type FROM event_log WHERE topic = 'account' AND entity_id = u.id AND type <> 'SESSION_ENDED'
           ORDER BY pos) AS types
       FROM users u WHERE id = $1`,
      [account.uuid],
    );
    const types = row?.types ?? [];
    expect(types.length).toBe((row?.version ?? 0) - 1);
    expect(types).toEqual(types.map((_, n) => (n % 2 ? 'ENABLED' : 'DISABLED')));
    expect(types.at(-1)).toBe(row?.disabled ? 'DISABLED' : 'ENABLED');
  });
});

it('two who change the roles of one account at once leave the newest in force everywhere', async () => {
  const account = await signUp(shop);
  const all = [['USER'], ['USER', 'STAFF'], ['USER', 'PREMIUM'], ['USER', 'PREMIUM', 'STAFF']];
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      shop.send(ASSIGN_ROLES, { input: { userId: account.id, roles: all[n % 4] } }, admin.token),
    ),
  );
  expect(tally(answers)).toEqual({ DONE: 12 });
  await settled(shop);
  const fresh = await refresh(account);
  const [token] = tokensOf([fresh]);
  expect(outcomeOf(await shop.send('{ me { id } }', {}, token))).toBe('DONE');
});
