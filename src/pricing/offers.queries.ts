import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import { PRODUCT_COLUMNS } from '../products/products.columns.js';
import type { ProductSnapshot } from '../products/products.events.js';
import type { LockedOffer, Offer } from './offer.type.js';

const CATEGORY_IDS = `ARRAY(SELECT cc.ancestor_id FROM category_closure cc WHERE cc.descendant_id = p.category_id)`;

const OFFERS = `SELECT v.id AS "variantId", p.id AS "productId", v.sku, p.name AS "productName", v.title AS "variantTitle",
    v.price_minor AS "priceMinor", v.weight_grams AS "weightGrams", v.tax_class AS "taxClass", ${CATEGORY_IDS} AS "categoryIds",
    p.status = 'ACTIVE' AS "forSale", coalesce(s.on_hand - s.reserved, 0) AS available, p.version AS "seenVersion"
  FROM product_variants v JOIN products p ON p.id = v.product_id LEFT JOIN stock_levels s ON s.variant_id = v.id
  WHERE v.id = ANY($1)`;

type SeenOffer = Offer & { seenVersion: number };
type LockedRow = SeenOffer & ProductSnapshot;

/** What can be bought, read from the tables of products and stock. */
@Injectable()
export class OffersQueries {
  /** Offers of variants, in no particular order. */
  offers(db: Db, variantIds: readonly string[]): Promise<Offer[]> {
    return db.query('pricing.offers', OFFERS, [variantIds]);
  }

  /** The same, with the products locked in the order of their ids until the transaction ends. */
  async lock(tx: Tx, variantIds: readonly string[]): Promise<LockedOffer[]> {
    const rows = await this.lockOnce(tx, variantIds);
    // The lock was waited for, and who held it has changed the product: what else was read is of before. Now nobody can.
    return rows.some((row) => row.version !== row.seenVersion)
      ? (await this.lockOnce(tx, variantIds)).map(toLockedOffer)
      : rows.map(toLockedOffer);
  }

  private lockOnce(tx: Tx, variantIds: readonly string[]): Promise<LockedRow[]> {
    return tx.query(
      'pricing.lockOffers',
      `WITH o AS MATERIALIZED (${OFFERS})
       SELECT o.*, ${PRODUCT_COLUMNS} FROM o JOIN products p ON p.id = o."productId" ORDER BY p.id FOR NO KEY UPDATE OF p`,
      [variantIds],
    );
  }
}

/** Parts a row into the offer and its product. */
function toLockedOffer(row: LockedRow): LockedOffer {
  const { variantId, productId, sku, productName, variantTitle, seenVersion: _, ...others } = row;
  const { priceMinor, weightGrams, taxClass, forSale, available, ...product } = others;
  const what = { variantId, productId, sku, productName, variantTitle, categoryIds: product.categoryIds };
  return { ...what, priceMinor, weightGrams, taxClass, forSale, available, product };
}
