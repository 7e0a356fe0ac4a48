import { Extensions, ID, ResolveField, Resolver } from '@nestjs/graphql';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { LIST_SIZE } from '../operations/limits.js';
import { MoneyType } from '../graphql/money.type.js';
import { Decimal } from '../graphql/scalars.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { toMoney, type Money } from '../money/money.js';
import { PaymentsByOrder, RefundsByOrder } from '../payments/payments.loaders.js';
import { Payment, Refund } from '../payments/payment.type.js';
import { VariantById } from '../products/products.loaders.js';
import { ProductVariant, type VariantRow } from '../products/product-variant.type.js';
import { formatPercent } from '../promotions/percent.rules.js';
import { UserById } from '../users/users.loaders.js';
import { User } from '../users/user.type.js';
import { isStaff } from '../access/viewer.js';
import { moverOf, nextStates, OrderState } from './order-states.rules.js';
import { movable } from './order-units.rules.js';
import { Order, OrderDiscount, OrderHistoryEntry, OrderLine, type OrderLineRow, type OrderRow } from './order.type.js';
import { HistoryByOrder } from './orders.loaders.js';

// Field resolvers take no decorated parameters: Nest then calls them directly, without its wrapper.

@Resolver(() => Order)
export class OrderFieldsResolver {
  constructor(
    private readonly users: UserById,
    private readonly paymentsOf: PaymentsByOrder,
    private readonly refundsOf: RefundsByOrder,
    private readonly entries: HistoryByOrder,
  ) {}

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(order: OrderRow): string {
    return toGlobalId('order', order.id);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'Sum of the lines before discounts.' })
  subtotal({ subtotalMinor, currency }: OrderRow): Money {
    return toMoney(subtotalMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What promotions took off the goods.' })
  discountTotal({ discountMinor, currency }: OrderRow): Money {
    return toMoney(discountMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What delivery costs.' })
  shippingTotal({ shippingMinor, currency }: OrderRow): Money {
    return toMoney(shippingMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'Tax of goods and delivery, contained in the prices or added.' })
  taxTotal({ taxMinor, currency }: OrderRow): Money {
    return toMoney(taxMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What is to be paid in all.' })
  total({ totalMinor, currency }: OrderRow): Money {
    return toMoney(totalMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'Money that has come.' })
  paidTotal({ paidMinor, currency }: OrderRow): Money {
    return toMoney(paidMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'Money that was given back.' })
  refundedTotal({ refundedMinor, currency }: OrderRow): Money {
    return toMoney(refundedMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => [OrderDiscount], { description: 'The promotions that took something off, in their order.' })
  discounts({ discounts, currency }: OrderRow): OrderDiscount[] {
    return discounts.map(({ name, code, amountMinor }) => ({ name, code, amount: toMoney(amountMinor, currency) }));
  }

  @ViewerScope('public')
  @ResolveField(() => [OrderLine], { description: 'What was bought, in the order of the cart.' })
  @Extensions({ [LIST_SIZE]: 10 })
  lines({ lines, currency, taxIncluded }: OrderRow): PricedLine[] {
    return lines.map((line) => ({ ...line, currency, taxIncluded }));
  }

  @ResolveField(() => User, { nullable: true, description: 'The account that placed it; null for guests.' })
  customer({ customerId }: OrderRow, _: unknown, context: ShopContext): Promise<User | null> | null {
    const may = customerId !== null && (isStaff(context.viewer) || context.viewer?.id === customerId);
    return may ? this.users.in(context).load(customerId) : null;
  }

  @ResolveField(() => [OrderState], { description: 'The states that you may bring it to.' })
  nextStates(order: OrderRow, _: unknown, { viewer }: ShopContext): OrderState[] {
    return nextStates(movable(order), moverOf(viewer, order));
  }

  @ViewerScope('public')
  @ResolveField(() => [Payment], { description: 'Attempts to pay it, oldest first.' })
  payments({ id }: OrderRow, _: unknown, context: ShopContext): Promise<Payment[]> {
    return this.paymentsOf.in(context).load(id);
  }

  @ViewerScope('public')
  @ResolveField(() => [Refund], { description: 'Money that goes back, oldest first.' })
  refunds({ id }: OrderRow, _: unknown, context: ShopContext): Promise<Refund[]> {
    return this.refundsOf.in(context).load(id);
  }

  @ViewerScope('public')
  @ResolveField(() => [OrderHistoryEntry], { description: 'What happened to it, oldest first.' })
  history({ id }: OrderRow, _: unknown, context: ShopContext): Promise<OrderHistoryEntry[]> {
    return this.entries.in(context).load(id);
  }
}

/** A line with what its amounts mean. */
interface PricedLine extends OrderLineRow {
  currency: string;
  taxIncluded: boolean;
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  constructor(private readonly variants: VariantById) {}

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(line: PricedLine): string {
    return toGlobalId('orderline', line.id);
  }

  @ViewerScope('role')
  @ResolveField(() => ProductVariant, {
    nullable: true,
    description: 'The variant as it is today; null when it is gone or you may not know of it.',
  })
  variant({ variantId }: PricedLine, _: unknown, context: ShopContext): Promise<VariantRow | null> | null {
    return variantId === null ? null : this.variants.in(context).load(variantId);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What one unit cost.' })
  unitPrice({ unitPriceMinor, currency }: PricedLine): Money {
    return toMoney(unitPriceMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What promotions took off the line.' })
  discount({ discountMinor, currency }: PricedLine): Money {
    return toMoney(discountMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'Price times quantity less discount.' })
  lineTotal({ unitPriceMinor, quantity, discountMinor, currency }: PricedLine): Money {
    return toMoney(unitPriceMinor * quantity - discountMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: "Tax of the line, contained in the line's total or added to it." })
  tax({ taxMinor, currency }: PricedLine): Money {
    return toMoney(taxMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => Decimal, { description: 'Rate of the tax in percent, such as "20".' })
  taxRate({ taxBp }: PricedLine): string {
    return formatPercent(taxBp);
  }
}

@Resolver(() => OrderHistoryEntry)
export class OrderHistoryResolver {
  constructor(private readonly users: UserById) {}

  @ResolveField(() => User, {
    nullable: true,
    description: 'Who did it; null for the shop itself, for guests, and for other accounts when you are not staff.',
  })
  actor({ actorId }: OrderHistoryEntry, _: unknown, context: ShopContext): Promise<User | null> | null {
    const may = actorId !== null && (isStaff(context.viewer) || context.viewer?.id === actorId);
    return may ? this.users.in(context).load(actorId) : null;
  }
}
