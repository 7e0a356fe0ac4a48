/**
 * The columns of `promotions p` that make a PromotionRule: what totals depend on.
 * The ids in `categoryIds` and `productIds` are UUIDs; some may be of things that are gone.
 */
export const PROMOTION_RULE_COLUMNS = `p.id, p.name, p.code, p.kind, p.percent_bp AS "percentBp",
  p.amount_minor AS "amountMinor", p.min_subtotal_minor AS "minSubtotalMinor", p.category_ids AS "categoryIds",
  p.product_ids AS "productIds"`;

/**
 * The same and everything else of the row: a PromotionRule with its window (from `startsAt` on, until before `endsAt`; `null`
 * is open), its limits (`null` is none) and `used`, which is counted only while there is a `usageLimit`.
 */
export const PROMOTION_COLUMNS = `${PROMOTION_RULE_COLUMNS}, p.starts_at AS "startsAt", p.ends_at AS "endsAt", p.used,
  p.usage_limit AS "usageLimit", p.usage_limit_per_customer AS "usageLimitPerCustomer", p.enabled, p.version,
  p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** The condition on `promotions p` that it is switched on and that its window is open, by the transaction's own time. */
export const PROMOTION_CURRENT = `(p.enabled AND coalesce(p.starts_at <= now(), true) AND coalesce(p.ends_at > now(), true))`;

/**
 * The condition on `promotions p` that it was used as often as it may be, by all together or by a customer.
 * @param customer placeholder of the customer as text (an account's UUID, or a guest's address in lower case), such as `$2`;
 * while the customer is NULL only the limit of all together counts
 */
export function promotionUsedUp(customer: string): string {
  return `(coalesce(p.used >= p.usage_limit, false) OR EXISTS (
    SELECT FROM promotion_customers pc
    WHERE pc.promotion_id = p.id AND pc.customer = ${customer} AND pc.used >= p.usage_limit_per_customer))`;
}
