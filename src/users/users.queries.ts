import { Injectable } from '@nestjs/common';
import type { Role } from '../access/role.js';
import type { Db, Tx } from '../database/db.js';
import { keysetWindow, pageOf, type Keyed, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import type { UserFilter } from './user.inputs.js';
import type { User } from './user.type.js';

const COLUMNS = `u.id, u.email, u.name, u.roles, u.disabled_at AS "disabledAt", u.version,
  u.created_at AS "createdAt"`;

/** Newest first. */
export const USERS_SORT: KeysetSort = {
  name: 'users:CREATED_AT',
  expression: 'u.created_at',
  type: 'timestamptz',
  direction: 'DESC',
};

/** Which accounts; absent conditions hold for all. */
export interface UserConditions {
  /** Part of name or e-mail address. */
  text?: string | null;
  role?: Role | null;
  disabled?: boolean | null;
}

/** An account before it has an id. */
export interface NewUser {
  email: string;
  name: string;
  /** As the password hasher of the room `auth` made it. */
  passwordHash: string;
  roles: readonly Role[];
}

/** What a password is checked against. Never leaves the server. */
export interface Credentials {
  userId: string;
  passwordHash: string;
}

@Injectable()
export class UsersQueries {
  byIds(db: Db, ids: readonly string[]): Promise<User[]> {
    return db.query('users.byIds', `SELECT ${COLUMNS} FROM users u WHERE u.id = ANY($1)`, [ids]);
  }

  async page(db: Db, conditions: UserConditions, request: PageRequest): Promise<Page<User & Keyed>> {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const window = keysetWindow(USERS_SORT, 'u.id', request, bind);
    const rows = await db.query<User & Keyed>(
      'users.page',
      `SELECT ${COLUMNS}, ${USERS_SORT.expression} AS "sortKey" FROM users u
       WHERE ${window.where} AND ${matching(conditions, bind)}
       ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, conditions: UserConditions): Promise<number> {
    const params: unknown[] = [];
    const where = matching(conditions, (value) => `$${params.push(value)}`);
    const sql = `SELECT count(*)::int AS count FROM users u WHERE ${where}`;
    const [row] = await db.query<{ count: number }>('users.count', sql, params);
    return row?.count ?? 0;
  }

  async insert(tx: Tx, { email, name, passwordHash, roles }: NewUser): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.insert',
        `INSERT INTO users AS u (email, name, password_hash, roles) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
        [email, name, passwordHash, roles],
      ),
    );
  }

  /** `null` when there is no such account in this version. */
  async rename(tx: Tx, id: string, change: { name: string; version: number | null }): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.rename',
        `UPDATE users u SET name = $2, version = version + 1, updated_at = now()
         WHERE id = $1 AND ($3::int IS NULL OR version = $3)
         RETURNING ${COLUMNS}`,
        [id, change.name, change.version],
      ),
    );
  }

  /** Locks one account against other changes, though not against rows that refer to it. `null` when there is none. */
  async lock(tx: Tx, id: string): Promise<User | null> {
    return first(
      await tx.query<User>('users.lock', `SELECT ${COLUMNS} FROM users u WHERE u.id = $1 FOR NO KEY UPDATE`, [id]),
    );
  }

  /**
   * Locks one account and all administrators, in the order of their ids: who changes roles next waits,
   * and then sees who is an administrator by now.
   */
  lockWithAdmins(tx: Tx, id: string): Promise<User[]> {
    return tx.query(
      'users.lockWithAdmins',
      `SELECT ${COLUMNS} FROM users u WHERE u.id = $1 OR 'ADMIN' = ANY(u.roles) ORDER BY u.id FOR UPDATE`,
      [id],
    );
  }

  async setRoles(tx: Tx, id: string, roles: readonly Role[]): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.setRoles',
        `UPDATE users u SET roles = $2, version = version + 1, updated_at = now() WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, roles],
      ),
    );
  }

  /** @param disabled whether nobody can sign in to the account from now on */
  async setDisabled(tx: Tx, id: string, disabled: boolean): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.setDisabled',
        `UPDATE users u SET disabled_at = CASE WHEN $2 THEN now() END, version = version + 1, updated_at = now()
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, disabled],
      ),
    );
  }

  async credentialsByEmail(db: Db, email: string): Promise<Credentials | null> {
    const sql = `SELECT id AS "userId", password_hash AS "passwordHash" FROM users WHERE lower(email) = $1`;
    return first(await db.query<Credentials>('users.credentialsByEmail', sql, [email]));
  }

  async credentialsById(db: Db, id: string): Promise<Credentials | null> {
    const sql = `SELECT id AS "userId", password_hash AS "passwordHash" FROM users WHERE id = $1`;
    return first(await db.query<Credentials>('users.credentialsById', sql, [id]));
  }

  /** The account while it still has this password, which stays so until the transaction ends. */
  async confirm(tx: Tx, { userId, passwordHash }: Credentials): Promise<User | null> {
    const sql = `SELECT ${COLUMNS} FROM users u WHERE u.id = $1 AND u.password_hash = $2 FOR SHARE`;
    return first(await tx.query<User>('users.confirm', sql, [userId, passwordHash]));
  }

  /** `null` when the account has another password by now. */
  async replacePassword(tx: Tx, { userId, passwordHash }: Credentials, newHash: string): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.replacePassword',
        `UPDATE users u SET password_hash = $3, updated_at = now() WHERE id = $1 AND password_hash = $2 RETURNING ${COLUMNS}`,
        [userId, passwordHash, newHash],
      ),
    );
  }

  /** `null` when the account has another password by now. */
  async replaceEmail(tx: Tx, { userId, passwordHash }: Credentials, email: string): Promise<User | null> {
    return first(
      await tx.query<User>(
        'users.replaceEmail',
        `UPDATE users u SET email = $3, version = version + 1, updated_at = now()
         WHERE id = $1 AND password_hash = $2
         RETURNING ${COLUMNS}`,
        [userId, passwordHash, email],
      ),
    );
  }
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}

/** What a filter asks for. */
export function conditionsOf(filter: UserFilter | null | undefined): UserConditions {
  return { text: filter?.text?.trim(), role: filter?.role, disabled: filter?.disabled };
}

/** The condition on `users u`. @param bind takes a parameter and answers its placeholder */
export function matching({ text, role, disabled }: UserConditions, bind: (value: unknown) => string): string {
  const conditions = [];
  if (text) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(`lower(u.name || ' ' || u.email) LIKE lower(${bind(pattern)})`);
  }
  if (role) conditions.push(`${bind(role)} = ANY(u.roles)`);
  if (disabled != null) conditions.push(`u.disabled_at IS ${disabled ? 'NOT NULL' : 'NULL'}`);
  return conditions.join(' AND ') || 'TRUE';
}
