import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { PromotionKind } from './discount.rules.js';

/** One row of `promotions`. */
@Entity('promotions')
export class PromotionEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** In upper case; `null` for a promotion that applies by itself. */
  @Column('text', { nullable: true })
  code: string | null;

  @Column('text')
  kind: PromotionKind;

  @Column('integer', { name: 'percent_bp', nullable: true })
  percentBp: number | null;

  @Column('bigint', { name: 'amount_minor', nullable: true })
  amountMinor: number | null;

  @Column('bigint', { name: 'min_subtotal_minor', nullable: true })
  minSubtotalMinor: number | null;

  @Column('uuid', { name: 'category_ids', array: true })
  categoryIds: string[];

  @Column('uuid', { name: 'product_ids', array: true })
  productIds: string[];

  @Column('timestamptz', { name: 'starts_at', nullable: true })
  startsAt: Date | null;

  @Column('timestamptz', { name: 'ends_at', nullable: true })
  endsAt: Date | null;

  @Column('integer', { name: 'usage_limit', nullable: true })
  usageLimit: number | null;

  @Column('integer', { name: 'usage_limit_per_customer', nullable: true })
  usageLimitPerCustomer: number | null;

  /** Redemptions, counted while there is a limit; 0 without one. */
  @Column('integer')
  used: number;

  @Column('boolean')
  enabled: boolean;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
