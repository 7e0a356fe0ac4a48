import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** The tree's greatest number of levels. */
export const MAX_TREE_LEVELS = 12;

/** @param field the input field that names it */
export class CategoryNotFound extends Refusal {
  constructor(field: string) {
    super(UserErrorCode.NOT_FOUND, 'There is no such category.', ['input', field]);
  }
}

export class CategorySlugTaken extends Refusal {
  constructor(slug: string) {
    super(UserErrorCode.SLUG_TAKEN, `Another category has the slug "${slug}".`, ['input', 'slug']);
  }
}

export class CategoryVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The category has been changed since you read it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

export class CategoryCycle extends Refusal {
  constructor() {
    super(UserErrorCode.CATEGORY_CYCLE, 'A category cannot be moved below itself.', ['input', 'parentId']);
  }
}

export class CategoryTooDeep extends Refusal {
  constructor() {
    super(UserErrorCode.CATEGORY_TOO_DEEP, `The tree has at most ${MAX_TREE_LEVELS} levels.`, ['input', 'parentId']);
  }
}

export class CategoryNotEmpty extends Refusal {
  constructor() {
    super(UserErrorCode.CATEGORY_NOT_EMPTY, 'The category still has subcategories or products.', ['input', 'id']);
  }
}
