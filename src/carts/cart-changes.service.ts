import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { CartChangeInput } from './cart.inputs.js';
import { CartLinesQueries } from './cart-lines.queries.js';
import type { CartHead, CartRow } from './cart.type.js';
import { CartClosed, CartNotFound, CartVersionConflict } from './carts.errors.js';
import { CartsQueries, type CartChange } from './carts.queries.js';

/** The one way in which an open cart changes: it is locked first, and checked in the same statement. */
@Injectable()
export class CartChanges {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly queries: CartsQueries,
    private readonly lines: CartLinesQueries,
  ) {}

  /**
   * Changes a cart in a transaction of its own, with whatever else belongs to it.
   * @param work answers what the change answers; the cart stays locked meanwhile
   * @throws CartNotFound, CartClosed, CartVersionConflict
   */
  run<T>(
    input: CartChangeInput,
    viewer: Viewer | null,
    change: CartChange,
    work: (tx: Tx, cart: CartHead) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => work(tx, await this.apply(tx, input, viewer, change)));
  }

  /** The same for a change of nothing but the cart's own row. Answers the cart as it is then. */
  save(input: CartChangeInput, viewer: Viewer | null, change: CartChange): Promise<CartRow> {
    return this.run(input, viewer, change, (tx, cart) => this.withLines(tx, cart));
  }

  /** The same within a running transaction. */
  async apply(tx: Tx, input: CartChangeInput, viewer: Viewer | null, change: CartChange): Promise<CartHead> {
    const { cartId: id, expectedVersion: version = null } = input;
    const viewerId = viewer?.id ?? null;
    const cart = await this.queries.update(tx, { id, viewerId, version, days: this.config.cartDays }, change);
    if (cart) return cart;
    const unchanged = await this.queries.usable(tx, id, viewerId);
    if (!unchanged) throw new CartNotFound();
    throw unchanged.orderUuid === null ? new CartVersionConflict() : new CartClosed();
  }

  /** A cart that is locked, with its lines. */
  async withLines(tx: Tx, cart: CartHead): Promise<CartRow> {
    return { ...cart, lines: await this.lines.of(tx, cart.id) };
  }
}
