import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { CartChangeInput } from './cart.inputs.js';
import type { LineRow } from './cart-line.type.js';
import { CartLinesQueries, type LinesKey } from './cart-lines.queries.js';
import type { CartHead, CartRow } from './cart.type.js';
import { CartClosed, CartNotFound, CartVersionConflict } from './carts.errors.js';
import { CartsQueries, type CartChange } from './carts.queries.js';

/** A change that somebody wants of a cart's own row. */
interface WantedChange {
  input: CartChangeInput;
  viewer: Viewer | null;
  change: CartChange;
}

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
    work: (tx: Tx, cart: CartRow) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (tx) => work(tx, await this.applyAndRead(tx, input, viewer, change)));
  }

  /** The same for a change of a cart's lines, whose statement is sent with that of the cart. */
  runLines<L, T>(
    { input, viewer }: Omit<WantedChange, 'change'>,
    statement: (tx: Tx, key: LinesKey) => Promise<L>,
    work: (tx: Tx, cart: CartHead, lines: L) => Promise<T>,
  ): Promise<T> {
    const key = { cartId: input.cartId, viewerId: viewer?.id ?? null };
    return this.database.transaction(async (tx) => {
      const [cart, lines] = await this.applyWith(tx, { input, viewer, change: {} }, () => statement(tx, key));
      return work(tx, cart, lines);
    });
  }

  /** The same for a change of nothing but the cart's own row. Answers the cart as it is then. */
  save(input: CartChangeInput, viewer: Viewer | null, change: CartChange): Promise<CartRow> {
    return this.database.transaction((tx) => this.applyAndRead(tx, input, viewer, change));
  }

  /** The same within a running transaction. */
  async applyAndRead(tx: Tx, input: CartChangeInput, viewer: Viewer | null, change: CartChange): Promise<CartRow> {
    const read = (): Promise<LineRow[]> => this.lines.of(tx, input.cartId);
    const [cart, lines] = await this.applyWith(tx, { input, viewer, change }, read);
    return { ...cart, lines };
  }

  /** The same without the lines. */
  async apply(tx: Tx, input: CartChangeInput, viewer: Viewer | null, change: CartChange): Promise<CartHead> {
    const [cart] = await this.applyWith(tx, { input, viewer, change }, async () => undefined);
    return cart;
  }

  /**
   * The same with a statement that is sent in one go, behind the change: before it is known whether the cart may be changed.
   * Answers what both answer.
   */
  async applyWith<T>(
    tx: Tx,
    { input, viewer, change }: WantedChange,
    statement: () => Promise<T>,
  ): Promise<[CartHead, T]> {
    const { cartId: id, expectedVersion: version = null } = input;
    const viewerId = viewer?.id ?? null;
    const key = { id, viewerId, version, days: this.config.cartDays };
    const [cart, answer] = await Promise.all([this.queries.update(tx, key, change), statement()]);
    if (cart) return [cart, answer];
    const unchanged = await this.queries.usable(tx, id, viewerId);
    if (!unchanged) throw new CartNotFound();
    throw unchanged.orderUuid === null ? new CartVersionConflict() : new CartClosed();
  }

  /** A cart that is locked, with its lines. */
  async withLines(tx: Tx, cart: CartHead): Promise<CartRow> {
    return { ...cart, lines: await this.lines.of(tx, cart.id) };
  }
}
