import type { OrderRow } from './order.type.js';

/** An order that is about to be written: as it will be, and the cart that it is made of. */
export interface NewOrder extends OrderRow {
  cartId: string | null;
}

/** What PostgreSQL calls an order before it is written. */
export interface OrderNames {
  id: string;
  number: string;
  placedAt: Date;
  /** One for each line. */
  lineIds: string[];
}
