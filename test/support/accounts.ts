import { randomBytes } from 'node:crypto';
import { Role } from '../../src/access/role.js';
import { PasswordHasher } from '../../src/auth/password-hasher.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { UsersService } from '../../src/users/users.service.js';
import type { Shop } from './shop.js';

/** Password of every account that the tests make. */
export const PASSWORD = 'correct horse';

/** Somebody with an account, signed in. */
export interface Account {
  /** Global id, as clients see it. */
  id: string;
  /** The same id in the database. */
  uuid: string;
  name: string;
  email: string;
  /** Access token. */
  token: string;
  refreshToken: string;
}

/** What an account is made with; whatever is left out is made up. */
export interface AccountTraits {
  roles?: readonly Role[];
  name?: string;
  email?: string;
}

export const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { user { id name } accessToken refreshToken expiresAt userErrors { code message field } }
}`;

let passwordHash: Promise<string> | undefined;

/** Makes an account with these roles, straight in the database, and signs it in through the API. */
export async function signUp(shop: Shop, traits: AccountTraits = {}): Promise<Account> {
  const { roles = [Role.USER], name = 'Ada', email = `${randomBytes(6).toString('hex')}@example.com` } = traits;
  passwordHash ??= shop.app.get(PasswordHasher, { strict: false }).hash(PASSWORD);
  const account = { email, name, roles, passwordHash: await passwordHash };
  const users = shop.app.get(UsersService, { strict: false });
  await shop.database.transaction((tx) => users.create(tx, account));
  return signIn(shop, email);
}

/** Signs in once more: another session of the same account. */
export async function signIn(shop: Shop, email: string, password = PASSWORD): Promise<Account> {
  const { data, errors } = await shop.send(LOGIN, { input: { email, password } });
  const session = data?.['login'];
  if (!session?.user) throw new Error(`Nobody was signed in: ${JSON.stringify(errors ?? session)}`);
  const { id, name } = session.user;
  const uuid = uuidOf('user', id) ?? '';
  return { id, uuid, name, email, token: session.accessToken, refreshToken: session.refreshToken };
}

/** Fills the shop with so many customers, who cannot sign in, a second apart. */
export async function manyUsers(shop: Shop, count: number): Promise<void> {
  await shop.database.query(
    'test.manyUsers',
    `INSERT INTO users (email, name, password_hash, created_at)
     SELECT 'customer' || n || '-' || substr(uuidv7()::text, 1, 13) || '@example.com', 'Customer ' || n, '-',
       now() - make_interval(days => 1, secs => n)
     FROM generate_series(1, $1::int) n`,
    [count],
  );
}
