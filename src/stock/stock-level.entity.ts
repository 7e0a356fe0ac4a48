import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `stock_levels`: how many units of one variant there are. */
@Entity('stock_levels')
export class StockLevelEntity {
  @PrimaryColumn('uuid', { name: 'variant_id' })
  variantId: string;

  @Column('integer', { name: 'on_hand' })
  onHand: number;

  @Column('integer')
  reserved: number;
}
