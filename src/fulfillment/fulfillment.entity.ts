import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `fulfillments`: a parcel. */
@Entity('fulfillments')
export class FulfillmentEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'order_id' })
  orderId: string;

  @Column('text')
  state: string;

  @Column('text', { nullable: true })
  carrier: string | null;

  @Column('text', { name: 'tracking_number', nullable: true })
  trackingNumber: string | null;

  @Column('text', { name: 'tracking_url', nullable: true })
  trackingUrl: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'shipped_at', nullable: true })
  shippedAt: Date | null;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt: Date | null;
}

/** One row of `fulfillment_lines`: units of an order line in a parcel. */
@Entity('fulfillment_lines')
export class FulfillmentLineEntity {
  @PrimaryColumn('uuid', { name: 'fulfillment_id' })
  fulfillmentId: string;

  @PrimaryColumn('uuid', { name: 'order_line_id' })
  orderLineId: string;

  @Column('integer')
  quantity: number;
}
