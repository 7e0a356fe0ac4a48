import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { SignInSteps } from '../auth/sign-in-steps.service.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { BadUserInput } from '../errors/request-errors.js';
import type { SetCartCustomerInput } from './cart.inputs.js';
import { CartChanges } from './cart-changes.service.js';
import { CartMergeQueries, type CartPair } from './cart-merge.queries.js';
import type { CartHead, CartRow } from './cart.type.js';
import { CartNotFound, CartVersionConflict } from './carts.errors.js';
import { CartsQueries } from './carts.queries.js';

/** Whose carts are. A guest's cart becomes that of an account when its owner signs in, or says so. */
@Injectable()
export class CartOwnersService implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly changes: CartChanges,
    private readonly carts: CartsQueries,
    private readonly queries: CartMergeQueries,
    private readonly steps: SignInSteps,
  ) {}

  onModuleInit(): void {
    this.steps.register(async (tx, { userId, cartId }) => {
      // A cart that is gone or of somebody else must not keep anybody from signing in.
      if (cartId !== null) await this.give(tx, { userId, cartId, version: null });
    });
  }

  /**
   * Notes a guest's e-mail address; gives a guest's cart to the viewer.
   * @throws CartNotFound, CartClosed, CartVersionConflict
   * @throws BadUserInput when a guest gives no address
   */
  async setCustomer(input: SetCartCustomerInput, viewer: Viewer | null): Promise<CartRow> {
    const email = input.email ?? undefined;
    if (viewer) return this.database.transaction((tx) => this.claim(tx, input, viewer));
    if (email === undefined) throw new BadUserInput([{ path: 'input.email', message: 'is needed of a guest' }]);
    return this.changes.save(input, null, { email });
  }

  private async claim(tx: Tx, input: SetCartCustomerInput, viewer: Viewer): Promise<CartRow> {
    const email = input.email ?? undefined;
    const { cartId, expectedVersion: version = null } = input;
    const given = await this.give(tx, { userId: viewer.id, cartId, version });
    if (!given) return this.changes.applyAndRead(tx, input, viewer, { email });
    if (email === undefined) return this.changes.withLines(tx, given);
    return this.changes.applyAndRead(tx, { cartId: given.id }, viewer, { email });
  }

  /** Gives a guest's cart to an account. Answers the cart that the account has then; `null` when there is no such guest's cart. */
  private async give(
    tx: Tx,
    { userId, cartId, version }: { userId: string; cartId: string; version: number | null },
  ): Promise<CartHead | null> {
    await this.carts.lockCustomer(tx, userId);
    const locked = await this.queries.lockBoth(tx, cartId, userId);
    const guest = locked.find(({ customerId }) => customerId === null);
    const own = locked.find(({ customerId }) => customerId !== null);
    if (!guest) return null;
    if (version !== null && version !== guest.version) throw new CartVersionConflict();
    if (own && !own.expired) return this.merge(tx, { accountCartId: own.id, guestCartId: guest.id });
    if (own) await this.queries.delete(tx, own.id);
    return found(await this.queries.attach(tx, guest.id, userId, this.config.cartDays));
  }

  private async merge(tx: Tx, pair: CartPair): Promise<CartHead> {
    const left = await this.queries.moveLines(tx, pair);
    const merged = found(await this.queries.mergeTerms(tx, pair, this.config.cartDays));
    // Nothing is lost silently: what found no room stays a guest's cart, under the id that its owner knows.
    if (left === 0) await this.queries.delete(tx, pair.guestCartId);
    else await this.changes.apply(tx, { cartId: pair.guestCartId }, null, {});
    return merged;
  }
}

function found(cart: CartHead | null): CartHead {
  if (!cart) throw new CartNotFound();
  return cart;
}
