import { randomUUID } from 'node:crypto';
import type { PromotionRule } from '../../src/promotions/discount.rules.js';
import { PROMOTION_RULE_COLUMNS } from '../../src/promotions/promotions.columns.js';
import { PromotionsService } from '../../src/promotions/promotions.service.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { snapshot, type Account } from './accounts.js';
import { change } from './catalogue.js';
import type { Shop } from './shop.js';

/** Id of the right shape that leads to no promotion. */
export const NO_PROMOTION = 'promotion_0198f2c4d1e27abc8def0123456789ab';

/** Every field of a promotion. */
export const PROMOTION = `id name code kind percent amount { amount currency } minSubtotal { amount currency } categoryIds productIds
  startsAt endsAt usageLimit usageLimitPerCustomer usedCount enabled version createdAt updatedAt`;

/** The changes of promotions. */
export const PROMOTION_CHANGES = {
  create: `mutation ($input: CreatePromotionInput!) {
    createPromotion(input: $input) { promotion { ${PROMOTION} } userErrors { code field } }
  }`,
  update: `mutation ($input: UpdatePromotionInput!) {
    updatePromotion(input: $input) { promotion { ${PROMOTION} } userErrors { code field } }
  }`,
  delete: `mutation ($input: DeletePromotionInput!) {
    deletePromotion(input: $input) { deletedPromotionId userErrors { code field } }
  }`,
};

/** A promotion as `makePromotion` answers it. */
export interface MadePromotion {
  id: string;
  /** The same id in the database. */
  uuid: string;
  name: string;
  code: string | null;
  version: number;
}

/** Adds a promotion through the API; 10 % off everything unless something else is given. */
export async function makePromotion(shop: Shop, by: Account, input: object = {}): Promise<MadePromotion> {
  const tenPercent = 'kind' in input ? {} : { kind: 'PERCENT', percent: '10' };
  const { promotion } = await change(shop, by, PROMOTION_CHANGES.create, {
    name: 'Promotion',
    ...tenPercent,
    ...input,
  });
  return { ...promotion, uuid: uuidOf('promotion', promotion.id) };
}

/** Every row of promotions and their uses, in one text: equal texts mean that nothing changed. */
export function promotionDump(shop: Shop): Promise<string> {
  return snapshot(shop, 'promotions', 'promotion_customers', 'promotion_redemptions');
}

/** Promotions as prices are made with them, in the order given. */
export async function rulesOf(shop: Shop, ...promotions: readonly { uuid: string }[]): Promise<PromotionRule[]> {
  const rules = await shop.database.query<PromotionRule>(
    'test.rules',
    `SELECT ${PROMOTION_RULE_COLUMNS} FROM promotions p WHERE p.id = ANY($1) ORDER BY array_position($1, p.id)`,
    [promotions.map(({ uuid }) => uuid)],
  );
  return rules;
}

/** Redeems promotions for an order in a transaction of its own, and answers the order's id. */
export async function redeem(
  shop: Shop,
  promotions: readonly PromotionRule[],
  { customer = 'somebody', orderId = randomUUID() }: { customer?: string; orderId?: string } = {},
): Promise<string> {
  const service = shop.app.get(PromotionsService, { strict: false });
  await shop.database.transaction((tx) => service.redeem(tx, { orderId, customer, promotions }));
  return orderId;
}

/** Frees what an order has used, in a transaction of its own. */
export async function giveBack(shop: Shop, orderId: string): Promise<void> {
  const service = shop.app.get(PromotionsService, { strict: false });
  await shop.database.transaction((tx) => service.giveBack(tx, orderId));
}

/** Promotions whose counts, in total or of a customer, are not the number of their redemptions, or are above a limit. */
export function wrongUses(shop: Shop): Promise<object[]> {
  return shop.database.query(
    'test.uses',
    `SELECT p.name, 'total' AS what FROM promotions p
     WHERE (p.usage_limit IS NOT NULL AND p.used <> (SELECT count(*) FROM promotion_redemptions r WHERE r.promotion_id = p.id))
       OR p.used > p.usage_limit
     UNION ALL
     SELECT p.name, coalesce(c.customer, r.customer)
     FROM promotion_customers c
     FULL JOIN (SELECT promotion_id, customer, count(*) FROM promotion_redemptions GROUP BY promotion_id, customer) r
       USING (promotion_id, customer)
     JOIN promotions p ON p.id = promotion_id
     WHERE coalesce(c.used, 0) <> coalesce(r.count, 0) OR c.used > p.usage_limit_per_customer`,
  );
}
