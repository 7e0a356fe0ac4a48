import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { insistOn } from '../database/pg-error.js';
import { listParameter } from '../database/list-parameter.js';
import { PRODUCT_COLUMNS } from '../products/products.columns.js';
import type { VariantRow } from '../products/product-variant.type.js';
import type { ProductSnapshot } from '../products/products.events.js';
import type { Offer, SellableOffer } from './offer.type.js';

const IDS = listParameter('$1');
const CATEGORY_IDS = `ARRAY(SELECT cc.ancestor_id FROM category_closure cc WHERE cc.descendant_id = p.category_id)`;

const OFFER_COLUMNS = `v.id AS "variantId", p.id AS "productId", v.sku, p.name AS "productName", v.title AS "variantTitle",
  v.price_minor AS "priceMinor", v.weight_grams AS "weightGrams", v.tax_class AS "taxClass", ${CATEGORY_IDS} AS "categoryIds",
  p.status = 'ACTIVE' AS "forSale", coalesce(s.on_hand - s.reserved, 0) AS available`;
const OFFERED = `product_variants v JOIN products p ON p.id = v.product_id LEFT JOIN stock_levels s ON s.variant_id = v.id
  WHERE v.id = ANY(${IDS})`;

// Of the variant, what the offer does not tell already.
const VARIANT_COLUMNS = `v.options AS "selectedOptions", v.compare_at_minor AS "compareAtMinor", v.currency,
  v.version AS "variantVersion", v.created_at AS "variantCreatedAt", v.updated_at AS "variantUpdatedAt"`;

type VariantParts = Pick<VariantRow, 'selectedOptions' | 'compareAtMinor' | 'currency'> & {
  variantVersion: number;
  variantCreatedAt: Date;
  variantUpdatedAt: Date;
};
type SellableRow = Offer & VariantParts & ProductSnapshot;
type LockedRow = SellableRow & { seenVersion: number };

/** What of a product may have changed since an offer of it was read. */
export interface HeldProduct {
  id: string;
  version: number;
  inStock: boolean;
}

/** What can be bought, read from the tables of products and stock. */
@Injectable()
export class OffersQueries {
  /** Offers of variants, in no particular order. */
  offers(db: Db, variantIds: readonly string[]): Promise<Offer[]> {
    return db.query('pricing.offers', `SELECT ${OFFER_COLUMNS} FROM ${OFFERED}`, [variantIds]);
  }

  /** The same with their products, which nobody is kept from changing. */
  async sellable(db: Db, variantIds: readonly string[]): Promise<SellableOffer[]> {
    const sql = `SELECT ${OFFER_COLUMNS}, ${VARIANT_COLUMNS}, ${PRODUCT_COLUMNS} FROM ${OFFERED}`;
    const rows = await db.query<SellableRow>('pricing.sellable', sql, [variantIds]);
    return rows.map(toSellableOffer);
  }

  /** The same, with the products locked in the order of their ids until the transaction ends. */
  async lock(tx: Tx, variantIds: readonly string[]): Promise<SellableOffer[]> {
    const rows = await this.lockOnce(tx, variantIds);
    // The lock was waited for, and who held it has changed the product: what else was read is of before. Now nobody can.
    const isOld = rows.some((row) => row.version !== row.seenVersion);
    const newest = isOld ? await this.lockOnce(tx, variantIds) : rows;
    return newest.map(toSellableOffer);
  }

  /** Locks products in the order of their ids until the transaction ends, and answers them as they are then. */
  hold(tx: Tx, productIds: readonly string[]): Promise<HeldProduct[]> {
    return tx.query(
      'pricing.hold',
      `SELECT p.id, p.version, p.in_stock AS "inStock" FROM products p WHERE p.id = ANY(${IDS}) ORDER BY p.id FOR NO KEY UPDATE`,
      [productIds],
    );
  }

  /** The same, and fails the transaction unless each still has the version that was seen. */
  async holdSeen(tx: Tx, seen: readonly { id: string; version: number }[]): Promise<void> {
    await tx.query(
      'pricing.holdSeen',
      `WITH held AS MATERIALIZED (
         SELECT p.id, p.version FROM products p WHERE p.id = ANY(${IDS}) ORDER BY p.id FOR NO KEY UPDATE
       )
       SELECT ${insistOn('count(*) = cardinality($1)')}
       FROM held JOIN unnest(${IDS}, ${listParameter('$2', 'integer')}) AS seen (id, version) USING (id, version)`,
      [seen.map(({ id }) => id), seen.map(({ version }) => version)],
    );
  }

  private lockOnce(tx: Tx, variantIds: readonly string[]): Promise<LockedRow[]> {
    return tx.query(
      'pricing.lockOffers',
      `WITH o AS MATERIALIZED (SELECT ${OFFER_COLUMNS}, ${VARIANT_COLUMNS}, p.version AS "seenVersion" FROM ${OFFERED})
       SELECT o.*, ${PRODUCT_COLUMNS} FROM o JOIN products p ON p.id = o."productId" ORDER BY p.id FOR NO KEY UPDATE OF p`,
      [variantIds],
    );
  }
}

/** Parts a row into the offer, its variant and its product. By name: leaving out what is not wanted takes much longer. */
function toSellableOffer(row: SellableRow): SellableOffer {
  const { variantId, productId, sku, productName, variantTitle, categoryIds, forSale, available } = row;
  const { priceMinor, weightGrams, taxClass, selectedOptions, compareAtMinor, currency } = row;
  const { id, slug, name, description, status, categoryId, attributes, images, createdById } = row;
  const { minPriceMinor, maxPriceMinor, inStock, version, createdAt, updatedAt } = row;
  const what = { variantId, productId, sku, productName, variantTitle, categoryIds };
  const terms = { priceMinor, weightGrams, taxClass };
  const times = { version: row.variantVersion, createdAt: row.variantCreatedAt, updatedAt: row.variantUpdatedAt };
  const named = { id: variantId, productId, sku, title: variantTitle, selectedOptions };
  const texts = { id, slug, name, description, status, categoryId, categoryIds, attributes, images, createdById };
  const summary = { minPriceMinor, maxPriceMinor, inStock };
  const variant = { ...named, ...terms, compareAtMinor, currency, ...times };
  const product = { ...texts, ...summary, version, createdAt, updatedAt };
  return { ...what, ...terms, forSale, available, variant, product };
}
