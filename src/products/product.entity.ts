import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `products`. */
@Entity('products')
export class ProductEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('text')
  status: string;

  @Column('uuid', { name: 'category_id', nullable: true })
  categoryId: string | null;

  @Column('jsonb')
  attributes: Record<string, string>;

  @Column('jsonb')
  images: { url: string; alt: string }[];

  @Column('uuid', { name: 'created_by', nullable: true })
  createdById: string | null;

  @Column('bigint', { name: 'units_sold' })
  unitsSold: number;

  @Column('bigint', { name: 'min_price_minor', nullable: true })
  minPriceMinor: number | null;

  @Column('bigint', { name: 'max_price_minor', nullable: true })
  maxPriceMinor: number | null;

  @Column('boolean', { name: 'in_stock' })
  inStock: boolean;

  @Column('text')
  skus: string;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column({ type: 'tsvector', select: false, insert: false, update: false })
  search: string;
}
