import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey, groupedByKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import { AddressesQueries } from './addresses.queries.js';
import type { SavedAddress } from './saved-address.type.js';

/** Addresses by their UUIDs: staff sees all, others their own; `null` for what is not there or not visible. */
@Injectable()
export class AddressById extends BatchLoader<string, SavedAddress | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: AddressesQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(SavedAddress | null)[]> {
    if (!viewer) return ids.map(() => null);
    const rows = await this.queries.byIds(this.database, ids, isStaff(viewer) ? null : viewer.id);
    return byKey(ids, rows, ({ id }) => id);
  }
}

/** The address book of an account, for whoever may see the account: the default for shipping first, then the newest. */
@Injectable()
export class AddressesOfUser extends BatchLoader<string, SavedAddress[]> {
  constructor(
    private readonly database: Database,
    private readonly queries: AddressesQueries,
  ) {
    super();
  }

  protected async fetch(userIds: readonly string[]): Promise<SavedAddress[][]> {
    const rows = await this.queries.ofUsers(this.database, userIds);
    return groupedByKey(userIds, rows, ({ userId }) => userId);
  }
}
