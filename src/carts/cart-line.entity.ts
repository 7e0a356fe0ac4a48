import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One row of `cart_lines`: a variant is in a cart at most once. Ids are made in the order of time. */
@Entity('cart_lines')
export class CartLineEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid', { name: 'cart_id' })
  cartId: string;

  @Column('uuid', { name: 'variant_id' })
  variantId: string;

  /** 1 to 999. */
  @Column('integer')
  quantity: number;
}
