import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';
import { MoneyType } from '../graphql/money.type.js';
import { connectionOf } from '../graphql/page.js';
import { CurrencyCode, EmailAddress } from '../graphql/scalars.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { Money } from '../money/money.js';
import type { AppliedDiscount } from '../promotions/discount.rules.js';
import { Address } from '../users/address.type.js';
import { OrderState } from './order-states.rules.js';

/** What can happen to an order. */
export enum OrderEventType {
  PLACED = 'PLACED',
  PAYMENT_RECEIVED = 'PAYMENT_RECEIVED',
  PACKED = 'PACKED',
  SHIPPED = 'SHIPPED',
  DELIVERED = 'DELIVERED',
  CANCELLED = 'CANCELLED',
  REFUND_REQUESTED = 'REFUND_REQUESTED',
  REFUNDED = 'REFUNDED',
  UPDATED = 'UPDATED',
}

registerEnumType(OrderState, {
  name: 'OrderState',
  description: 'Where an order stands.',
  valuesMap: {
    PENDING_PAYMENT: { description: 'Placed; its units are kept while the money is awaited.' },
    PAID: { description: 'All of the money is there.' },
    FULFILLED: { description: 'Everything is packed.' },
    SHIPPED: { description: 'Everything is on its way.' },
    DELIVERED: { description: 'Everything has arrived.' },
    CANCELLED: { description: 'Given up before anything was packed; its units are back in stock.' },
    REFUNDED: { description: 'All of the money was given back.' },
  },
});

registerEnumType(OrderEventType, {
  name: 'OrderEventType',
  description: 'What can happen to an order.',
  valuesMap: {
    PLACED: { description: 'The order is new.' },
    PAYMENT_RECEIVED: { description: 'Money has come.' },
    PACKED: { description: 'Units were packed, all or some.' },
    SHIPPED: { description: 'Packed units were handed to a carrier.' },
    DELIVERED: { description: 'Shipped units have arrived.' },
    CANCELLED: { description: 'The order was given up.' },
    REFUND_REQUESTED: { description: 'Money is to go back, all or some; its provider is being asked.' },
    REFUNDED: { description: 'Money was given back, all or some.' },
    UPDATED: { description: 'Something else about it has changed, such as how it is paid.' },
  },
});

@ObjectType({ description: 'One variant in an order, as it was sold.' })
export class OrderLine {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;

  @Field({ description: 'Stock keeping unit, as it was called.' })
  sku: string;

  @Field({ description: 'Name of the product, as it was called.' })
  productName: string;

  @Field({ description: 'What told the variant from the others, as it was called.' })
  variantTitle: string;

  @Field(() => Int, { description: 'Units.' })
  quantity: number;

  @Field(() => Int, { description: 'Units that are packed, shipped or delivered.' })
  fulfilledQuantity: number;

  @Field(() => Int, { description: 'Units whose money was given back, or is on its way back.' })
  refundedQuantity: number;

  @Field(() => Int, { description: 'Units of those that were never packed and never will be.' })
  unsentQuantity: number;
}

/** An order line as its table knows it. */
export interface OrderLineRow extends OrderLine {
  variantId: string | null;
  productId: string | null;
  /** Minor units of the order's currency. */
  unitPriceMinor: number;
  discountMinor: number;
  /** Basis points. */
  taxBp: number;
  /** Contained in the line's total, or added to it. */
  taxMinor: number;
}

@ObjectType({ description: 'How an order is delivered, as it was chosen.' })
export class OrderShippingMethod {
  @Field({ description: 'Code of the method.' })
  code: string;

  @Field({ description: 'Name for people.' })
  name: string;
}

@ObjectType({ description: 'What a promotion took off an order.' })
export class OrderDiscount {
  @Field({ description: 'Name of the promotion.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Code of the coupon; null for one that applied by itself.' })
  code: string | null;

  @Field(() => MoneyType, { description: 'What it took off the goods; 0 for free shipping.' })
  amount: Money;
}

@ObjectType({
  implements: () => [Node],
  description: 'Something that was bought, as it was sold. Its customer and staff can see it.',
})
export class Order extends Node {
  @Field({ description: 'What people call it, such as "3F9A-01C2-77DE"; unique.' })
  number: string;

  @Field(() => OrderState, { description: 'Where it stands.' })
  state: OrderState;

  @Field({ description: 'When it was placed.' })
  placedAt: Date;

  @Field({ description: 'When it was last changed.' })
  updatedAt: Date;

  @Field(() => EmailAddress, { nullable: true, description: 'Where news of it go; null only for imported orders.' })
  email: string | null;

  @Field(() => CurrencyCode, { description: 'Currency of all its amounts.' })
  currency: string;

  @Field({ description: 'Whether prices hold the tax; else it is added to the total.' })
  taxIncluded: boolean;

  @Field(() => Address, { nullable: true, description: 'Where it goes; null only for imported orders.' })
  shippingAddress: Address | null;

  @Field(() => Address, { nullable: true, description: 'Who is billed; null when it is who receives it.' })
  billingAddress: Address | null;

  @Field(() => OrderShippingMethod, {
    nullable: true,
    description: 'How it is delivered; null only for imported orders.',
  })
  shippingMethod: OrderShippingMethod | null;

  @Field(() => String, {
    nullable: true,
    description: 'What another system called the customer; null when it was not imported.',
  })
  customerReference: string | null;

  @Field({ description: 'Whether the goods go before the money comes: invoice, cash on delivery.' })
  onAccount: boolean;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;
}

/** An order as its table knows it. Amounts in minor units of its currency. */
export interface OrderRow extends Order {
  customerId: string | null;
  subtotalMinor: number;
  discountMinor: number;
  shippingMinor: number;
  taxMinor: number;
  totalMinor: number;
  paidMinor: number;
  refundedMinor: number;
  /** Its money is held for the shop and can be captured. */
  authorized: boolean;
  lines: OrderLineRow[];
  discounts: AppliedDiscount[];
}

@ObjectType({ description: 'A page of orders.' })
export class OrderConnection extends connectionOf(Order, 'Order') {}

@ObjectType({ description: 'Something that happened to an order.' })
export class OrderHistoryEntry {
  @Field(() => OrderEventType, { description: 'What.' })
  type: OrderEventType;

  @Field(() => OrderState, { nullable: true, description: 'Where it stood before; null when it was placed.' })
  fromState: OrderState | null;

  @Field(() => OrderState, { description: 'Where it stood afterwards.' })
  toState: OrderState;

  @Field(() => String, { nullable: true, description: 'Why; null when nobody said.' })
  reason: string | null;

  @Field({ description: 'When.' })
  at: Date;

  /** Not in the schema: who did it leads to the user. */
  actorId: string | null;
}

/** Units of one line. */
export interface LineUnits {
  orderLineId: string;
  quantity: number;
}

/** Units of one line whose money goes back. */
export interface RefundedUnits extends LineUnits {
  /** How many of them were never packed. */
  unsent: number;
}
