import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `product_variants`. */
@Entity('product_variants')
export class ProductVariantEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'product_id' })
  productId: string;

  @Column('text')
  sku: string;

  @Column('text')
  title: string;

  @Column('jsonb')
  options: { name: string; value: string }[];

  @Column('bigint', { name: 'price_minor' })
  priceMinor: number;

  @Column('bigint', { name: 'compare_at_minor', nullable: true })
  compareAtMinor: number | null;

  @Column('text')
  currency: string;

  @Column('integer', { name: 'weight_grams' })
  weightGrams: number;

  @Column('text', { name: 'tax_class' })
  taxClass: string;

  @Column('integer')
  position: number;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
