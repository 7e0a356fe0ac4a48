import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { BadUserInput } from '../errors/request-errors.js';
import { toConnection, type Connection } from '../graphql/page.js';
import type { PromotionRule } from './discount.rules.js';
import type {
  CreatePromotionInput,
  DeletePromotionInput,
  PromotionsArgs,
  PromotionTermsInput,
  UpdatePromotionInput,
} from './promotion.inputs.js';
import type { PromotionRow } from './promotion.type.js';
import { changedValues, newValues } from './promotion-values.js';
import {
  CodeTaken,
  CouponUsedUp,
  PromotionGone,
  PromotionGoodsNotFound,
  PromotionNotFound,
  PromotionRedeemed,
  PromotionVersionConflict,
} from './promotions.errors.js';
import { PromotionsQueries, PROMOTIONS_SORT } from './promotions.queries.js';
import { RedemptionsQueries, type Redemption } from './redemptions.queries.js';

/** Coupons and automatic promotions: what they are, and how often they may be used. What they take off is in `discountsOf`. */
@Injectable()
export class PromotionsService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly queries: PromotionsQueries,
    private readonly redemptions: RedemptionsQueries,
  ) {}

  /** One page of promotions, newest first. @throws BadUserInput, CursorInvalid */
  async list({ filter, ...request }: PromotionsArgs): Promise<Connection<PromotionRow>> {
    const { text, code, enabled, automatic } = filter ?? {};
    const conditions = { text: text?.trim(), code, enabled, automatic };
    const page = await this.queries.page(this.database, conditions, request);
    return toConnection(PROMOTIONS_SORT, page, () => this.queries.count(this.database, conditions));
  }

  /** @throws PromotionGoodsNotFound, CodeTaken, CurrencyMismatch; BadUserInput when values do not go together */
  create(input: CreatePromotionInput): Promise<PromotionRow> {
    const values = newValues(input, this.config.shopCurrency);
    return this.changing(async (tx) => {
      await this.refuseUnknownGoods(tx, input);
      return found(await this.queries.insert(tx, values));
    });
  }

  /**
   * Changes what is given. A new limit counts the orders afresh, while no order can use the promotion.
   * @throws PromotionNotFound, PromotionVersionConflict, PromotionGoodsNotFound, CodeTaken, CurrencyMismatch
   * @throws BadUserInput when values do not go together, or the limit is below what was used
   */
  update(input: UpdatePromotionInput): Promise<PromotionRow> {
    return this.changing(async (tx) => {
      const before = await this.lock(tx, input);
      const values = changedValues(before, input, this.config.shopCurrency);
      await this.refuseUnknownGoods(tx, input);
      const used =
        input.usageLimit === undefined ? before.used : await this.usesWithin(tx, before.id, input.usageLimit);
      return found(await this.queries.update(tx, before.id, { ...values, used }));
    });
  }

  /** Deletes a promotion that no order uses. @throws PromotionNotFound, PromotionVersionConflict, PromotionRedeemed */
  async delete(input: DeletePromotionInput): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { id } = await this.lock(tx, input);
      if ((await this.uses(tx, id)) > 0) throw new PromotionRedeemed();
      await this.queries.delete(tx, id);
    });
  }

  /**
   * Uses each promotion once for an order, within its limits, whoever else does so at the same time. One statement; none for an
   * empty list. What is thrown must leave the transaction: only its rollback undoes the uses that had been free.
   * @throws CouponUsedUp when a coupon was used as often as it may be
   * @throws PromotionGone when an automatic promotion was, or any of them has changed since: make the price again
   */
  async redeem(
    tx: Tx,
    { promotions, ...redemption }: Redemption & { promotions: readonly PromotionRule[] },
  ): Promise<void> {
    if (promotions.length === 0) return;
    const ids = promotions.map(({ id }) => id);
    const redeemed = await this.redemptions.redeem(tx, ids, redemption);
    const missing = promotions.filter(({ id }) => !redeemed.includes(id));
    if (missing.length === 0) return;
    const missingIds = missing.map(({ id }) => id);
    const usedUp = await this.redemptions.usedUp(tx, missingIds, redemption.customer);
    for (const { id, code } of missing) if (code !== null && usedUp.includes(id)) throw new CouponUsedUp(code);
    throw new PromotionGone(missingIds);
  }

  /** Frees what a cancelled order has used. One statement; nothing happens when there is nothing to free, or no more. */
  async giveBack(tx: Tx, orderId: string): Promise<void> {
    await this.redemptions.giveBack(tx, orderId);
  }

  private async changing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.database.transaction(work);
    } catch (error) {
      if (violatedConstraint(error) === 'promotions_code_unique') throw new CodeTaken();
      throw error;
    }
  }

  private async lock(
    tx: Tx,
    { id, expectedVersion }: { id: string; expectedVersion?: number | null },
  ): Promise<PromotionRow> {
    const promotion = found(await this.queries.lock(tx, id));
    if (expectedVersion != null && expectedVersion !== promotion.version) throw new PromotionVersionConflict();
    return promotion;
  }

  private async refuseUnknownGoods(tx: Tx, input: PromotionTermsInput): Promise<void> {
    const categoryIds = input.categoryIds ?? [];
    const productIds = input.productIds ?? [];
    if (categoryIds.length === 0 && productIds.length === 0) return;
    const unknown = await this.queries.unknownGoods(tx, categoryIds, productIds);
    if (unknown.categoryIds) throw new PromotionGoodsNotFound('categoryIds');
    if (unknown.productIds) throw new PromotionGoodsNotFound('productIds');
  }

  /** What is counted from now on. */
  private async usesWithin(tx: Tx, id: string, limit: number | null): Promise<number> {
    if (limit === null) return 0;
    const uses = await this.uses(tx, id);
    if (uses <= limit) return uses;
    const message = `must be at least ${uses}: so many orders use the promotion`;
    throw new BadUserInput([{ path: 'input.usageLimit', message }]);
  }

  private async uses(tx: Tx, id: string): Promise<number> {
    const [row] = await this.redemptions.counts(tx, [id]);
    return row?.count ?? 0;
  }
}

function found(promotion: PromotionRow | null): PromotionRow {
  if (!promotion) throw new PromotionNotFound();
  return promotion;
}
