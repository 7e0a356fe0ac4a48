import type { Drop } from '../answers/drop.js';
import type { NewEvent } from '../events/event.js';
import { ALL_PARTS, partsOf, type KeptType, type Source } from '../plans/made-from.js';
import { CategoryEventType } from './categories.events.js';

/** Which categories there are and how they hang together. Siblings change their places together, so it is one thing. */
export const TREE: Source = { thing: 'categories', parts: ['tree'] };

/** What the fields of a category are made from. */
export const KEPT_CATEGORY: KeptType<string> = {
  is: { kind: 'category', id: (row) => `${row}.id`, parts: [] },
  fields: {
    id: [],
    createdAt: [],
    slug: ['slug'],
    name: ['name'],
    description: ['description'],
    version: ['version'],
    updatedAt: ['version'],
    position: [TREE],
    parentId: [TREE],
    parent: [TREE],
    children: [TREE],
    ancestors: [TREE],
  },
};

/** What the root fields of this room are made from: one may be found by a slug that it has, or gets. */
export const KEPT_CATEGORY_QUERIES: KeptType<null> = {
  fields: { category: [TREE, { thing: 'categories', parts: ['slug'] }], categories: [TREE] },
};

const SELF = partsOf(['slug', 'name', 'description', 'version']);

/** What an event of a category means for kept answers. */
export function dropsOfCategory({ entityId, type }: NewEvent): Drop[] {
  const thing = `category:${entityId}`;
  if (type === CategoryEventType.UPDATED.valueOf()) {
    return [
      { thing, parts: SELF },
      { thing: 'categories', parts: partsOf(['slug']) },
    ];
  }
  return [
    { thing, parts: ALL_PARTS },
    { thing: 'categories', parts: ALL_PARTS },
  ];
}
