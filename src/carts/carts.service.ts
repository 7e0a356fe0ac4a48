import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { WantedLine } from '../pricing/quote.type.js';
import type { Address } from '../users/address.type.js';
import { UserNotFound } from '../users/users.errors.js';
import type { CreateCartInput } from './cart.inputs.js';
import { CartLinesQueries } from './cart-lines.queries.js';
import { CartLinesService, refusingTooManyUnits } from './cart-lines.service.js';
import type { CartHead, CartRow } from './cart.type.js';
import { CartNotFound } from './carts.errors.js';
import { CartsQueries } from './carts.queries.js';
import { NewCarts } from './new-carts.service.js';

/** A cart that becomes an order in the running transaction. */
export interface OrderableCart {
  id: string;
  /** The id that the order has or shall have. */
  orderId: string;
  /** It was ordered before, under this id; then nothing has changed. */
  alreadyOrdered: boolean;
  customerId: string | null;
  /** In lower case. */
  email: string | null;
  shippingAddress: Address | null;
  billingAddress: Address | null;
  /** Code of the chosen method, which may not be available any more. */
  shippingMethod: string | null;
  /** Codes as they are stored, in the order in which they were entered. */
  coupons: readonly string[];
  /** In the order in which they were added; may be empty. */
  lines: WantedLine[];
}

/** Carts from their beginning to their order. They store no prices: those are made when somebody looks. */
@Injectable()
export class CartsService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly queries: CartsQueries,
    private readonly lineQueries: CartLinesQueries,
    private readonly lines: CartLinesService,
    private readonly newCarts: NewCarts,
  ) {}

  /**
   * Opens a cart. An account has one open cart: when it has, the lines are added to that.
   * @param address of the client
   * @throws UnknownVariant, NotForSale, TooManyLines, BadUserInput, UserNotFound, RateLimited
   */
  create({ lines, email = null }: CreateCartInput, viewer: Viewer | null, address: string): Promise<CartRow> {
    const made = this.newCarts.making(address, () =>
      this.database.transaction(async (tx) => {
        const cart = viewer
          ? await this.openFor(tx, viewer.id, email)
          : await this.queries.insertGuest(tx, email, this.config.cartDays);
        return this.lines.addTo(tx, cart, lines);
      }),
    );
    return refusingTooManyUnits(made);
  }

  /**
   * Locks an open cart and closes it: it gets the id of the order that the caller makes of it in this transaction, and a guest's
   * cart becomes the viewer's. At most three statements. A rollback opens it again.
   * @throws CartNotFound when it is unknown, expired or somebody else's
   */
  async order(tx: Tx, cartId: string, viewer: Viewer | null): Promise<OrderableCart> {
    const viewerId = viewer?.id ?? null;
    const [closed, lines] = await Promise.all([
      this.queries.close(tx, cartId, viewerId),
      this.lineQueries.of(tx, cartId),
    ]);
    if (closed) return orderable({ ...closed, lines }, false);
    const ordered = await this.queries.usable(tx, cartId, viewerId);
    if (!ordered) throw new CartNotFound();
    return orderable(ordered, true);
  }

  private async openFor(tx: Tx, customerId: string, email: string | null): Promise<CartHead> {
    const { cartDays } = this.config;
    await this.queries.lockCustomer(tx, customerId);
    const cart = await this.queries.open(tx, customerId, email, cartDays);
    if (cart) return cart;
    await this.queries.deleteExpiredOf(tx, customerId);
    const opened = await this.queries.open(tx, customerId, email, cartDays);
    if (!opened) throw new UserNotFound(null);
    return opened;
  }
}

function orderable(
  { methodCode, couponCodes, orderUuid, lines, ...cart }: CartRow,
  alreadyOrdered: boolean,
): OrderableCart {
  const { id, customerId, email, shippingAddress, billingAddress } = cart;
  if (orderUuid === null) throw new CartNotFound();
  const terms = { shippingAddress, billingAddress, shippingMethod: methodCode, coupons: couponCodes };
  const wanted = lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  return { id, orderId: orderUuid, alreadyOrdered, customerId, email, ...terms, lines: wanted };
}
