import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { ShippingMethodRow, TaxRateRow } from './tables.type.js';

// Any constant of our own: who replaces a table does it alone.
const TABLES_LOCK = 7_105_013;

/** What a new shop has in `shipping_methods`, as its migration has put it there. */
const FIRST_METHOD = `('standard', 'Standard delivery', '{}'::text[], 'PRICE', '[{"from": 0, "priceMinor": 0}]'::jsonb)`;

/** Tables of tax and shipping. Each is replaced as a whole by one statement, so a reader sees the old or the new one. */
@Injectable()
export class TablesQueries {
  /** By country, the rate of all others last. */
  taxRates(db: Db): Promise<TaxRateRow[]> {
    return db.query(
      'pricing.taxRates',
      `SELECT nullif(t.country, '*') AS country, t.name, t.prices_include_tax AS "pricesIncludeTax",
         t.standard_bp AS "standardBp", t.reduced_bp AS "reducedBp"
       FROM tax_rates t ORDER BY t.country = '*', t.country`,
    );
  }

  /** In their order. */
  shippingMethods(db: Db): Promise<ShippingMethodRow[]> {
    return db.query(
      'pricing.shippingMethods',
      'SELECT m.code, m.name, m.countries, m.basis, m.bands FROM shipping_methods m ORDER BY m.position',
    );
  }

  /** Whether each table is as in a new shop. */
  async untouched(db: Db): Promise<{ taxRates: boolean; shippingMethods: boolean }> {
    const [state] = await db.query<{ taxRates: boolean; shippingMethods: boolean }>(
      'pricing.untouched',
      `SELECT NOT EXISTS (SELECT FROM tax_rates) AS "taxRates", NOT EXISTS (
         SELECT FROM shipping_methods m WHERE (m.code, m.name, m.countries, m.basis, m.bands) <> ${FIRST_METHOD}
       ) AS "shippingMethods"`,
    );
    return state ?? { taxRates: false, shippingMethods: false };
  }

  /** Keeps others who replace one of the tables waiting until this transaction ends. */
  async takeTurn(tx: Tx): Promise<void> {
    await tx.query('pricing.takeTurn', 'SELECT pg_advisory_xact_lock($1)', [TABLES_LOCK]);
  }

  async replaceTaxRates(tx: Tx, rates: readonly TaxRateRow[]): Promise<void> {
    await tx.query(
      'pricing.replaceTaxRates',
      `MERGE INTO tax_rates t
       USING jsonb_to_recordset($1::jsonb) AS w (country text, name text, "pricesIncludeTax" boolean, "standardBp" integer,
         "reducedBp" integer)
       ON t.country = coalesce(w.country, '*')
       WHEN MATCHED THEN UPDATE SET name = w.name, prices_include_tax = w."pricesIncludeTax", standard_bp = w."standardBp",
         reduced_bp = w."reducedBp"
       WHEN NOT MATCHED THEN INSERT (country, name, prices_include_tax, standard_bp, reduced_bp)
         VALUES (coalesce(w.country, '*'), w.name, w."pricesIncludeTax", w."standardBp", w."reducedBp")
       WHEN NOT MATCHED BY SOURCE THEN DELETE`,
      [JSON.stringify(rates)],
    );
  }

  async replaceShippingMethods(tx: Tx, methods: readonly ShippingMethodRow[]): Promise<void> {
    await tx.query(
      'pricing.replaceShippingMethods',
      `MERGE INTO shipping_methods m
       USING jsonb_to_recordset($1::jsonb) AS w (code text, name text, countries text[], basis text, bands jsonb, position integer)
       ON m.code = w.code
       WHEN MATCHED THEN UPDATE SET name = w.name, countries = w.countries, basis = w.basis, bands = w.bands,
         position = w.position
       WHEN NOT MATCHED THEN INSERT (code, name, countries, basis, bands, position)
         VALUES (w.code, w.name, w.countries, w.basis, w.bands, w.position)
       WHEN NOT MATCHED BY SOURCE THEN DELETE`,
      [JSON.stringify(methods.map((method, position) => ({ ...method, position })))],
    );
  }
}
