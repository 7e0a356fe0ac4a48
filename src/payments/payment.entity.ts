import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { NextAction } from './payment-provider.js';

/** One row of `payments`: an attempt to collect what an order costs. */
@Entity('payments')
export class PaymentEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'order_id' })
  orderId: string;

  @Column('text')
  provider: string;

  @Column('text')
  state: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor: number;

  @Column('bigint', { name: 'captured_minor' })
  capturedMinor: number;

  @Column('bigint', { name: 'refunded_minor' })
  refundedMinor: number;

  @Column('text')
  currency: string;

  @Column('text', { nullable: true })
  reference: string | null;

  @Column('text', { name: 'idempotency_key' })
  idempotencyKey: string;

  @Column('text', { nullable: true })
  token: string | null;

  @Column('jsonb', { name: 'next_action', nullable: true })
  nextAction: NextAction | null;

  @Column('text', { nullable: true })
  failure: string | null;

  @Column('timestamptz', { name: 'attempt_at', nullable: true })
  attemptAt: Date | null;

  @Column('integer')
  attempts: number;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}

@Entity('refunds')
export class RefundEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId: string;

  @Column('uuid', { name: 'order_id' })
  orderId: string;

  @Column('bigint', { name: 'amount_minor' })
  amountMinor: number;

  @Column('text')
  state: string;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { nullable: true })
  reference: string | null;

  @Column('text', { nullable: true })
  failure: string | null;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('timestamptz', { name: 'attempt_at', nullable: true })
  attemptAt: Date | null;

  @Column('integer')
  attempts: number;

  @Column('integer')
  round: number;

  @Column('timestamptz', { name: 'asked_since' })
  askedSince: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
