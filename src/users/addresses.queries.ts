import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { Address } from './address.type.js';
import { MAX_ADDRESSES } from './addresses.errors.js';
import type { SavedAddress } from './saved-address.type.js';

const COLUMNS = `a.id, a.user_id AS "userId", a.address, a.is_default_shipping AS "isDefaultShipping",
  a.is_default_billing AS "isDefaultBilling", a.version, a.created_at AS "createdAt", a.updated_at AS "updatedAt"`;

/** Which address, whose it must be, and in which version; `null` for any. */
export interface AddressKey {
  id: string;
  userId: string;
  version: number | null;
}

/** What an address becomes the default for. */
export interface Defaults {
  shipping: boolean;
  billing: boolean;
}

/** Values to be written; what is `null` stays. */
export interface AddressChange {
  address: Address | null;
  shipping: boolean | null;
  billing: boolean | null;
}

/** The table `saved_addresses`. Every write expects that its owner's row is locked. */
@Injectable()
export class AddressesQueries {
  /** @param ownerId whose addresses alone count; `null` for everybody's */
  byIds(db: Db, ids: readonly string[], ownerId: string | null): Promise<SavedAddress[]> {
    return db.query(
      'addresses.byIds',
      `SELECT ${COLUMNS} FROM saved_addresses a WHERE a.id = ANY($1) AND ($2::uuid IS NULL OR a.user_id = $2)`,
      [ids, ownerId],
    );
  }

  /** The books of several accounts: ids are made in the order of time. */
  ofUsers(db: Db, userIds: readonly string[]): Promise<SavedAddress[]> {
    return db.query(
      'addresses.ofUsers',
      `SELECT ${COLUMNS} FROM saved_addresses a WHERE a.user_id = ANY($1)
       ORDER BY a.user_id, ${addressOrder('a')}`,
      [userIds],
    );
  }

  /** Adds an address; the first one of a book is the default for everything. `null` when the book is full. */
  async insert(tx: Tx, userId: string, address: Address, defaults: Defaults): Promise<SavedAddress | null> {
    return first(
      await tx.query<SavedAddress>(
        'addresses.insert',
        `INSERT INTO saved_addresses AS a (user_id, address, is_default_shipping, is_default_billing)
         SELECT $1, $2, $3 OR book.addresses = 0, $4 OR book.addresses = 0
         FROM (SELECT count(*) AS addresses FROM saved_addresses WHERE user_id = $1) book
         WHERE book.addresses < ${MAX_ADDRESSES}
         RETURNING ${COLUMNS}`,
        [userId, JSON.stringify(address), defaults.shipping, defaults.billing],
      ),
    );
  }

  /** Takes defaults away from the addresses of a book that have them, except from one that may be about to get them. */
  async releaseDefaults(tx: Tx, userId: string, defaults: Defaults, exceptId: string | null): Promise<void> {
    await tx.query(
      'addresses.releaseDefaults',
      `UPDATE saved_addresses SET is_default_shipping = is_default_shipping AND NOT $2,
         is_default_billing = is_default_billing AND NOT $3, version = version + 1, updated_at = now()
       WHERE user_id = $1 AND (is_default_shipping AND $2 OR is_default_billing AND $3)
         AND id IS DISTINCT FROM $4::uuid`,
      [userId, defaults.shipping, defaults.billing, exceptId],
    );
  }

  /** `null` when the owner has no such address in this version. */
  async update(tx: Tx, { id, userId, version }: AddressKey, change: AddressChange): Promise<SavedAddress | null> {
    return first(
      await tx.query<SavedAddress>(
        'addresses.update',
        `UPDATE saved_addresses a SET address = coalesce($4, address),
           is_default_shipping = coalesce($5, is_default_shipping), is_default_billing = coalesce($6, is_default_billing),
           version = version + 1, updated_at = now()
         WHERE id = $1 AND user_id = $2 AND ($3::int IS NULL OR version = $3)
         RETURNING ${COLUMNS}`,
        [id, userId, version, change.address && JSON.stringify(change.address), change.shipping, change.billing],
      ),
    );
  }

  /** Whether there was such an address in this version. */
  async delete(tx: Tx, { id, userId, version }: AddressKey): Promise<boolean> {
    const rows = await tx.query(
      'addresses.delete',
      'DELETE FROM saved_addresses WHERE id = $1 AND user_id = $2 AND ($3::int IS NULL OR version = $3) RETURNING id',
      [id, userId, version],
    );
    return rows.length > 0;
  }
}

/** Order of the addresses of one book: the default for shipping first, then the newest. @param row alias of the table */
export function addressOrder(row: string): string {
  return `${row}.is_default_shipping DESC, ${row}.id DESC`;
}

function first<Row>(rows: readonly Row[]): Row | null {
  return rows[0] ?? null;
}
