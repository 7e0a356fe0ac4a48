import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import type { User } from './user.type.js';
import { UsersQueries } from './users.queries.js';

/** Accounts by their UUIDs: staff sees all, others their own; `null` for what is not there or not visible. */
@Injectable()
export class UserById extends BatchLoader<string, User | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: UsersQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(User | null)[]> {
    const visible = isStaff(viewer) ? ids : ids.filter((id) => id === viewer?.id);
    const users = visible.length > 0 ? await this.queries.byIds(this.database, visible) : [];
    return byKey(ids, users, (user) => user.id);
  }
}
