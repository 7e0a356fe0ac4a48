import { randomUUID } from 'node:crypto';
import { Role } from '../src/access/role.js';
import type { Tx } from '../src/database/db.js';
import { CouponUsedUp, PromotionGone } from '../src/promotions/promotions.errors.js';
import { PromotionsService } from '../src/promotions/promotions.service.js';
import { countingStatements, statementLog } from '../src/telemetry/statements.js';
import { signUp, type Account } from './support/accounts.js';
import {
  giveBack,
  makePromotion,
  promotionDump,
  redeem,
  rulesOf,
  wrongUses,
  type MadePromotion,
} from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => expect(await wrongUses(shop)).toEqual([]));

afterAll(() => shop?.close());

let codes = 0;
const coupon = (input: object = {}): Promise<MadePromotion> => {
  codes += 1;
  return makePromotion(shop, staff, { code: `CODE-${codes}`, ...input });
};
const automatic = (input: object = {}): Promise<MadePromotion> => makePromotion(shop, staff, input);

/** Redeems what must not be redeemed, checks that no row has changed, and answers why. */
async function refusal(promotions: readonly MadePromotion[], customer = 'somebody'): Promise<unknown> {
  const rules = await rulesOf(shop, ...promotions);
  const before = await promotionDump(shop);
  const error: unknown = await redeem(shop, rules, { customer }).catch((thrown: unknown) => thrown);
  expect(await promotionDump(shop)).toBe(before);
  return error;
}

const rowOf = async ({ uuid }: MadePromotion): Promise<object | undefined> => {
  const sql = 'SELECT used, version, xmin::text AS writer FROM promotions WHERE id = $1';
  return (await shop.database.query('test.row', sql, [uuid]))[0];
};

/** Names of the statements between BEGIN and COMMIT. */
async function statementsOf(work: (service: PromotionsService, tx: Tx) => Promise<void>): Promise<string[]> {
  const log = statementLog();
  const service = shop.app.get(PromotionsService, { strict: false });
  await countingStatements(log, () => shop.database.transaction((tx) => work(service, tx)));
  return log.names.slice(1, -1);
}

describe('redeem', () => {
  it('sends one statement for all promotions of an order, and none when there are none', async () => {
    const made = [await coupon({ usageLimit: 5 }), await automatic(), await coupon({ usageLimitPerCustomer: 1 })];
    const promotions = await rulesOf(shop, ...made);
    const orderId = randomUUID();
    const redemption = { orderId, customer: 'somebody' };
    expect(await statementsOf((service, tx) => service.redeem(tx, { ...redemption, promotions: [] }))).toEqual([]);
    expect(await statementsOf((service, tx) => service.redeem(tx, { ...redemption, promotions }))).toEqual([
      'redemptions.redeem',
    ]);
    expect(await statementsOf((service, tx) => service.giveBack(tx, orderId))).toEqual(['redemptions.giveBack']);
  });

  it('writes who used what for which order, and counts only where there is a limit', async () => {
    const [limited, open] = [await coupon({ usageLimit: 5 }), await automatic()];
    const [limitedBefore, openBefore] = [await rowOf(limited), await rowOf(open)];
    const orderId = await redeem(shop, await rulesOf(shop, open, limited), { customer: 'ada@example.com' });
    expect(await rowOf(limited)).toEqual({ ...limitedBefore, used: 1, writer: expect.any(String) });
    expect(await rowOf(open)).toEqual(openBefore);
    const rows = await shop.database.query(
      'test.redemptions',
      `SELECT promotion_id AS id, customer FROM promotion_redemptions WHERE order_id = $1 ORDER BY promotion_id`,
      [orderId],
    );
    expect(rows).toEqual([limited, open].map(({ uuid: id }) => ({ id, customer: 'ada@example.com' })));
  });

  it('refuses a coupon that all together have used up', async () => {
    const used = await coupon({ usageLimit: 2 });
    for (const customer of ['ada', 'bo']) await redeem(shop, await rulesOf(shop, used), { customer });
    const error = await refusal([used], 'cy');
    expect(error).toBeInstanceOf(CouponUsedUp);
    expect(error).toMatchObject({ code: 'COUPON_USED_UP', field: ['input', 'coupons'] });
    expect((error as Error).message).toContain(used.code);
  });

  it('refuses a coupon that the customer has used up, and gives it to others', async () => {
    const each = await coupon({ usageLimitPerCustomer: 2, usageLimit: 4 });
    const rules = await rulesOf(shop, each);
    for (let n = 0; n < 2; n += 1) await redeem(shop, rules, { customer: 'ada' });
    expect(await refusal([each], 'ada')).toBeInstanceOf(CouponUsedUp);
    for (let n = 0; n < 2; n += 1) await redeem(shop, rules, { customer: 'bo' });
    expect(await refusal([each], 'cy')).toBeInstanceOf(CouponUsedUp);
  });

  it('counts what a customer used before there was a limit per customer', async () => {
    const made = await coupon();
    await redeem(shop, await rulesOf(shop, made), { customer: 'ada' });
    await shop.database.query('test.each', 'UPDATE promotions SET usage_limit_per_customer = 1 WHERE id = $1', [
      made.uuid,
    ]);
    expect(await refusal([made], 'ada')).toBeInstanceOf(CouponUsedUp);
  });

  it('tells that an automatic promotion is used up without a refusal', async () => {
    const [first, each] = [await automatic({ usageLimit: 1 }), await automatic({ usageLimitPerCustomer: 1 })];
    await redeem(shop, await rulesOf(shop, first, each), { customer: 'ada' });
    expect(await refusal([first], 'bo')).toEqual(new PromotionGone([first.uuid]));
    expect(await refusal([each], 'ada')).toEqual(new PromotionGone([each.uuid]));
  });

  it('leaves nothing of the others when one of several is used up', async () => {
    const used = await coupon({ usageLimit: 1 });
    await redeem(shop, await rulesOf(shop, used));
    const [limited, open, each] = [
      await coupon({ usageLimit: 9 }),
      await automatic(),
      await coupon({ usageLimitPerCustomer: 9 }),
    ];
    expect(await refusal([limited, open, used, each])).toBeInstanceOf(CouponUsedUp);
    expect(await refusal([used, limited])).toBeInstanceOf(CouponUsedUp);
    const gone = await automatic({ usageLimit: 1 });
    await redeem(shop, await rulesOf(shop, gone));
    expect(await refusal([limited, gone])).toEqual(new PromotionGone([gone.uuid]));
    expect(await refusal([gone, used])).toBeInstanceOf(CouponUsedUp);
  });

  it.each([
    ['was switched off', 'enabled = false'],
    ['was switched off, with a limit', 'enabled = false, usage_limit = 5'],
    ['has not begun', `starts_at = now() + interval '1 day'`],
    ['has ended', `starts_at = now() - interval '2 days', ends_at = now() - interval '1 day'`],
    ['has ended, with a limit', `ends_at = now() - interval '1 day', usage_limit = 5`],
  ])('asks for another price when a coupon %s after the price was made', async (_, change) => {
    const made = await coupon();
    await shop.database.query('test.change', `UPDATE promotions SET ${change} WHERE id = $1`, [made.uuid]);
    expect(await refusal([made])).toEqual(new PromotionGone([made.uuid]));
  });

  it('asks for another price when a coupon was deleted', async () => {
    const made = await coupon();
    const rules = await rulesOf(shop, made);
    await shop.database.query('test.delete', 'DELETE FROM promotions WHERE id = $1', [made.uuid]);
    await expect(redeem(shop, rules)).rejects.toEqual(new PromotionGone([made.uuid]));
  });

  it.each([
    ['from its first instant on', `starts_at = date_trunc('milliseconds', now())`, true],
    ['not before', `starts_at = now() + interval '2 milliseconds'`, false],
    ['until its last instant', `ends_at = now() + interval '2 milliseconds'`, true],
    ['and not in it', `ends_at = date_trunc('milliseconds', now())`, false],
  ])('may be used %s', async (_, change, usable) => {
    for (const limit of [{}, { usageLimit: 5 }]) {
      const promotions = await rulesOf(shop, await coupon(limit));
      const service = shop.app.get(PromotionsService, { strict: false });
      // Within one transaction now() stands still.
      const used = shop.database.transaction(async (tx) => {
        await tx.query('test.window', `UPDATE promotions SET ${change} WHERE id = $1`, [promotions[0]?.id]);
        await service.redeem(tx, { orderId: randomUUID(), customer: 'ada', promotions });
        return true;
      });
      expect(await used.catch((error: unknown) => !(error instanceof PromotionGone))).toBe(usable);
    }
  });
});

describe('giveBack', () => {
  it('frees what an order used, once, in total and for the customer', async () => {
    const made = await coupon({ usageLimit: 2, usageLimitPerCustomer: 1 });
    const rules = await rulesOf(shop, made);
    const order = await redeem(shop, rules, { customer: 'ada' });
    await redeem(shop, rules, { customer: 'bo' });
    await giveBack(shop, order);
    const after = await promotionDump(shop);
    await giveBack(shop, order);
    await giveBack(shop, randomUUID());
    expect(await promotionDump(shop)).toBe(after);
    expect(await rowOf(made)).toMatchObject({ used: 1, version: 1 });
    await redeem(shop, rules, { customer: 'ada' });
    expect(await refusal([made], 'cy')).toBeInstanceOf(CouponUsedUp);
  });

  it('frees several promotions, also those without a limit', async () => {
    const made = [await automatic(), await coupon({ usageLimit: 1 }), await coupon({ usageLimitPerCustomer: 1 })];
    const rules = await rulesOf(shop, ...made);
    const order = await redeem(shop, rules, { customer: 'ada' });
    await giveBack(shop, order);
    expect((await Promise.all(made.map(rowOf))).map((row) => (row as { used: number }).used)).toEqual([0, 0, 0]);
    await redeem(shop, rules, { customer: 'ada', orderId: order });
  });

  it('never counts below 0', async () => {
    const made = await coupon({ usageLimit: 2 });
    const order = await redeem(shop, await rulesOf(shop, made));
    for (const table of ['promotions', 'promotion_customers']) {
      const id = table === 'promotions' ? 'id' : 'promotion_id';
      await shop.database.query(`test.zero.${table}`, `UPDATE ${table} SET used = 0 WHERE ${id} = $1`, [made.uuid]);
    }
    await giveBack(shop, order);
    expect(await rowOf(made)).toMatchObject({ used: 0 });
  });
});
