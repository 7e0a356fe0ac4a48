import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import { PricingService } from '../pricing/pricing.service.js';
import type { Quote } from '../pricing/quote.type.js';
import { sightOf } from '../products/products.loaders.js';
import { pricesOf, termsOf, type CartPrices } from './cart-prices.rules.js';
import type { CartRow } from './cart.type.js';
import { CartsQueries } from './carts.queries.js';

/** Carts by their UUIDs; `null` for what has expired or is somebody else's. */
@Injectable()
export class CartById extends BatchLoader<string, CartRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: CartsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(CartRow | null)[]> {
    const sight = { viewerId: viewer?.id ?? null, staff: isStaff(viewer) };
    return byKey(ids, await this.queries.byIds(this.database, ids, sight), ({ id }) => id);
  }
}

/** The open cart of an account, for whoever may see the account; `null` when there is none. */
@Injectable()
export class OpenCartOfUser extends BatchLoader<string, CartRow | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: CartsQueries,
  ) {
    super();
  }

  protected async fetch(userIds: readonly string[]): Promise<(CartRow | null)[]> {
    const carts = await this.queries.openOf(this.database, userIds);
    return byKey(userIds, carts, ({ customerId }) => customerId ?? '');
  }
}

/** What a cart shows and does not store: one quote for each cart, however many fields ask. */
@Injectable()
export class PricesOfCart extends BatchLoader<CartRow, CartPrices> {
  constructor(
    private readonly database: Database,
    private readonly pricing: PricingService,
  ) {
    super();
  }

  /** Keeps a quote that was made for a change of the cart. */
  keep(context: ShopContext, cart: CartRow, quote: Quote): void {
    this.in(context).prime(cart, pricesOf(cart, quote, sightOf(context)));
  }

  protected override cacheKey({ id, version }: CartRow): string {
    return `${id}:${version}`;
  }

  protected fetch(carts: readonly CartRow[], context: ShopContext): Promise<(CartPrices | Error)[]> {
    return Promise.all(carts.map((cart) => this.pricesOf(cart, context).catch((error: Error) => error)));
  }

  private async pricesOf(cart: CartRow, context: ShopContext): Promise<CartPrices> {
    return pricesOf(cart, await this.pricing.quote(this.database, cart.lines, termsOf(cart)), sightOf(context));
  }
}
