import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { listParameter } from '../database/list-parameter.js';
import { PRODUCT_COLUMNS, VARIANT_COLUMNS, VARIANT_ORDER, visible, type Sight } from './products.columns.js';
import type { ProductSnapshot } from './products.events.js';
import type { VariantRow } from './product-variant.type.js';
import type { ProductImage, ProductRow, ProductStatus } from './product.type.js';

const IDS = listParameter('$1');

/** A product to be written. */
export interface NewProduct {
  slug: string;
  name: string;
  description: string;
  status: ProductStatus;
  categoryId: string | null;
  attributes: Readonly<Record<string, string>>;
  images: readonly ProductImage[];
  createdById: string | null;
}

/** Values to be written; what is `undefined` stays. */
export type ProductChange = Partial<Omit<NewProduct, 'createdById'>>;

/** A recommended product, told for the product it goes with. */
export type RecommendedRow = ProductRow & { forId: string };

@Injectable()
export class ProductsQueries {
  byIds(db: Db, ids: readonly string[], sight: Sight): Promise<ProductRow[]> {
    const sql = `SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.id = ANY(${IDS}) AND ${visible(sight)}`;
    return db.query('products.byIds', sql, [ids]);
  }

  async bySlug(db: Db, slug: string, sight: Sight): Promise<ProductRow | null> {
    const sql = `SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.slug = $1 AND ${visible(sight)}`;
    const [product] = await db.query<ProductRow>('products.bySlug', sql, [slug]);
    return product ?? null;
  }

  async bySku(db: Db, sku: string, sight: Sight): Promise<ProductRow | null> {
    const sql = `SELECT ${PRODUCT_COLUMNS} FROM product_variants v JOIN products p ON p.id = v.product_id
      WHERE v.sku = $1 AND ${visible(sight)}`;
    const [product] = await db.query<ProductRow>('products.bySku', sql, [sku]);
    return product ?? null;
  }

  /** Variants of products, in the order of each product. Asked again here: a late reader of an event holds a product of then. */
  variantsOf(db: Db, productIds: readonly string[], sight: Sight): Promise<VariantRow[]> {
    const sql = `SELECT ${VARIANT_COLUMNS} FROM product_variants v JOIN products p ON p.id = v.product_id
      WHERE v.product_id = ANY(${IDS}) AND ${visible(sight)} ORDER BY ${VARIANT_ORDER}`;
    return db.query('products.variantsOf', sql, [productIds]);
  }

  variantsByIds(db: Db, ids: readonly string[], sight: Sight): Promise<VariantRow[]> {
    const sql = `SELECT ${VARIANT_COLUMNS} FROM product_variants v JOIN products p ON p.id = v.product_id
      WHERE v.id = ANY(${IDS}) AND ${visible(sight)}`;
    return db.query('products.variantsByIds', sql, [ids]);
  }

  /** Best-selling other products of the same category. */
  recommended(db: Db, productIds: readonly string[], first: number): Promise<RecommendedRow[]> {
    return db.query(
      'products.recommended',
      `SELECT r.*, o.id AS "forId"
       FROM products o CROSS JOIN LATERAL (${recommendedFor('o', '$2', PRODUCT_COLUMNS)}) r
       WHERE o.id = ANY($1)`,
      [productIds, first],
    );
  }

  /** Locks the product until the transaction ends: every change of a product or its variants begins here. */
  async lock(tx: Tx, id: string): Promise<ProductRow | null> {
    const sql = `SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.id = $1 FOR NO KEY UPDATE`;
    const [product] = await tx.query<ProductRow>('products.lock', sql, [id]);
    return product ?? null;
  }

  /** Locks the product of a variant. */
  async lockOfVariant(tx: Tx, variantId: string): Promise<ProductRow | null> {
    const sql = `SELECT ${PRODUCT_COLUMNS} FROM products p
      WHERE p.id = (SELECT product_id FROM product_variants WHERE id = $1) FOR NO KEY UPDATE`;
    const [product] = await tx.query<ProductRow>('products.lockOfVariant', sql, [variantId]);
    return product ?? null;
  }

  async variant(tx: Tx, id: string): Promise<VariantRow | null> {
    const sql = `SELECT ${VARIANT_COLUMNS} FROM product_variants v WHERE v.id = $1`;
    const [variant] = await tx.query<VariantRow>('products.variant', sql, [id]);
    return variant ?? null;
  }

  async countVariants(tx: Tx, productId: string): Promise<number> {
    const sql = `SELECT count(*) AS count FROM product_variants WHERE product_id = $1`;
    const [row] = await tx.query<{ count: number }>('products.countVariants', sql, [productId]);
    return row?.count ?? 0;
  }

  /** Answers the new id, or `null` when the slug is taken. The row is version 0 until it is summarized. */
  async insert(tx: Tx, product: NewProduct): Promise<string | null> {
    const [row] = await tx.query<{ id: string }>(
      'products.insert',
      `INSERT INTO products (slug, name, description, status, category_id, attributes, images, created_by, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT (slug) DO NOTHING RETURNING id`,
      [
        product.slug,
        product.name,
        product.description,
        product.status,
        product.categoryId,
        JSON.stringify(product.attributes),
        JSON.stringify(product.images),
        product.createdById,
      ],
    );
    return row?.id ?? null;
  }

  async update(tx: Tx, id: string, change: ProductChange): Promise<void> {
    await tx.query(
      'products.update',
      `UPDATE products SET slug = coalesce($2, slug), name = coalesce($3, name), description = coalesce($4, description),
         status = coalesce($5, status), category_id = CASE WHEN $6 THEN $7::uuid ELSE category_id END,
         attributes = coalesce($8, attributes), images = coalesce($9, images)
       WHERE id = $1`,
      [
        id,
        change.slug,
        change.name,
        change.description,
        change.status,
        change.categoryId !== undefined,
        change.categoryId ?? null,
        change.attributes && JSON.stringify(change.attributes),
        change.images && JSON.stringify(change.images),
      ],
    );
  }

  /**
   * Writes the summary of a product's variants and stock into its row, and its next version, and answers the row as an event
   * remembers it. Ends every change of a product; the row is locked by then, so the variants cannot change underneath.
   */
  async summarize(tx: Tx, id: string): Promise<ProductSnapshot> {
    const [snapshot] = await tx.query<ProductSnapshot>(
      'products.summarize',
      `UPDATE products p SET min_price_minor = v.min, max_price_minor = v.max, skus = coalesce(v.skus, ''),
         in_stock = coalesce(v.in_stock, false), version = version + 1, updated_at = now()
       FROM (
         SELECT min(v.price_minor), max(v.price_minor), string_agg(v.sku, ' ' ORDER BY ${VARIANT_ORDER}) AS skus,
           bool_or(s.on_hand > s.reserved) AS in_stock
         FROM product_variants v LEFT JOIN stock_levels s ON s.variant_id = v.id WHERE v.product_id = $1
       ) v
       WHERE p.id = $1
       RETURNING ${PRODUCT_COLUMNS}, ${CATEGORY_IDS}`,
      [id],
    );
    if (!snapshot) throw new Error(`Product ${id} has gone while it was locked.`);
    return snapshot;
  }

  /** Writes whether products can be bought, after their stock has changed, and answers them as events remember them. */
  stockChanged(tx: Tx, ids: readonly string[]): Promise<ProductSnapshot[]> {
    return tx.query(
      'products.stockChanged',
      `WITH fresh AS (
         SELECT p.id, EXISTS (SELECT FROM product_variants v JOIN stock_levels s ON s.variant_id = v.id
                              WHERE v.product_id = p.id AND s.on_hand > s.reserved) AS in_stock
         FROM products p WHERE p.id = ANY(${IDS})
       ), flipped AS (
         UPDATE products p SET in_stock = fresh.in_stock FROM fresh WHERE p.id = fresh.id AND p.in_stock <> fresh.in_stock
       )
       SELECT ${PRODUCT_COLUMNS.replace('p.in_stock', 'fresh.in_stock')}, ${CATEGORY_IDS}
       FROM products p JOIN fresh ON fresh.id = p.id`,
      [ids],
    );
  }

  /** Adds to the units sold of products. */
  async addSales(tx: Tx, sales: readonly { productId: string; units: number }[]): Promise<void> {
    await tx.query(
      'products.addSales',
      `UPDATE products p SET units_sold = greatest(p.units_sold + s.units, 0)
       FROM (SELECT p.id, s.units FROM unnest($1::uuid[], $2::bigint[]) AS s (id, units) JOIN products p USING (id)
             ORDER BY p.id FOR NO KEY UPDATE OF p) s
       WHERE p.id = s.id`,
      [sales.map(({ productId }) => productId), sales.map(({ units }) => units)],
    );
  }

  /** Another currency than the shop's that some price is in, or `null`. */
  async otherCurrency(db: Db, currency: string): Promise<string | null> {
    const sql = `SELECT currency FROM product_variants WHERE currency <> $1 LIMIT 1`;
    const [row] = await db.query<{ currency: string }>('products.otherCurrency', sql, [currency]);
    return row?.currency ?? null;
  }
}

/** The products that are recommended beside one. @param row alias of its table @param columns of `products p` */
export function recommendedFor(row: string, limit: string | number, columns = 'p.*'): string {
  return `SELECT ${columns} FROM products p
    WHERE p.category_id = ${row}.category_id AND p.id <> ${row}.id AND p.status = 'ACTIVE'
    ORDER BY p.in_stock DESC, p.units_sold DESC, p.id LIMIT ${limit}`;
}

const CATEGORY_IDS = `ARRAY(SELECT cc.ancestor_id FROM category_closure cc WHERE cc.descendant_id = p.category_id) AS "categoryIds"`;
