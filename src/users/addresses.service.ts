import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import {
  addressOf,
  type CreateAddressInput,
  type DeleteAddressInput,
  type UpdateAddressInput,
} from './address.inputs.js';
import { AddressNotFound, AddressVersionConflict, TooManyAddresses } from './addresses.errors.js';
import { AddressesQueries, type AddressKey, type Defaults } from './addresses.queries.js';
import type { SavedAddress } from './saved-address.type.js';
import type { User } from './user.type.js';
import { UserNotFound } from './users.errors.js';
import { UsersQueries } from './users.queries.js';

/** An address and whose it is, as they are after a change. */
export interface AddressResult {
  user: User;
  address: SavedAddress;
}

/** The address books. Each change locks the account first, so that one book changes once at a time. */
@Injectable()
export class AddressesService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersQueries,
    private readonly queries: AddressesQueries,
  ) {}

  /** @throws TooManyAddresses, UserNotFound */
  create(viewer: Viewer, input: CreateAddressInput): Promise<AddressResult> {
    const defaults = { shipping: input.isDefaultShipping, billing: input.isDefaultBilling };
    return this.database.transaction(async (tx) => {
      const user = await this.lock(tx, viewer);
      await this.release(tx, user, defaults, null);
      const address = await this.queries.insert(tx, user.id, addressOf(input.address), defaults);
      if (!address) throw new TooManyAddresses();
      return { user, address };
    });
  }

  /** @throws AddressNotFound, also when it is somebody else's; AddressVersionConflict, UserNotFound */
  update(viewer: Viewer, input: UpdateAddressInput): Promise<AddressResult> {
    const { id, expectedVersion: version = null } = input;
    const shipping = input.isDefaultShipping ?? null;
    const billing = input.isDefaultBilling ?? null;
    return this.database.transaction(async (tx) => {
      const user = await this.lock(tx, viewer);
      await this.release(tx, user, { shipping: shipping === true, billing: billing === true }, id);
      const key = { id, userId: user.id, version };
      const change = { address: input.address ? addressOf(input.address) : null, shipping, billing };
      const address = await this.queries.update(tx, key, change);
      return address ? { user, address } : this.refuse(tx, key);
    });
  }

  /**
   * Answers whose book it was in. When a default goes, no other address takes its place.
   * @throws AddressNotFound, also when it is somebody else's; AddressVersionConflict, UserNotFound
   */
  delete(viewer: Viewer, { id, expectedVersion: version = null }: DeleteAddressInput): Promise<User> {
    return this.database.transaction(async (tx) => {
      const user = await this.lock(tx, viewer);
      const key = { id, userId: user.id, version };
      return (await this.queries.delete(tx, key)) ? user : this.refuse(tx, key);
    });
  }

  private async lock(tx: Tx, { id }: Viewer): Promise<User> {
    const user = await this.users.lock(tx, id);
    if (!user) throw new UserNotFound(null);
    return user;
  }

  private async release(tx: Tx, { id }: User, defaults: Defaults, exceptId: string | null): Promise<void> {
    if (defaults.shipping || defaults.billing) await this.queries.releaseDefaults(tx, id, defaults, exceptId);
  }

  private async refuse(tx: Tx, { id, userId }: AddressKey): Promise<never> {
    const [stale] = await this.queries.byIds(tx, [id], userId);
    throw stale ? new AddressVersionConflict() : new AddressNotFound();
  }
}
