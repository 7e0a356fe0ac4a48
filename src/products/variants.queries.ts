import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import { listParameter } from '../database/list-parameter.js';
import type { Completion } from '../events/completed-events.queries.js';
import { VARIANT_COLUMNS } from './products.columns.js';
import type { SelectedOption, VariantRow } from './product-variant.type.js';
import type { TaxClass } from './tax-class.type.js';

/** A variant to be written. */
export interface NewVariant {
  sku: string;
  title: string;
  options: readonly SelectedOption[];
  priceMinor: number;
  compareAtMinor: number | null;
  currency: string;
  weightGrams: number;
  taxClass: TaxClass;
}

/** Values to be written; what is `undefined` stays. */
export type VariantChange = Partial<Omit<NewVariant, 'currency'>>;

/** What tells of units that this transaction takes how many could be bought before and afterwards. */
export function takenUnits(units: readonly { variantId: string; quantity: number }[]): Completion {
  return {
    key: 'variantId',
    sql: `SELECT w.variant_id::text AS key, jsonb_build_object('stockChange', jsonb_build_object(
        'before', s.on_hand - s.reserved + w.quantity, 'after', s.on_hand - s.reserved)) AS more
      FROM unnest(${listParameter('$5')}, ${listParameter('$6', 'integer')}) AS w (variant_id, quantity)
        JOIN stock_levels s ON s.variant_id = w.variant_id`,
    params: [units.map(({ variantId }) => variantId), units.map(({ quantity }) => quantity)],
  };
}

/** Writes of `product_variants`. A taken SKU or the same options twice violate a constraint. */
@Injectable()
export class VariantsQueries {
  /** Adds variants behind those that the product has, in their order. Answers them in that order. */
  insert(tx: Tx, productId: string, variants: readonly NewVariant[]): Promise<VariantRow[]> {
    return tx.query(
      'variants.insert',
      `INSERT INTO product_variants AS v
         (product_id, sku, title, options, price_minor, compare_at_minor, currency, weight_grams, tax_class, position)
       SELECT $1, sku, title, options, price, compare_at, currency, weight, tax_class,
         n + coalesce((SELECT max(position) FROM product_variants WHERE product_id = $1), -1)
       FROM unnest($2::text[], $3::text[], $4::jsonb[], $5::bigint[], $6::bigint[], $7::text[],
           $8::integer[], $9::text[])
         WITH ORDINALITY AS w (sku, title, options, price, compare_at, currency, weight, tax_class, n)
       ORDER BY n
       RETURNING ${VARIANT_COLUMNS}`,
      [
        productId,
        variants.map((variant) => variant.sku),
        variants.map((variant) => variant.title),
        variants.map((variant) => JSON.stringify(variant.options)),
        variants.map((variant) => variant.priceMinor),
        variants.map((variant) => variant.compareAtMinor),
        variants.map((variant) => variant.currency),
        variants.map((variant) => variant.weightGrams),
        variants.map((variant) => variant.taxClass),
      ],
    );
  }

  async update(tx: Tx, id: string, change: VariantChange): Promise<VariantRow | null> {
    const [variant] = await tx.query<VariantRow>(
      'variants.update',
      `UPDATE product_variants v SET sku = coalesce($2, sku), title = coalesce($3, title), options = coalesce($4, options),
         price_minor = coalesce($5, price_minor), compare_at_minor = CASE WHEN $6 THEN $7::bigint ELSE compare_at_minor END,
         weight_grams = coalesce($8, weight_grams), tax_class = coalesce($9, tax_class),
         version = version + 1, updated_at = now()
       WHERE v.id = $1 RETURNING ${VARIANT_COLUMNS}`,
      [
        id,
        change.sku,
        change.title,
        change.options && JSON.stringify(change.options),
        change.priceMinor,
        change.compareAtMinor !== undefined,
        change.compareAtMinor ?? null,
        change.weightGrams,
        change.taxClass,
      ],
    );
    return variant ?? null;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query('variants.delete', 'DELETE FROM product_variants WHERE id = $1', [id]);
  }
}
