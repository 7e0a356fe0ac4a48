import type { NewEvent } from '../events/event.js';
import type { Category } from './category.type.js';

/** Topic of everything that happens to categories. No subscription tells it; kept answers are dropped by it. */
export const CATEGORY_TOPIC = 'category';

/** What can happen to a category. */
export enum CategoryEventType {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  MOVED = 'MOVED',
  DELETED = 'DELETED',
}

/** What an event remembers. Dates are texts after the way through JSON. */
export interface CategoryEventPayload {
  /** Right after the change; as it was for one that was deleted. */
  category: Pick<Category, 'id' | 'slug' | 'name' | 'parentId' | 'position'>;
}

/** An event about a category, ready for the outbox. */
export function categoryEvent(type: CategoryEventType, category: CategoryEventPayload['category']): NewEvent {
  const { id, slug, name, parentId, position } = category;
  const payload: CategoryEventPayload = { category: { id, slug, name, parentId, position } };
  return { topic: CATEGORY_TOPIC, entityId: id, type, payload };
}
