import { Role } from '../src/access/role.js';
import { EventFeed } from '../src/events/event-feed.js';
import { ACCOUNT_TOPIC } from '../src/users/account.events.js';
import {
  ASSIGN_ROLES,
  CHANGE_PASSWORD,
  claimsOf,
  DISABLE_USER,
  LOGOUT,
  outcomeOf,
  PASSWORD,
  REFRESH,
  signIn,
  signUp,
  type Account,
} from './support/accounts.js';
import { socketsOf } from './support/live-insides.js';
import { anotherServer, LiveClient, settled, within } from './support/live.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const ME = `{ me { id roles } }`;
const MOST_SESSIONS = 50;

let shop: Shop;
let second: Shop;
let admin: Account;

beforeAll(async () => {
  shop = await startShop();
  second = await anotherServer(shop);
  admin = await signUp(shop, { roles: [Role.ADMIN] });
});

afterAll(async () => {
  await second?.close();
  await shop?.close();
});

const me = (server: Shop, { token }: Pick<Account, 'token'>): Promise<Answer> => server.send(ME, {}, token);
const sessionOf = ({ token }: Account): unknown => claimsOf(token)['sid'];
const logOut = ({ refreshToken }: Account): Promise<Answer> => shop.send(LOGOUT, { input: { refreshToken } });

async function done(answer: Promise<Answer>): Promise<Answer['data']> {
  const { data, errors } = await answer;
  expect([errors, data[Object.keys(data)[0] ?? ''].userErrors]).toEqual([undefined, []]);
  return data;
}

/** Resolves when both servers know all that was done. */
async function known(): Promise<void> {
  await settled(shop);
  await settled(second);
}

/** What the servers were told about an account. */
function eventsOf({ uuid }: Account): Promise<{ type: string; payload: object }[]> {
  const sql = 'SELECT type, payload FROM event_log WHERE topic = $1 AND entity_id = $2 ORDER BY pos';
  return shop.database.query('test.accountEvents', sql, [ACCOUNT_TOPIC, uuid]);
}

interface Way {
  revoke: (account: Account) => Promise<unknown>;
  /** What is told to the servers. */
  events: (account: Account) => object[];
}

const ended = (account: Account): object[] => [
  { type: 'SESSION_ENDED', payload: { sessionIds: [sessionOf(account)] } },
];

/** Whether a server has closed the sockets of an account with 4403: so many, and nobody has to have noticed yet. */
function closedBy(server: Shop, { uuid }: Account): boolean[] {
  const theirs = socketsOf(server).filter(({ access }) => access?.viewer?.id === uuid);
  return theirs.map(({ closeCode }) => closeCode === 4403);
}

/** Notes, right behind the turn in which a server is told what an account has lost, which of its sockets are closed then. */
function noteCloses(server: Shop, account: Account): boolean[] {
  const closes: boolean[] = [];
  server.app.get(EventFeed, { strict: false }).onEvents((events) => {
    if (events.some(({ topic, entityId }) => topic === ACCOUNT_TOPIC && entityId === account.uuid))
      closes.push(...closedBy(server, account));
  });
  return closes;
}

/** Everything that takes rights away from an account whose only session is the given one. */
const WAYS: Record<string, Way> = {
  'signing out': { revoke: (account) => done(logOut(account)), events: ended },
  'an old refresh token': {
    revoke: async ({ refreshToken }) => {
      await done(shop.send(REFRESH, { input: { refreshToken } }));
      expect(outcomeOf(await shop.send(REFRESH, { input: { refreshToken } }))).toBe('INVALID_REFRESH_TOKEN');
    },
    events: ended,
  },
  'another password': {
    revoke: ({ token }) => {
      const input = { currentPassword: PASSWORD, newPassword: 'battery staple' };
      return done(shop.send(CHANGE_PASSWORD, { input }, token));
    },
    events: ended,
  },
  'other roles': {
    revoke: ({ id: userId }) =>
      done(shop.send(ASSIGN_ROLES, { input: { userId, roles: ['STAFF', 'USER'] } }, admin.token)),
    events: () => [{ type: 'ROLES_CHANGED', payload: { roles: ['USER', 'STAFF'] } }],
  },
  'being disabled': {
    revoke: ({ id: userId }) => done(shop.send(DISABLE_USER, { input: { userId } }, admin.token)),
    events: (account) => [{ type: 'DISABLED', payload: {} }, ...ended(account)],
  },
  'signing in beyond the newest fifty': {
    revoke: async ({ uuid, email }) => {
      const insert = `INSERT INTO sessions (user_id, expires_at)
        SELECT $1, now() + interval '1 day' FROM generate_series(1, $2::int)`;
      await shop.database.query('test.addSessions', insert, [uuid, MOST_SESSIONS - 1]);
      await signIn(shop, email);
    },
    events: ended,
  },
};

describe.each(Object.entries(WAYS))('%s', (_, { revoke, events }) => {
  let account: Account;
  let neighbour: Account;
  let socket: LiveClient;
  let other: LiveClient;
  let closes: boolean[];

  beforeAll(async () => {
    account = await signUp(shop);
    neighbour = await signUp(shop);
    for (const server of [shop, second]) expect((await me(server, account)).data['me'].id).toBe(account.id);
    socket = await LiveClient.open(second, account);
    other = await LiveClient.open(second, neighbour);
    closes = noteCloses(second, account);
    await revoke(account);
    await known();
  });

  afterAll(() => other?.close());

  it("revokes the access token at every server of the shop, and nobody else's", async () => {
    for (const server of [shop, second]) {
      const { errors } = await me(server, account);
      expect(errors?.[0]?.message).toBe('The access token has been revoked: refresh the session or sign in.');
      expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
      expect((await me(server, neighbour)).data['me'].id).toBe(neighbour.id);
    }
  });

  it('asks the database nothing about it', async () => {
    const [held, revoked] = [await shop.send('{ __typename }', {}, neighbour.token), await me(shop, account)];
    expect([held, revoked].map(({ extensions }) => extensions.sql.statements)).toEqual([0, 0]);
  });

  it('is remembered by a server that starts later', async () => {
    const later = await anotherServer(shop);
    try {
      expect(outcomeOf(await me(later, account))).toBe('UNAUTHENTICATED');
      expect((await me(later, neighbour)).data['me'].id).toBe(neighbour.id);
    } finally {
      await later.close();
    }
  });

  it("closes sockets that were opened with that token in the turn in which a server is told, and nobody else's", async () => {
    expect(closes).toEqual([true]);
    expect(closedBy(second, neighbour)).toEqual([false]);
    expect((await within('the close', socket.closed)).code).toBe(4403);
    expect((await other.ask(ME)).data['me'].id).toBe(neighbour.id);
  });

  it('lets nobody connect a socket with that token', async () => {
    await expect(LiveClient.open(second, account)).rejects.toThrow('closed 4403');
    await (await LiveClient.open(second, neighbour)).close();
  });

  it('is told to the servers without a secret', async () => {
    expect(await eventsOf(account)).toEqual(events(account));
  });
});

describe('a token that holds', () => {
  it('is any of another session of the account', async () => {
    const account = await signUp(shop);
    const elsewhere = await signIn(shop, account.email);
    await logOut(account);
    await known();
    expect(outcomeOf(await me(shop, account))).toBe('UNAUTHENTICATED');
    expect((await me(second, elsewhere)).data['me'].id).toBe(account.id);
  });

  it('is one that was refreshed after the roles were changed, and again after each change', async () => {
    const account = await signUp(shop);
    let { refreshToken } = account;
    const tokens = [account.token];
    for (const roles of [['USER', 'STAFF'], ['USER', 'PREMIUM'], ['USER']]) {
      await done(shop.send(ASSIGN_ROLES, { input: { userId: account.id, roles } }, admin.token));
      await known();
      const { refreshSession } = await done(second.send(REFRESH, { input: { refreshToken } }));
      ({ refreshToken } = refreshSession);
      tokens.push(refreshSession.accessToken);
      expect((await me(second, { token: refreshSession.accessToken })).data['me'].roles).toEqual(roles);
    }
    const outcomes = await Promise.all(tokens.map(async (token) => outcomeOf(await me(shop, { token }))));
    expect(outcomes).toEqual(['DONE', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'DONE']);
  });

  it('is that of somebody who was given the roles that they had', async () => {
    const account = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
    const input = { userId: account.id, roles: ['PREMIUM', 'USER'] };
    const { assignRoles } = await done(shop.send(ASSIGN_ROLES, { input }, admin.token));
    expect(assignRoles.user.version).toBe(2);
    await known();
    expect(outcomeOf(await me(shop, account))).toBe('DONE');
    expect(await eventsOf(account)).toEqual([]);
  });
});

it('changes a password with a token that was revoked, for who knows the password; nothing else', async () => {
  const account = await signUp(shop);
  await logOut(account);
  await known();
  const both = `mutation ($input: ChangePasswordInput!) {
    changePassword(input: $input) { user { id } userErrors { code } }
    updateMe(input: { name: "Eve" }) { user { id } }
  }`;
  const wrong = { currentPassword: 'not the password', newPassword: 'battery staple' };
  expect(outcomeOf(await shop.send(CHANGE_PASSWORD, { input: wrong }, account.token))).toBe('INVALID_CREDENTIALS');
  const right = { currentPassword: PASSWORD, newPassword: 'battery staple' };
  const { data, errors } = await shop.send(both, { input: right }, account.token);
  expect(errors).toMatchObject([{ path: ['updateMe'], extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(data).toBeNull();
  expect((await signIn(shop, account.email, 'battery staple')).id).toBe(account.id);
});
