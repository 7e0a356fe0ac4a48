import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { PRODUCT_COLUMNS, VARIANT_ORDER } from './products.columns.js';
import type { ProductSnapshot } from './products.events.js';
import { ProductsQueries } from './products.queries.js';
import type { SelectedOption } from './product-variant.type.js';
import type { ProductImage, ProductStatus } from './product.type.js';
import type { TaxClass } from './tax-class.type.js';
import { titleOf } from './variant-rules.js';

/** What a file can say about a product. */
export interface ProductValues {
  name: string;
  description: string;
  status: ProductStatus;
  categoryId: string | null;
  attributes: Readonly<Record<string, string>>;
  images: readonly ProductImage[];
  unitsSold: number;
}

/** A product as an import finds it and an export writes it. */
export interface StoredProduct extends ProductValues {
  id: string;
  slug: string;
}

/** What a file can say about a variant, stock aside. */
interface VariantValues {
  title: string;
  options: readonly SelectedOption[];
  priceMinor: number;
  compareAtMinor: number | null;
  weightGrams: number;
  taxClass: TaxClass;
}

/** A variant with its stock. */
export interface StoredVariant extends VariantValues {
  id: string;
  productId: string;
  sku: string;
  currency: string;
  position: number;
  /** Units in the warehouse; `null` for a variant that was never stocked. */
  onHand: number | null;
  reserved: number;
}

/** A variant to be added. Without a title it is called after its options. */
type VariantToAdd = Omit<StoredVariant, 'id' | 'title' | 'onHand' | 'reserved'> & { title: string | null };

// Any constant of our own. Batches of imports take turns: two of them could add the same SKUs in different orders.
const IMPORT_LOCK = 7_105_011;

const COLUMNS = `p.id, p.slug, p.name, p.description, p.status, p.category_id AS "categoryId", p.attributes, p.images,
  p.units_sold AS "unitsSold"`;
const CATEGORY_IDS = `ARRAY(SELECT cc.ancestor_id FROM category_closure cc WHERE cc.descendant_id = p.category_id) AS "categoryIds"`;

const NEW_PRODUCTS = `SELECT slug, name, description, status, category_id, attributes, images, units_sold, 0
  FROM jsonb_to_recordset($1::jsonb) AS w (n integer, slug text, name text, description text, status text, category_id uuid,
    attributes jsonb, images jsonb, units_sold bigint)
  ORDER BY n`;
const PRODUCT_TARGET = `products (slug, name, description, status, category_id, attributes, images, units_sold, version)`;

/** Many products in one statement each. Whoever changes a product through these locks, writes, summarizes and tells. */
@Injectable()
export class ProductsBulk {
  constructor(private readonly products: ProductsQueries) {}

  /** Keeps other imports waiting until this transaction ends. */
  async takeTurn(tx: Tx): Promise<void> {
    await tx.query('productImport.takeTurn', 'SELECT pg_advisory_xact_lock($1)', [IMPORT_LOCK]);
  }

  /** Locks the products that have one of the SKUs or slugs, in the order of their ids. */
  lock(tx: Tx, skus: readonly string[], slugs: readonly string[]): Promise<StoredProduct[]> {
    return tx.query(
      'productImport.lock',
      `SELECT ${COLUMNS} FROM products p
       WHERE p.id IN (SELECT product_id FROM product_variants WHERE sku = ANY($1)
                      UNION SELECT id FROM products WHERE slug = ANY($2))
       ORDER BY p.id FOR NO KEY UPDATE`,
      [skus, slugs],
    );
  }

  /** All variants of some products, in the order of each product. */
  variantsOf(db: Db, productIds: readonly string[]): Promise<StoredVariant[]> {
    return db.query(
      'productImport.variantsOf',
      `SELECT v.id, v.product_id AS "productId", v.sku, v.title, v.options, v.price_minor AS "priceMinor",
         v.compare_at_minor AS "compareAtMinor", v.currency, v.weight_grams AS "weightGrams", v.tax_class AS "taxClass",
         v.position, s.on_hand AS "onHand", coalesce(s.reserved, 0) AS reserved
       FROM product_variants v LEFT JOIN stock_levels s ON s.variant_id = v.id
       WHERE v.product_id = ANY($1) ORDER BY v.product_id, ${VARIANT_ORDER}`,
      [productIds],
    );
  }

  /** Ids of the products that have these SKUs, by the SKU. */
  async productsOf(db: Db, skus: readonly string[]): Promise<Map<string, string>> {
    const rows = await db.query<{ sku: string; id: string }>(
      'productImport.productsOf',
      'SELECT sku, product_id AS id FROM product_variants WHERE sku = ANY($1)',
      [skus],
    );
    return new Map(rows.map(({ sku, id }) => [sku, id]));
  }

  /** The next products after an id, in the order of ids: the order in which they were created. */
  page(db: Db, afterId: string, limit: number): Promise<StoredProduct[]> {
    const sql = `SELECT ${COLUMNS} FROM products p WHERE p.id > $1 ORDER BY p.id LIMIT $2`;
    return db.query('productImport.page', sql, [afterId, limit]);
  }

  async count(db: Db): Promise<number> {
    const [row] = await db.query<{ count: number }>('productImport.count', 'SELECT count(*) AS count FROM products');
    return row?.count ?? 0;
  }

  /** Adds products that have no variant yet, version 0 until they are summarized. A taken slug violates a constraint. */
  insertProducts(
    tx: Tx,
    products: readonly (ProductValues & { slug: string })[],
  ): Promise<{ id: string; slug: string }[]> {
    return tx.query(
      'productImport.insertProducts',
      `INSERT INTO ${PRODUCT_TARGET} ${NEW_PRODUCTS} RETURNING id, slug`,
      [asRows(products)],
    );
  }

  /** The same, but leaves out those whose slug is taken, by the table or by one before. Answers those that were added. */
  insertWhereFree(
    tx: Tx,
    products: readonly (ProductValues & { slug: string })[],
  ): Promise<{ id: string; slug: string }[]> {
    return tx.query(
      'productImport.insertWhereFree',
      `INSERT INTO ${PRODUCT_TARGET} ${NEW_PRODUCTS} ON CONFLICT (slug) DO NOTHING RETURNING id, slug`,
      [asRows(products)],
    );
  }

  async updateProducts(tx: Tx, products: readonly StoredProduct[]): Promise<void> {
    await tx.query(
      'productImport.updateProducts',
      `UPDATE products p SET name = w.name, description = w.description, status = w.status, category_id = w.category_id,
         attributes = w.attributes, images = w.images, units_sold = w.units_sold
       FROM jsonb_to_recordset($1::jsonb) AS w (id uuid, name text, description text, status text, category_id uuid,
         attributes jsonb, images jsonb, units_sold bigint)
       WHERE p.id = w.id`,
      [asRows(products)],
    );
  }

  /** Answers the id of each new variant with its SKU. */
  insertVariants(tx: Tx, variants: readonly VariantToAdd[]): Promise<{ id: string; sku: string }[]> {
    return tx.query(
      'productImport.insertVariants',
      `INSERT INTO product_variants (product_id, sku, title, options, price_minor, compare_at_minor, currency, weight_grams,
         tax_class, position)
       SELECT "productId", sku, title, options, "priceMinor", "compareAtMinor", currency, "weightGrams", "taxClass", position
       FROM jsonb_to_recordset($1::jsonb) AS w (n integer, "productId" uuid, sku text, title text, options jsonb,
         "priceMinor" bigint, "compareAtMinor" bigint, currency text, "weightGrams" integer, "taxClass" text, position integer)
       ORDER BY n
       RETURNING id, sku`,
      [
        JSON.stringify(
          variants.map((variant, n) => ({ ...variant, n, title: variant.title ?? titleOf(variant.options) })),
        ),
      ],
    );
  }

  async updateVariants(tx: Tx, variants: readonly StoredVariant[]): Promise<void> {
    await tx.query(
      'productImport.updateVariants',
      `UPDATE product_variants v SET title = w.title, options = w.options, price_minor = w."priceMinor",
         compare_at_minor = w."compareAtMinor", weight_grams = w."weightGrams", tax_class = w."taxClass", version = v.version + 1, updated_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS w (id uuid, title text, options jsonb, "priceMinor" bigint, "compareAtMinor" bigint,
         "weightGrams" integer, "taxClass" text)
       WHERE v.id = w.id`,
      [JSON.stringify(variants)],
    );
  }

  /**
   * Writes the summaries of the products' variants and stock, and their next versions, as ProductsQueries.summarize does
   * for one. Each has at least one variant. Answers them as events remember them.
   */
  summarize(tx: Tx, ids: readonly string[]): Promise<ProductSnapshot[]> {
    return tx.query(
      'productImport.summarize',
      `UPDATE products p SET min_price_minor = v.min, max_price_minor = v.max, skus = v.skus, in_stock = v.in_stock,
         version = p.version + 1, updated_at = now()
       FROM (
         SELECT v.product_id, min(v.price_minor), max(v.price_minor), string_agg(v.sku, ' ' ORDER BY ${VARIANT_ORDER}) AS skus,
           coalesce(bool_or(s.on_hand > s.reserved), false) AS in_stock
         FROM product_variants v LEFT JOIN stock_levels s ON s.variant_id = v.id
         WHERE v.product_id = ANY($1) GROUP BY v.product_id
       ) v
       WHERE p.id = v.product_id
       RETURNING ${PRODUCT_COLUMNS}, ${CATEGORY_IDS}`,
      [ids],
    );
  }

  /** The same where only stock has changed: no new version. */
  stockChanged(tx: Tx, ids: readonly string[]): Promise<ProductSnapshot[]> {
    return this.products.stockChanged(tx, ids);
  }
}

function asRows(products: readonly ProductValues[]): string {
  return JSON.stringify(
    products.map(({ categoryId, unitsSold, ...rest }, n) => ({
      ...rest,
      n,
      category_id: categoryId,
      units_sold: unitsSold,
    })),
  );
}
