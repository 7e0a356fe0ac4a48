import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `promotion_redemptions`: an order that a promotion was used for. */
@Entity('promotion_redemptions')
export class PromotionRedemptionEntity {
  @PrimaryColumn('uuid', { name: 'promotion_id' })
  promotionId: string;

  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId: string;

  /** An account's UUID, or a guest's address in lower case. */
  @Column('text')
  customer: string;

  @Column('timestamptz')
  at: Date;
}
