import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `orders`. Amounts in minor units. */
@Entity('orders')
export class OrderEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  number: string;

  @Column('text')
  state: string;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId: string | null;

  @Column('text', { nullable: true })
  email: string | null;

  @Column('text')
  currency: string;

  @Column('bigint', { name: 'subtotal_minor' })
  subtotalMinor: number;

  @Column('bigint', { name: 'discount_minor' })
  discountMinor: number;

  @Column('bigint', { name: 'shipping_minor' })
  shippingMinor: number;

  @Column('bigint', { name: 'tax_minor' })
  taxMinor: number;

  @Column('bigint', { name: 'total_minor' })
  totalMinor: number;

  @Column('boolean', { name: 'tax_included' })
  taxIncluded: boolean;

  @Column('bigint', { name: 'paid_minor' })
  paidMinor: number;

  @Column('bigint', { name: 'refunded_minor' })
  refundedMinor: number;

  @Column('jsonb', { name: 'shipping_address', nullable: true })
  shippingAddress: unknown;

  @Column('jsonb', { name: 'billing_address', nullable: true })
  billingAddress: unknown;

  @Column('jsonb', { name: 'shipping_method', nullable: true })
  shippingMethod: unknown;

  @Column('jsonb')
  discounts: unknown;

  @Column('boolean', { name: 'on_account' })
  onAccount: boolean;

  @Column('uuid', { name: 'cart_id', nullable: true })
  cartId: string | null;

  @Column('text', { name: 'customer_reference', nullable: true })
  customerReference: string | null;

  @Column('timestamptz', { name: 'placed_at' })
  placedAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('integer')
  version: number;
}

/** One row of `order_lines`. Amounts in minor units. */
@Entity('order_lines')
export class OrderLineEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'order_id' })
  orderId: string;

  @Column('integer')
  position: number;

  @Column('uuid', { name: 'variant_id', nullable: true })
  variantId: string | null;

  @Column('uuid', { name: 'product_id', nullable: true })
  productId: string | null;

  @Column('text')
  sku: string;

  @Column('text', { name: 'product_name' })
  productName: string;

  @Column('text', { name: 'variant_title' })
  variantTitle: string;

  @Column('bigint', { name: 'unit_price_minor' })
  unitPriceMinor: number;

  @Column('integer')
  quantity: number;

  @Column('bigint', { name: 'discount_minor' })
  discountMinor: number;

  @Column('integer', { name: 'tax_bp' })
  taxBp: number;

  @Column('bigint', { name: 'tax_minor' })
  taxMinor: number;

  @Column('integer')
  fulfilled: number;

  @Column('integer')
  refunded: number;

  @Column('integer')
  unsent: number;
}

/** One row of `order_history`. */
@Entity('order_history')
export class OrderHistoryEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'order_id' })
  orderId: string;

  @Column('text', { name: 'from_state' })
  fromState: string;

  @Column('text', { name: 'to_state' })
  toState: string;

  @Column('text')
  what: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('timestamptz')
  at: Date;
}

/** The one row of `order_sales`: up to which event sales are counted. */
@Entity('order_sales')
export class OrderSalesEntity {
  @PrimaryColumn('boolean')
  one: boolean;

  @Column('bigint')
  pos: number;
}
