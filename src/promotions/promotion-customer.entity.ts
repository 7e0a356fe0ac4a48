import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `promotion_customers`: how often one customer has redeemed one promotion. */
@Entity('promotion_customers')
export class PromotionCustomerEntity {
  @PrimaryColumn('uuid', { name: 'promotion_id' })
  promotionId: string;

  /** An account's UUID, or a guest's address in lower case. */
  @PrimaryColumn('text')
  customer: string;

  @Column('integer')
  used: number;
}
