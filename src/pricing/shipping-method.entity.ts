import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ShippingBand } from './shipping.rules.js';

/** One row of `shipping_methods`: a way to deliver, with its price list. */
@Entity('shipping_methods')
export class ShippingMethodEntity {
  @PrimaryColumn('text')
  code: string;

  @Column('text')
  name: string;

  @Column('text', { array: true })
  countries: string[];

  @Column('text')
  basis: string;

  @Column('jsonb')
  bands: ShippingBand[];

  @Column('integer')
  position: number;
}
