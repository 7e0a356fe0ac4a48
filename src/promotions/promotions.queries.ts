import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { keysetWindow, pageOf, type Keyed, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import type { PromotionRule } from './discount.rules.js';
import type { PromotionRow } from './promotion.type.js';
import { PROMOTION_COLUMNS } from './promotions.columns.js';

/** Newest first: ids are made in the order of time. */
export const PROMOTIONS_SORT: KeysetSort = { name: 'promotions', expression: 'p.id', type: 'uuid', direction: 'DESC' };

/** Which promotions; absent conditions hold for all. */
export interface PromotionConditions {
  /** Part of name or code. */
  text?: string | null;
  /** In the form in which codes are stored. */
  code?: string | null;
  enabled?: boolean | null;
  automatic?: boolean | null;
}

/** Everything that staff decide about a promotion, checked. */
export interface PromotionValues extends Omit<PromotionRule, 'id'> {
  startsAt: Date | null;
  endsAt: Date | null;
  usageLimit: number | null;
  usageLimitPerCustomer: number | null;
  enabled: boolean;
}

/** Which lists name something that does not exist. */
export interface UnknownGoods {
  categoryIds: boolean;
  productIds: boolean;
}

/** Statements of the table `promotions`; the code of another promotion violates `promotions_code_unique`. */
@Injectable()
export class PromotionsQueries {
  byIds(db: Db, ids: readonly string[]): Promise<PromotionRow[]> {
    return db.query('promotions.byIds', `SELECT ${PROMOTION_COLUMNS} FROM promotions p WHERE p.id = ANY($1)`, [ids]);
  }

  async page(db: Db, conditions: PromotionConditions, request: PageRequest): Promise<Page<PromotionRow & Keyed>> {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    const window = keysetWindow(PROMOTIONS_SORT, 'p.id', request, bind);
    const rows = await db.query<PromotionRow & Keyed>(
      'promotions.page',
      `SELECT ${PROMOTION_COLUMNS}, ${PROMOTIONS_SORT.expression} AS "sortKey" FROM promotions p
       WHERE ${window.where} AND ${matching(conditions, bind)}
       ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, conditions: PromotionConditions): Promise<number> {
    const params: unknown[] = [];
    const where = matching(conditions, (value) => `$${params.push(value)}`);
    const sql = `SELECT count(*) AS count FROM promotions p WHERE ${where}`;
    const [row] = await db.query<{ count: number }>('promotions.count', sql, params);
    return row?.count ?? 0;
  }

  async unknownGoods(db: Db, categoryIds: readonly string[], productIds: readonly string[]): Promise<UnknownGoods> {
    const [unknown] = await db.query<UnknownGoods>(
      'promotions.unknownGoods',
      `SELECT
         EXISTS (SELECT FROM unnest($1::uuid[]) AS w (id) WHERE NOT EXISTS (SELECT FROM categories c WHERE c.id = w.id))
           AS "categoryIds",
         EXISTS (SELECT FROM unnest($2::uuid[]) AS w (id) WHERE NOT EXISTS (SELECT FROM products p WHERE p.id = w.id))
           AS "productIds"`,
      [categoryIds, productIds],
    );
    return unknown ?? { categoryIds: false, productIds: false };
  }

  /** Keeps everybody from changing and from redeeming the promotion until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<PromotionRow | null> {
    const sql = `SELECT ${PROMOTION_COLUMNS} FROM promotions p WHERE p.id = $1 FOR NO KEY UPDATE`;
    const [promotion] = await tx.query<PromotionRow>('promotions.lock', sql, [id]);
    return promotion ?? null;
  }

  async insert(tx: Tx, values: PromotionValues): Promise<PromotionRow | null> {
    const [promotion] = await tx.query<PromotionRow>(
      'promotions.insert',
      `INSERT INTO promotions AS p (name, code, kind, percent_bp, amount_minor, min_subtotal_minor, category_ids, product_ids,
         starts_at, ends_at, usage_limit, usage_limit_per_customer, enabled)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       RETURNING ${PROMOTION_COLUMNS}`,
      parametersOf(values),
    );
    return promotion ?? null;
  }

  /** @param used redemptions so far; 0 when there is no limit */
  async update(tx: Tx, id: string, values: PromotionValues & { used: number }): Promise<PromotionRow | null> {
    const [promotion] = await tx.query<PromotionRow>(
      'promotions.update',
      `UPDATE promotions p SET name = $1, code = $2, kind = $3, percent_bp = $4, amount_minor = $5, min_subtotal_minor = $6,
         category_ids = $7, product_ids = $8, starts_at = $9, ends_at = $10, usage_limit = $11,
         usage_limit_per_customer = $12, enabled = $13, used = $15, version = version + 1, updated_at = now()
       WHERE p.id = $14 RETURNING ${PROMOTION_COLUMNS}`,
      [...parametersOf(values), id, values.used],
    );
    return promotion ?? null;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query('promotions.delete', 'DELETE FROM promotions WHERE id = $1', [id]);
  }
}

function parametersOf(values: PromotionValues): unknown[] {
  return [
    values.name,
    values.code,
    values.kind,
    values.percentBp,
    values.amountMinor,
    values.minSubtotalMinor,
    values.categoryIds,
    values.productIds,
    values.startsAt,
    values.endsAt,
    values.usageLimit,
    values.usageLimitPerCustomer,
    values.enabled,
  ];
}

function matching({ text, code, enabled, automatic }: PromotionConditions, bind: (value: unknown) => string): string {
  const conditions = [];
  if (text) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(`lower(p.name || ' ' || coalesce(p.code, '')) LIKE lower(${bind(pattern)})`);
  }
  if (code != null) conditions.push(`p.code = ${bind(code)}`);
  if (enabled != null) conditions.push(`p.enabled = ${bind(enabled)}`);
  if (automatic != null) conditions.push(`(p.code IS NULL) = ${bind(automatic)}`);
  return conditions.join(' AND ') || 'TRUE';
}
