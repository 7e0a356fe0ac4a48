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

/** What a cart shows and does not store: one quote for each cart, however many fields ask, and two statements for all carts. */
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

  protected async fetch(carts: readonly CartRow[], context: ShopContext): Promise<(CartPrices | Error)[]> {
    const wishes = carts.map((cart) => ({ lines: cart.lines, terms: termsOf(cart) }));
    const quotes = await this.pricing.quotes(this.database, wishes);
    return carts.map((cart, index) => {
      const quote = quotes[index] ?? new Error('A quote that was asked for did not come.');
      return quote instanceof Error ? quote : pricesOf(cart, quote, sightOf(context));
    });
  }
}
