import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Address } from './address.type.js';

/** One row of `saved_addresses`. */
@Entity('saved_addresses')
export class SavedAddressEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('jsonb')
  address: Address;

  @Column('boolean', { name: 'is_default_shipping' })
  isDefaultShipping: boolean;

  @Column('boolean', { name: 'is_default_billing' })
  isDefaultBilling: boolean;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
