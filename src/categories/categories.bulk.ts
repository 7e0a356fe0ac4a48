import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { TREE_LOCK } from './categories.queries.js';

/** A category's place in the tree. */
export interface TreeRow {
  id: string;
  slug: string;
  name: string;
  parentId: string | null;
  position: number;
}

/** Many categories in one statement each. Whoever adds categories through these holds the lock of the tree. */
@Injectable()
export class CategoriesBulk {
  /** Waits until no other transaction changes the tree, and keeps others waiting until this one ends. */
  async lockTree(tx: Tx): Promise<void> {
    await tx.query('categoriesBulk.lockTree', 'SELECT pg_advisory_xact_lock($1)', [TREE_LOCK]);
  }

  /** All categories, siblings in their order. */
  tree(db: Db): Promise<TreeRow[]> {
    return db.query(
      'categoriesBulk.tree',
      'SELECT id, slug, name, parent_id AS "parentId", position FROM categories ORDER BY position, id',
    );
  }

  /** Adds categories in the order given; leaves out those whose slug is taken, by the table or by one before. */
  insertWhereFree(tx: Tx, rows: readonly Omit<TreeRow, 'id'>[]): Promise<{ id: string; slug: string }[]> {
    return tx.query(
      'categoriesBulk.insertWhereFree',
      `INSERT INTO categories (slug, name, parent_id, position)
       SELECT slug, name, parent_id, position
       FROM unnest($1::text[], $2::text[], $3::uuid[], $4::integer[]) WITH ORDINALITY AS w (slug, name, parent_id, position, n)
       ORDER BY n
       ON CONFLICT (slug) DO NOTHING
       RETURNING id, slug`,
      [
        rows.map((row) => row.slug),
        rows.map((row) => row.name),
        rows.map((row) => row.parentId),
        rows.map((row) => row.position),
      ],
    );
  }

  /** Hangs new categories without children below their parents, whose own places are written already. */
  async attach(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query(
      'categoriesBulk.attach',
      `INSERT INTO category_closure (ancestor_id, descendant_id, depth)
       SELECT id, id, 0 FROM unnest($1::uuid[]) AS added (id)
       UNION ALL
       SELECT above.ancestor_id, c.id, above.depth + 1
       FROM categories c JOIN category_closure above ON above.descendant_id = c.parent_id
       WHERE c.id = ANY($1)`,
      [ids],
    );
  }
}
