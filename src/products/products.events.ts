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
}

/** An event about a product, ready for the outbox. */
export function productEvent(type: ProductEventType, payload: ProductEventPayload): NewEvent {
  return { topic: PRODUCT_TOPIC, entityId: payload.product.id, type, payload };
}
