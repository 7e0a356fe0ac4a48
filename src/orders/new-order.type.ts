import type { OrderLineRow, OrderRow } from './order.type.js';

/** A line of an order that is about to be written. */
export type NewOrderLine = Omit<OrderLineRow, 'id' | 'fulfilledQuantity' | 'refundedQuantity' | 'unsentQuantity'>;

type Given =
  'number' | 'placedAt' | 'updatedAt' | 'version' | 'customerReference' | 'paidMinor' | 'refundedMinor' | 'authorized';

/** An order that is about to be written: everything but what the database gives it. */
export interface NewOrder extends Omit<OrderRow, Given | 'id' | 'lines'> {
  /** From `OrderBook.newId`, or that of the cart. */
  id: string;
  cartId: string | null;
  lines: readonly NewOrderLine[];
}
