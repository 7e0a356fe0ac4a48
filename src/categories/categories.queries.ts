import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { Category } from './category.type.js';

const COLUMNS = `c.id, c.slug, c.name, c.description, c.parent_id AS "parentId", c.position, c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt"`;
const ORDER = `c.position, c.id`;

// Any constant of our own. Changes of the tree wait for each other: two moves at once could close a circle
// that neither of them sees.
export const TREE_LOCK = 7_105_010;

/** A category's ancestor, told for the category that was asked about. */
export type AncestorRow = Category & { descendantId: string };

/** What a category may be changed to; `null` keeps what is there. */
export interface CategoryChange {
  name: string | null;
  slug: string | null;
  description: string | null;
}

@Injectable()
export class CategoriesQueries {
  byIds(db: Db, ids: readonly string[]): Promise<Category[]> {
    return db.query('categories.byIds', `SELECT ${COLUMNS} FROM categories c WHERE c.id = ANY($1)`, [ids]);
  }

  async bySlug(db: Db, slug: string): Promise<Category | null> {
    const sql = `SELECT ${COLUMNS} FROM categories c WHERE c.slug = $1`;
    const [category] = await db.query<Category>('categories.bySlug', sql, [slug]);
    return category ?? null;
  }

  all(db: Db): Promise<Category[]> {
    return db.query('categories.all', `SELECT ${COLUMNS} FROM categories c ORDER BY ${ORDER}`);
  }

  roots(db: Db): Promise<Category[]> {
    return db.query(
      'categories.roots',
      `SELECT ${COLUMNS} FROM categories c WHERE c.parent_id IS NULL ORDER BY ${ORDER}`,
    );
  }

  childrenOf(db: Db, parentIds: readonly string[]): Promise<Category[]> {
    const sql = `SELECT ${COLUMNS} FROM categories c WHERE c.parent_id = ANY($1) ORDER BY ${ORDER}`;
    return db.query('categories.childrenOf', sql, [parentIds]);
  }

  /** From the root down, without the categories themselves. */
  ancestorsOf(db: Db, ids: readonly string[]): Promise<AncestorRow[]> {
    return db.query(
      'categories.ancestorsOf',
      `SELECT ${COLUMNS}, cc.descendant_id AS "descendantId"
       FROM category_closure cc JOIN categories c ON c.id = cc.ancestor_id
       WHERE cc.descendant_id = ANY($1) AND cc.depth > 0
       ORDER BY cc.depth DESC`,
      [ids],
    );
  }

  /** Waits until no other transaction changes the tree, and keeps others waiting until this one ends. */
  async lockTree(tx: Tx): Promise<void> {
    await tx.query('categories.lockTree', 'SELECT pg_advisory_xact_lock($1)', [TREE_LOCK]);
  }

  async forUpdate(tx: Tx, id: string): Promise<Category | null> {
    const sql = `SELECT ${COLUMNS} FROM categories c WHERE c.id = $1 FOR UPDATE`;
    const [category] = await tx.query<Category>('categories.forUpdate', sql, [id]);
    return category ?? null;
  }

  /** Levels above a category, itself included. */
  async levelOf(tx: Tx, id: string): Promise<number> {
    const sql = `SELECT count(*)::int AS level FROM category_closure WHERE descendant_id = $1`;
    const [row] = await tx.query<{ level: number }>('categories.levelOf', sql, [id]);
    return row?.level ?? 0;
  }

  /** Levels of the tree that hangs on a category, itself included. */
  async heightOf(tx: Tx, id: string): Promise<number> {
    const sql = `SELECT max(depth) + 1 AS height FROM category_closure WHERE ancestor_id = $1`;
    const [row] = await tx.query<{ height: number }>('categories.heightOf', sql, [id]);
    return row?.height ?? 1;
  }

  async isBelow(tx: Tx, id: string, ancestorId: string): Promise<boolean> {
    const sql = `SELECT FROM category_closure WHERE descendant_id = $1 AND ancestor_id = $2`;
    return (await tx.query('categories.isBelow', sql, [id, ancestorId])).length > 0;
  }

  /**
   * Makes room for a category among the other children of a parent and answers its position: the wanted place, counted from 0,
   * or behind all of them. The others are numbered afresh, so gaps that others have left do not count.
   * @param id `null` for a category that is new
   */
  async place(tx: Tx, id: string | null, parentId: string | null, wanted: number | null): Promise<number> {
    const others = `SELECT id, position FROM categories WHERE parent_id IS NOT DISTINCT FROM $1 AND id IS DISTINCT FROM $2`;
    const [row] =
      wanted === null
        ? await tx.query<{ place: number }>(
            'categories.lastPlace',
            `SELECT coalesce(max(position) + 1, 0) AS place FROM (${others}) o`,
            [parentId, id],
          )
        : await tx.query<{ place: number }>(
            'categories.makeRoom',
            `WITH numbered AS (
               SELECT id, (row_number() OVER (ORDER BY position, id) - 1)::int AS place FROM (${others}) o
             ), moved AS (
               UPDATE categories c SET position = place + (place >= $3)::int FROM numbered
               WHERE c.id = numbered.id AND c.position <> place + (place >= $3)::int
             )
             SELECT least($3, count(*)::int) AS place FROM numbered`,
            [parentId, id, wanted],
          );
    return row?.place ?? 0;
  }

  /** `null` when the slug is taken. */
  async insert(
    tx: Tx,
    row: Pick<Category, 'slug' | 'name' | 'description' | 'parentId' | 'position'>,
  ): Promise<Category | null> {
    const [category] = await tx.query<Category>(
      'categories.insert',
      `INSERT INTO categories AS c (slug, name, description, parent_id, position) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (slug) DO NOTHING
       RETURNING ${COLUMNS}`,
      [row.slug, row.name, row.description, row.parentId, row.position],
    );
    return category ?? null;
  }

  /** Hangs a category that has no ancestors below its parent, with all that hangs on it. */
  async attach(tx: Tx, id: string, parentId: string | null): Promise<void> {
    const isNew = `INSERT INTO category_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0) ON CONFLICT DO NOTHING`;
    await tx.query('categories.attachSelf', isNew, [id]);
    if (parentId === null) return;
    await tx.query(
      'categories.attach',
      `INSERT INTO category_closure (ancestor_id, descendant_id, depth)
       SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
       FROM category_closure above CROSS JOIN category_closure below
       WHERE above.descendant_id = $2 AND below.ancestor_id = $1`,
      [id, parentId],
    );
  }

  /** Cuts a category, with all that hangs on it, off from its ancestors. */
  async detach(tx: Tx, id: string): Promise<void> {
    await tx.query(
      'categories.detach',
      `DELETE FROM category_closure cc USING category_closure below, category_closure above
       WHERE below.ancestor_id = $1 AND above.descendant_id = $1 AND above.depth > 0
         AND cc.descendant_id = below.descendant_id AND cc.ancestor_id = above.ancestor_id`,
      [id],
    );
  }

  async update(tx: Tx, id: string, change: CategoryChange): Promise<Category | null> {
    const [category] = await tx.query<Category>(
      'categories.update',
      `UPDATE categories c SET name = coalesce($2, name), slug = coalesce($3, slug), description = coalesce($4, description),
         version = version + 1, updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, change.name, change.slug, change.description],
    );
    return category ?? null;
  }

  async setPlace(tx: Tx, id: string, parentId: string | null, position: number): Promise<Category | null> {
    const [category] = await tx.query<Category>(
      'categories.setPlace',
      `UPDATE categories c SET parent_id = $2, position = $3, version = version + 1, updated_at = now()
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, parentId, position],
    );
    return category ?? null;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query('categories.delete', 'DELETE FROM categories WHERE id = $1', [id]);
  }
}
