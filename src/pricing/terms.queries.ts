import { Injectable } from '@nestjs/common';
import type { Db } from '../database/db.js';
import type { PromotionRule } from '../promotions/discount.rules.js';
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

const CURRENT = `p.enabled AND coalesce(p.starts_at <= now(), true) AND coalesce(p.ends_at > now(), true)`;

const PROMOTION = `jsonb_build_object('id', p.id, 'name', p.name, 'code', p.code, 'kind', p.kind, 'percentBp', p.percent_bp,
  'amountMinor', p.amount_minor, 'minSubtotalMinor', p.min_subtotal_minor, 'categoryIds', p.category_ids,
  'productIds', p.product_ids, 'current', ${CURRENT},
  'usedUp', coalesce(p.used >= p.usage_limit, false) OR EXISTS (
    SELECT FROM promotion_customers pc
    WHERE pc.promotion_id = p.id AND pc.customer = $2 AND pc.used >= p.usage_limit_per_customer))`;

@Injectable()
export class TermsQueries {
  /** Promotions, tax and shipping in one statement. @param coupons codes as they are stored */
  async terms(db: Db, { country, customer }: QuoteTerms, coupons: readonly string[]): Promise<Terms> {
    const [terms] = await db.query<Terms>(
      'pricing.terms',
      `SELECT
         (SELECT coalesce(jsonb_agg(${PROMOTION} ORDER BY p.id), '[]') FROM (
            (SELECT * FROM promotions p WHERE p.code IS NULL AND ${CURRENT} ORDER BY p.id LIMIT ${MOST_AUTOMATIC})
            UNION ALL SELECT * FROM promotions p WHERE p.code = ANY($3)
          ) p) AS promotions,
         (SELECT ${TAX_RULE} FROM tax_rates t WHERE t.country IN ($1, '*') ORDER BY t.country DESC LIMIT 1) AS tax,
         (SELECT coalesce(jsonb_agg(${SHIPPING_RULE} ORDER BY m.position), '[]') FROM shipping_methods m
          WHERE cardinality(m.countries) = 0 OR $1 = ANY(m.countries)) AS "shippingMethods"`,
      [country, customer, coupons],
    );
    return terms ?? { promotions: [], tax: null, shippingMethods: [] };
  }
}
