import { randomBytes } from 'node:crypto';
import { Role } from '../../src/access/role.js';
import { PasswordHasher } from '../../src/auth/password-hasher.service.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { UsersService } from '../../src/users/users.service.js';
import type { Answer, Shop } from './shop.js';

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

const SESSION = `user { id email name roles } accessToken refreshToken expiresAt userErrors { code message field }`;
export const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
export const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
export const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
export const LOGOUT = `mutation ($input: LogoutInput!) { logout(input: $input) { userErrors { code } } }`;
export const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${SESSION} } }`;

const ACCOUNT = `user { id roles version disabledAt } userErrors { code field }`;
export const ASSIGN_ROLES = `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { ${ACCOUNT} } }`;
export const DISABLE_USER = `mutation ($input: DisableUserInput!) { disableUser(input: $input) { ${ACCOUNT} } }`;
export const ENABLE_USER = `mutation ($input: EnableUserInput!) { enableUser(input: $input) { ${ACCOUNT} } }`;

type Outcome = Record<string, { userErrors?: { code: string }[] } | null>;

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

/** How an operation with one root field ended: the code of its error or of its first refusal, or `DONE`. */
export function outcomeOf({ data, errors }: Answer<Outcome | null>): string {
  const [payload] = Object.values(data ?? {});
  return String(errors?.[0]?.extensions['code'] ?? payload?.userErrors?.[0]?.code ?? 'DONE');
}

/** How often each outcome occurred. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of answers.map(outcomeOf)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** All rows of some tables, in one text: a refusal leaves it as it was. */
export async function snapshot(shop: Shop, ...tables: readonly string[]): Promise<string> {
  const rows = tables.map((table) => shop.database.query(`test.${table}`, `SELECT * FROM ${table} ORDER BY 1`));
  return JSON.stringify(await Promise.all(rows));
}

/** How many sessions an account has. */
export async function countSessions(shop: Shop, { uuid }: Account): Promise<number> {
  const sql = 'SELECT count(*) AS count FROM sessions WHERE user_id = $1';
  const [row] = await shop.database.query<{ count: number }>('test.sessions', sql, [uuid]);
  return row?.count ?? -1;
}

/** What an access token says. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
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
