import type { NewEvent } from '../events/event.js';
import type { ProductRow, ProductStatus } from './product.type.js';

/** Topic of everything that happens to products. */
export const PRODUCT_TOPIC = 'product';

/** What can happen to a product. */
export enum ProductEventType {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  PRICE_CHANGED = 'PRICE_CHANGED',
  STOCK_CHANGED = 'STOCK_CHANGED',
  ARCHIVED = 'ARCHIVED',
}

/** A product and the categories that it belongs to, its own and all above it. */
export type ProductSnapshot = ProductRow & { categoryIds: string[] };

/** What an event remembers. Dates are texts after the way through JSON. */
export interface ProductEventPayload {
  /** The product right after the change. */
  product: ProductSnapshot;
  /** `null` for a product that is new. */
  statusBefore: ProductStatus | null;
  /** Set when the change was about one variant. */
  variantId?: string;
  priceChange?: { before: number; after: number; currency: string };
  /** Units that can be sold. */
  stockChange?: { before: number; after: number };
  /** Names of the parts that the change has changed; left out when it may be any. */
  changed?: string[];
}

/** An event about a product, ready for the outbox. */
export function productEvent(type: ProductEventType, payload: ProductEventPayload): NewEvent {
  return { topic: PRODUCT_TOPIC, entityId: payload.product.id, type, payload };
}

/** Topic of what is counted of sales, behind the orders. No subscription tells it; kept answers are dropped by it. */
export const SALES_TOPIC = 'sales';

/** Products have sold more, or less after cancellations. */
export function salesEvent(productIds: readonly [string, ...string[]]): NewEvent {
  return { topic: SALES_TOPIC, entityId: productIds[0], type: 'COUNTED', payload: { productIds } };
}
