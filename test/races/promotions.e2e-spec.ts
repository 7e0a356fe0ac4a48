import { randomUUID } from 'node:crypto';
import { Role } from '../../src/access/role.js';
import type { PromotionRule } from '../../src/promotions/discount.rules.js';
import { CouponUsedUp, PromotionGone } from '../../src/promotions/promotions.errors.js';
import { PromotionsService } from '../../src/promotions/promotions.service.js';
import { signUp, type Account } from '../support/accounts.js';
import { change, codeOf, countOf, pick, seeded } from '../support/catalogue.js';
import { giveBack, makePromotion, PROMOTION_CHANGES, redeem, rulesOf, wrongUses } from '../support/promotions.js';
import { startShop, type Shop } from '../support/shop.js';

let shop: Shop;
let staff: Account;
let service: PromotionsService;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: '20' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  service = shop.app.get(PromotionsService, { strict: false });
});

afterEach(async () => expect(await wrongUses(shop)).toEqual([]));

afterAll(() => shop?.close());

/** How often each outcome occurred: `OK`, or the name of what was thrown. */
async function tally(attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of await Promise.allSettled(attempts)) {
    const name = result.status === 'fulfilled' ? 'OK' : (result.reason as Error).constructor.name;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

const many = <T>(count: number, start: (n: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_, n) => start(n));
const redemptionsOf = (promotionId: string | undefined): Promise<number> =>
  countOf(shop, 'SELECT count(*) AS n FROM promotion_redemptions WHERE promotion_id = $1', [promotionId]);
const usedOf = (promotionId: string | undefined): Promise<number> =>
  countOf(shop, 'SELECT used AS n FROM promotions WHERE id = $1', [promotionId]);

describe('limits', () => {
  it('give a coupon for 20 to exactly 20 of 60', async () => {
    const made = await makePromotion(shop, staff, { code: 'TWENTY', usageLimit: 20 });
    const rules = await rulesOf(shop, made);
    expect(await tally(many(60, (n) => redeem(shop, rules, { customer: `customer ${n}` })))).toEqual({
      OK: 20,
      [CouponUsedUp.name]: 40,
    });
    expect([await redemptionsOf(made.uuid), await usedOf(made.uuid)]).toEqual([20, 20]);
  });

  it.each([
    ['that all may use', {}],
    ['with a total of its own', { usageLimit: 30 }],
  ])('give a coupon %s once to one customer of 30 attempts', async (_, traits) => {
    const rules = await rulesOf(
      shop,
      await makePromotion(shop, staff, { code: randomCode(), usageLimitPerCustomer: 1, ...traits }),
    );
    expect(await tally(many(30, () => redeem(shop, rules, { customer: 'ada' })))).toEqual({
      OK: 1,
      [CouponUsedUp.name]: 29,
    });
    expect(await redemptionsOf(rules[0]?.id)).toBe(1);
  });

  it('give an automatic promotion to exactly as many, and tell the others to price again', async () => {
    const rules = await rulesOf(shop, await makePromotion(shop, staff, { usageLimit: 7 }));
    expect(await tally(many(40, () => redeem(shop, rules)))).toEqual({ OK: 7, [PromotionGone.name]: 33 });
  });
});

describe('locks', () => {
  it('deadlock nobody who redeems the same promotions in other orders', async () => {
    const made = [];
    for (const traits of [{ usageLimit: 200 }, { usageLimit: 25 }, {}, { usageLimitPerCustomer: 40 }]) {
      made.push(await makePromotion(shop, staff, { code: randomCode(), ...traits }));
    }
    const rules = await rulesOf(shop, ...made);
    const random = seeded(7);
    let attempts = 0;
    const once = (promotions: readonly PromotionRule[]): Promise<void> =>
      shop.database.transaction((tx) => {
        attempts += 1;
        return service.redeem(tx, { orderId: randomUUID(), customer: pick(random, ['ada', 'bo', 'cy']), promotions });
      });
    const orders = many(120, () => once(rules.toSorted(() => random() - 0.5).slice(0, 2 + Math.floor(random() * 3))));
    const counts = await tally(orders);
    expect(attempts).toBe(120);
    expect((counts['OK'] ?? 0) + (counts[CouponUsedUp.name] ?? 0)).toBe(120);
    expect(await redemptionsOf(made[1]?.uuid)).toBe(25);
  });

  it('let orders with a promotion without a limit pass each other', async () => {
    const rules = await rulesOf(shop, await makePromotion(shop, staff));
    let release: () => void = () => undefined;
    let inside = 0;
    // Both are in their transactions, with the promotion redeemed, before either goes on.
    const met = new Promise<void>((resolve) => (release = resolve));
    const orders = many(2, (n) =>
      shop.database.transaction(async (tx) => {
        await service.redeem(tx, { orderId: randomUUID(), customer: `customer ${n}`, promotions: rules });
        inside += 1;
        if (inside === 2) release();
        await met;
      }),
    );
    expect(await tally(orders)).toEqual({ OK: 2 });
  });
});

describe('orders that come and go', () => {
  it('leave as many uses as redemptions', async () => {
    const made = [];
    for (const traits of [{ usageLimit: 8 }, { usageLimit: 15, usageLimitPerCustomer: 3 }, {}]) {
      made.push(await makePromotion(shop, staff, { code: randomCode(), ...traits }));
    }
    const rules = await rulesOf(shop, ...made);
    const random = seeded(23);
    const customer = async (n: number): Promise<string[]> => {
      const done = [];
      for (let round = 0; round < 6; round += 1) {
        const some = rules.toSorted(() => random() - 0.5).slice(0, 1 + Math.floor(random() * 3));
        const order = await redeem(shop, some, { customer: `customer ${n % 5}` }).catch((thrown: Error) => thrown);
        done.push(order instanceof Error ? order.constructor.name : 'redeemed');
        // Cancelled twice at once: the second finds nothing.
        if (!(order instanceof Error) && random() < 0.7)
          await Promise.all([giveBack(shop, order), giveBack(shop, order)]);
      }
      return done;
    };
    const outcomes = new Set((await Promise.all(many(20, customer))).flat());
    // Gone: it was used up, and was freed before the reason was looked for.
    const possible = ['redeemed', CouponUsedUp.name, PromotionGone.name];
    expect([...outcomes].filter((outcome) => !possible.includes(outcome))).toEqual([]);
    expect(outcomes).toContain('redeemed');
    for (const { uuid } of made.slice(0, 2)) expect(await usedOf(uuid)).toBe(await redemptionsOf(uuid));
  });
});

describe('staff who change a promotion while it is used', () => {
  const { update, delete: remove } = PROMOTION_CHANGES;

  it('count every use when a limit comes, goes and comes again', async () => {
    const random = seeded(31);
    for (let round = 0; round < 5; round += 1) {
      const made = await makePromotion(shop, staff, { code: randomCode() });
      const rules = await rulesOf(shop, made);
      const orders = many(30, async () => {
        const order = await redeem(shop, rules);
        if (random() < 0.4) await giveBack(shop, order);
      });
      for (const usageLimit of [100, null, 90, null, 80])
        await change(shop, staff, update, { id: made.id, usageLimit });
      const { OK = 0, [PromotionGone.name]: gone = 0 } = await tally(orders);
      expect(OK + gone).toBe(30);
      expect(await usedOf(made.uuid)).toBe(await redemptionsOf(made.uuid));
    }
  });

  it('never set a limit below what is used, whatever comes in between', async () => {
    for (let round = 0; round < 10; round += 1) {
      const made = await makePromotion(shop, staff, { code: randomCode() });
      const rules = await rulesOf(shop, made);
      const orders = many(10, () => redeem(shop, rules));
      const limited = await shop.send(update, { input: { id: made.id, usageLimit: 5 } }, staff.token);
      await tally(orders);
      const uses = await redemptionsOf(made.uuid);
      expect(codeOf(limited)).toBe(uses > 5 ? 'BAD_USER_INPUT' : 'OK');
    }
  });

  it('delete a promotion or see it used, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const made = await makePromotion(shop, staff, { code: randomCode(), ...(round % 2 ? { usageLimit: 9 } : {}) });
      const rules = await rulesOf(shop, made);
      const [used, deleted] = await Promise.all([
        tally([redeem(shop, rules)]),
        shop.send(remove, { input: { id: made.id } }, staff.token),
      ]);
      expect([
        [{ OK: 1 }, 'ILLEGAL_TRANSITION', 1],
        [{ [PromotionGone.name]: 1 }, 'OK', 0],
      ]).toContainEqual([used, codeOf(deleted), await redemptionsOf(made.uuid)]);
    }
  });
});

let codes = 0;

function randomCode(): string {
  codes += 1;
  return `RACE-${codes}`;
}
