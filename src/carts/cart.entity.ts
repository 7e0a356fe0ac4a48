import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Address } from '../users/address.type.js';

/** One row of `carts`. Its id is a secret: random, not made from the time. */
@Entity('carts')
export class CartEntity {
  @PrimaryColumn('uuid')
  id: string;

  /** `null` for a guest's cart. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId: string | null;

  /** In lower case. */
  @Column('text', { nullable: true })
  email: string | null;

  @Column('jsonb', { name: 'shipping_address', nullable: true })
  shippingAddress: Address | null;

  @Column('jsonb', { name: 'billing_address', nullable: true })
  billingAddress: Address | null;

  /** Code of the chosen shipping method. */
  @Column('text', { name: 'shipping_method', nullable: true })
  shippingMethod: string | null;

  /** Codes in upper case, in the order in which they were entered; at most 5. */
  @Column('text', { array: true })
  coupons: string[];

  /** Set when the cart is ordered; from then on nothing else changes. */
  @Column('uuid', { name: 'order_id', nullable: true })
  orderId: string | null;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
