import { CategoryBy } from './category.inputs.js';
import { checked } from '../plans/checked.js';
import type { Shape } from '../plans/shape.js';
import { column, globalId, idColumn, listOf, momentColumn } from '../plans/sql-json.js';

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
  parentId: (row) => globalId('category', `${row}.parent_id`),
  parent: (row, asked, draft) => {
    const parent = draft.alias();
    const json = asked.of('Category', parent);
    return `(SELECT ${json} FROM categories ${parent} WHERE ${parent}.id = ${row}.parent_id)`;
  },
  children: (row, asked, draft) => {
    const child = draft.alias();
    const json = asked.of('Category', child);
    return listOf(json, `categories ${child} WHERE ${child}.parent_id = ${row}.id`, inOrder(child));
  },
  ancestors: (row, asked, draft) => {
    const [above, closure] = [draft.alias(), draft.alias()];
    const json = asked.of('Category', above);
    const from = `category_closure ${closure} JOIN categories ${above} ON ${above}.id = ${closure}.ancestor_id
      WHERE ${closure}.descendant_id = ${row}.id AND ${closure}.depth > 0`;
    return listOf(json, from, `${closure}.depth DESC`);
  },
};

function inOrder(row: string): string {
  return `${row}.position, ${row}.id`;
}

/** The root fields of this room. */
export const CATEGORY_QUERIES: Shape<null> = {
  category: (_, asked, draft) => {
    const row = draft.alias();
    const json = asked.of('Category', row);
    const { id, slug } = checked(CategoryBy, asked.args['by']);
    const which = slug == null ? `${row}.id = ${draft.bind(id)}` : `${row}.slug = ${draft.bind(slug)}`;
    return `(SELECT ${json} FROM categories ${row} WHERE ${which})`;
  },
  categories: (_, asked, draft) => {
    const row = draft.alias();
    const json = asked.of('Category', row);
    const which = asked.args['rootsOnly'] === true ? `WHERE ${row}.parent_id IS NULL` : '';
    return listOf(json, `categories ${row} ${which}`, inOrder(row));
  },
};
