import { checked } from '../plans/checked.js';
import type { Draft, Selection, Shape } from '../plans/shape.js';
import { column, idColumn, listOf, momentColumn } from '../plans/sql-json.js';
import { CategoryBy } from './category.inputs.js';

/** `categories` in SQL, as CategoriesResolver shows it. */
export const CATEGORY: Shape = {
  id: idColumn('category', 'id'),
  slug: column('slug'),
  name: column('name'),
  description: column('description'),
  position: column('position'),
  version: column('version'),
  createdAt: momentColumn('created_at'),
  updatedAt: momentColumn('updated_at'),
  parentId: idColumn('category', 'parent_id'),
  parent: (row, asked, draft) => categoryWith(`${row}.parent_id`, asked.shared, draft),
  children: (row, asked, draft) => {
    const child = draft.alias();
    const json = asked.of('Category', child);
    return listOf(json, `categories ${child} WHERE ${child}.parent_id = ${row}.id`, inOrder(child));
  },
  ancestors: (row, asked, draft) => {
    const [above, closure] = [draft.alias(), draft.alias()];
    const json = asked.shared.of('Category', above);
    const from = `category_closure ${closure} JOIN categories ${above} ON ${above}.id = ${closure}.ancestor_id
      WHERE ${closure}.descendant_id = ${row}.id AND ${closure}.depth > 0`;
    return listOf(json, from, `${closure}.depth DESC`);
  },
};

/** SQL of the category with an id. @param id SQL; null for none */
export function categoryWith(id: string, asked: Selection, draft: Draft): string {
  const row = draft.alias();
  return `(SELECT ${asked.of('Category', row)} FROM categories ${row} WHERE ${row}.id = ${id})`;
}

function inOrder(row: string): string {
  return `${row}.position, ${row}.id`;
}

/** The root fields of this room. */
export const CATEGORY_QUERIES: Shape<null> = {
  category: (_, asked, draft) => {
    const { id, slug } = checked(CategoryBy, asked.args['by']);
    if (slug == null) return categoryWith(draft.bind(id), asked, draft);
    const row = draft.alias();
    const json = asked.of('Category', row);
    return `(SELECT ${json} FROM categories ${row} WHERE ${row}.slug = ${draft.bind(slug)})`;
  },
  categories: (_, asked, draft) => {
    const row = draft.alias();
    const json = asked.of('Category', row);
    const which = asked.args['rootsOnly'] === true ? `WHERE ${row}.parent_id IS NULL` : '';
    return listOf(json, `categories ${row} ${which}`, inOrder(row));
  },
};
