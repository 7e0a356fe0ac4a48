import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row of `stock_reservations`: units of one variant that are promised to an order until some moment. */
@Entity('stock_reservations')
export class StockReservationEntity {
  @PrimaryColumn('uuid', { name: 'holder_id' })
  holderId: string;

  @PrimaryColumn('uuid', { name: 'variant_id' })
  variantId: string;

  @Column('integer')
  quantity: number;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
