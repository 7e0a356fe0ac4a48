import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `stock_movements`, the ledger: the deltas of a variant add up to its units on hand. */
@Entity('stock_movements')
export class StockMovementEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'variant_id' })
  variantId: string;

  @Column('integer')
  delta: number;

  @Column('integer', { name: 'on_hand_after' })
  onHandAfter: number;

  @Column('text')
  reason: string;

  @Column('text', { nullable: true })
  note: string | null;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('uuid', { name: 'holder_id', nullable: true })
  holderId: string | null;

  @Column('timestamptz')
  at: Date;
}
