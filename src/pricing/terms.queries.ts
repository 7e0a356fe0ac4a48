import { Injectable } from '@nestjs/common';
import type { Db } from '../database/db.js';
import type { PromotionRule } from '../promotions/discount.rules.js';
import { PROMOTION_CURRENT, promotionUsedUp } from '../promotions/promotions.columns.js';
import { SHIPPING_RULE, TAX_RULE } from './pricing.columns.js';
import type { QuoteTerms } from './quote.type.js';
import type { ShippingRule } from './shipping.rules.js';
import type { TaxRule } from './totals.rules.js';

/** A promotion that may apply, and what speaks against it. */
export interface PossiblePromotion extends PromotionRule {
  /** Switched on, and now lies between its first and last moment. */
  current: boolean;
  /** Used as often as it may be, by all together or by this customer. */
  usedUp: boolean;
}

/** What prices depend on beside the goods, as the tables say it. */
export interface Terms {
  /** Automatic ones that are current, in the order in which they were made, and those behind the coupons. */
  promotions: PossiblePromotion[];
  tax: TaxRule | null;
  /** The methods that deliver to the country, in their order. */
  shippingMethods: ShippingRule[];
}

// Automatic promotions that are looked at, at most.
const MOST_AUTOMATIC = 100;

const PROMOTION = `jsonb_build_object('id', p.id, 'name', p.name, 'code', p.code, 'kind', p.kind, 'percentBp', p.percent_bp,
  'amountMinor', p.amount_minor, 'minSubtotalMinor', p.min_subtotal_minor, 'categoryIds', p.category_ids,
  'productIds', p.product_ids, 'current', ${PROMOTION_CURRENT}, 'usedUp', ${promotionUsedUp('w.customer')})`;

const TERMS = `SELECT
  (SELECT coalesce(jsonb_agg(${PROMOTION} ORDER BY p.id), '[]') FROM (
     (SELECT * FROM promotions p WHERE p.code IS NULL AND ${PROMOTION_CURRENT} ORDER BY p.id LIMIT ${MOST_AUTOMATIC})
     UNION ALL SELECT * FROM promotions p WHERE p.code = ANY(w.coupons)
   ) p) AS promotions,
  (SELECT ${TAX_RULE} FROM tax_rates t WHERE t.country IN (w.country, '*') ORDER BY t.country DESC LIMIT 1) AS tax,
  (SELECT coalesce(jsonb_agg(${SHIPPING_RULE} ORDER BY m.position), '[]') FROM shipping_methods m
   WHERE cardinality(m.countries) = 0 OR w.country = ANY(m.countries)) AS "shippingMethods"`;

@Injectable()
export class TermsQueries {
  /** Promotions, tax and shipping for each wish, in the order of the wishes, in one statement. */
  terms(db: Db, wishes: readonly QuoteTerms[]): Promise<Terms[]> {
    const rows = wishes.map(({ country, customer, coupons }) => ({ country, customer, coupons }));
    return db.query(
      'pricing.terms',
      `${TERMS}
       FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (country text, customer text, coupons text[]))
         WITH ORDINALITY AS w (country, customer, coupons, n)
       ORDER BY w.n`,
      [JSON.stringify(rows)],
    );
  }
}
