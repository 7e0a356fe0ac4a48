import { ID, Int, ResolveField, Resolver } from '@nestjs/graphql';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { MoneyType } from '../graphql/money.type.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { toMoney, type Money } from '../money/money.js';
import { ProductVariant, type VariantRow } from '../products/product-variant.type.js';
import { VariantById } from '../products/products.loaders.js';
import { CartLine, CartLineProblem } from './cart-line.type.js';
import type { LinePrice } from './cart-prices.rules.js';
import type { LineOfCart } from './cart.type.js';
import { PricesOfCart } from './carts.loaders.js';

/** Fields of a line, from the quote for its cart. */
@Resolver(() => CartLine)
export class CartLinesResolver {
  constructor(
    private readonly config: Config,
    private readonly variants: VariantById,
    private readonly prices: PricesOfCart,
  ) {}

  @ResolveField(() => ID, { description: 'What updateCartLines and removeCartLines take.' })
  id(line: LineOfCart): string {
    return toGlobalId('cartline', line.id);
  }

  @ViewerScope('role')
  @ResolveField(() => ProductVariant, {
    nullable: true,
    description: 'The variant; null when it is not sold any more.',
  })
  variant({ variantId }: LineOfCart, _: unknown, context: ShopContext): Promise<VariantRow | null> {
    return this.variants.in(context).load(variantId);
  }

  @ViewerScope('role')
  @ResolveField(() => String, {
    nullable: true,
    description: 'Stock keeping unit; null when it is not sold any more.',
  })
  async sku(line: LineOfCart, _: unknown, context: ShopContext): Promise<string | null> {
    return (await this.price(line, context)).offer?.sku ?? null;
  }

  @ViewerScope('role')
  @ResolveField(() => String, {
    nullable: true,
    description: 'What the product is called now; null when it is not sold any more.',
  })
  async productName(line: LineOfCart, _: unknown, context: ShopContext): Promise<string | null> {
    return (await this.price(line, context)).offer?.productName ?? null;
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, {
    nullable: true,
    description: 'What one unit costs now; null when it is not sold any more.',
  })
  async unitPrice(line: LineOfCart, _: unknown, context: ShopContext): Promise<Money | null> {
    const { offer } = await this.price(line, context);
    return offer && this.money(offer.priceMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, {
    description: 'Price of all its units, after discounts; 0 when it is not sold any more.',
  })
  async lineTotal(line: LineOfCart, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.price(line, context)).totalMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, { description: 'What promotions take off this line; not negative.' })
  async discount(line: LineOfCart, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.price(line, context)).discountMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => Int, { description: 'Units that can be bought now, whatever is wanted.' })
  async availableQuantity(line: LineOfCart, _: unknown, context: ShopContext): Promise<number> {
    return (await this.price(line, context)).available;
  }

  @ViewerScope('role')
  @ResolveField(() => CartLineProblem, {
    nullable: true,
    description: 'Why the line cannot be ordered as it is; null when it can.',
  })
  async problem(line: LineOfCart, _: unknown, context: ShopContext): Promise<CartLineProblem | null> {
    return (await this.price(line, context)).problem;
  }

  private async price({ cart, place }: LineOfCart, context: ShopContext): Promise<LinePrice> {
    const price = (await this.prices.in(context).load(cart)).lines[place];
    if (!price) throw new Error(`Line ${place} of cart ${cart.id} has no price.`);
    return price;
  }

  private money(minor: number): Money {
    return toMoney(minor, this.config.shopCurrency);
  }
}
