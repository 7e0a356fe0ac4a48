import { Extensions, ID, Int, ResolveField, Resolver } from '@nestjs/graphql';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { LIST_SIZE } from '../operations/limits.js';
import { MoneyType } from '../graphql/money.type.js';
import { CurrencyCode } from '../graphql/scalars.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { toMoney, type Money } from '../money/money.js';
import type { QuotedShipping } from '../pricing/quote.type.js';
import type { Totals } from '../pricing/totals.rules.js';
import { UserById } from '../users/users.loaders.js';
import { User } from '../users/user.type.js';
import { CartLine } from './cart-line.type.js';
import type { CartPrices } from './cart-prices.rules.js';
import { Cart, CartCoupon, CartDiscount, CartShippingMethod, type CartRow, type LineOfCart } from './cart.type.js';
import { MAX_COUPONS, MAX_LINES } from './carts.errors.js';
import { PricesOfCart } from './carts.loaders.js';

/** Fields of a cart that are not simply columns. Those with a price share one quote. */
@Resolver(() => Cart)
export class CartFieldsResolver {
  constructor(
    private readonly config: Config,
    private readonly users: UserById,
    private readonly prices: PricesOfCart,
  ) {}

  @ResolveField(() => ID, { description: "Globally unique, opaque id. A guest's is a secret of its owner." })
  id(cart: CartRow): string {
    return toGlobalId('cart', cart.id);
  }

  @Extensions({ [LIST_SIZE]: MAX_LINES })
  @ViewerScope('public')
  @ResolveField(() => [CartLine], {
    description: `What is in it, in the order in which it was added; at most ${MAX_LINES}.`,
  })
  lines(cart: CartRow): LineOfCart[] {
    return cart.lines.map((line, place) => ({ ...line, cart, place }));
  }

  @ViewerScope('public')
  @ResolveField(() => Int, { description: 'Units of all lines together.' })
  itemCount({ lines }: CartRow): number {
    return lines.reduce((units, { quantity }) => units + quantity, 0);
  }

  @ViewerScope('public')
  @ResolveField(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency(): string {
    return this.config.shopCurrency;
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, {
    description: 'The goods, before discounts. Lines that are not for sale count nothing.',
  })
  async subtotal(cart: CartRow, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.totals(cart, context)).subtotalMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, { description: 'What promotions take off the goods; not negative.' })
  async discountTotal(cart: CartRow, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.totals(cart, context)).discountMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, { description: 'Delivery by the chosen method; 0 while none is chosen.' })
  async shippingTotal(cart: CartRow, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.totals(cart, context)).shippingMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, { description: 'Tax of goods and delivery in the country of the shipping address.' })
  async taxTotal(cart: CartRow, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.totals(cart, context)).taxMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => Boolean, {
    description: 'Whether the prices hold the tax already, so that it is not added to the total.',
  })
  async taxIncluded(cart: CartRow, _: unknown, context: ShopContext): Promise<boolean> {
    return (await this.totals(cart, context)).taxIncluded;
  }

  @ViewerScope('role')
  @ResolveField(() => MoneyType, {
    description: 'What is to be paid: subtotal less discounts, plus delivery, plus the tax unless it is included.',
  })
  async total(cart: CartRow, _: unknown, context: ShopContext): Promise<Money> {
    return this.money((await this.totals(cart, context)).totalMinor);
  }

  @ViewerScope('role')
  @ResolveField(() => [CartDiscount], { description: 'The promotions that apply, in the order in which they do.' })
  async discounts(cart: CartRow, _: unknown, context: ShopContext): Promise<CartDiscount[]> {
    const { applied } = await this.totals(cart, context);
    return applied.map(({ name, code, amountMinor }) => ({ name, code, amount: this.money(amountMinor) }));
  }

  @ResolveField(() => User, {
    nullable: true,
    description: "Whose cart it is; null for a guest's, or when you may not know.",
  })
  customer({ customerId }: CartRow, _: unknown, context: ShopContext): Promise<User | null> | null {
    return customerId === null ? null : this.users.in(context).load(customerId);
  }

  @ViewerScope('role')
  @ResolveField(() => CartShippingMethod, {
    nullable: true,
    description:
      'How it will be delivered; null while nothing is chosen, or when the chosen method does not deliver this there.',
  })
  async shippingMethod(cart: CartRow, _: unknown, context: ShopContext): Promise<CartShippingMethod | null> {
    const { shippingMethod } = await this.pricesOf(cart, context);
    return shippingMethod && this.shown(shippingMethod);
  }

  @ViewerScope('role')
  @ResolveField(() => [CartShippingMethod], {
    description:
      'How it can be delivered, in the order of the shop; before there is an address, by methods for every country.',
  })
  async availableShippingMethods(cart: CartRow, _: unknown, context: ShopContext): Promise<CartShippingMethod[]> {
    return (await this.pricesOf(cart, context)).shippingMethods.map((method) => this.shown(method));
  }

  @ViewerScope('role')
  @ResolveField(() => [CartCoupon], {
    description: `The coupons that were entered, in their order; at most ${MAX_COUPONS}.`,
  })
  async coupons(cart: CartRow, _: unknown, context: ShopContext): Promise<CartCoupon[]> {
    return (await this.pricesOf(cart, context)).coupons;
  }

  @ViewerScope('public')
  @ResolveField(() => ID, { nullable: true, description: 'The order that was made of it; null while it is open.' })
  orderId({ orderUuid }: CartRow): string | null {
    return orderUuid === null ? null : toGlobalId('order', orderUuid);
  }

  private pricesOf(cart: CartRow, context: ShopContext): Promise<CartPrices> {
    return this.prices.in(context).load(cart);
  }

  private async totals(cart: CartRow, context: ShopContext): Promise<Totals> {
    return (await this.pricesOf(cart, context)).totals;
  }

  private shown({ method: { code, name }, priceMinor }: QuotedShipping): CartShippingMethod {
    return { code, name, price: this.money(priceMinor) };
  }

  private money(minor: number): Money {
    return toMoney(minor, this.config.shopCurrency);
  }
}
