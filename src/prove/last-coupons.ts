import type { Placed } from '../scratch/buyers.js';
import { basket } from '../scratch/staff.js';
import { usesOf } from './prove.queries.js';
import { atOnce, countOf, equal, none, onlyCodes, type Round } from './round.js';

const THINGS = 40;

/** More buyers at once than a coupon has uses, and one customer who wants to use another one again and again. */
export const lastCoupons: Round = {
  name: 'coupons',
  title: 'The last coupons',
  promise: 'A coupon is never used more often than it may be, neither by all together nor by one customer.',
  async run(stage) {
    const { buyers, uses, times } = stage.short
      ? { buyers: 36, uses: 12, times: 12 }
      : { buyers: 60, uses: 20, times: 20 };
    // Each buys something else: orders for the same thing wait for each other there, and would not meet at the coupon.
    const goods = await stage.staff.goods('Coupons', Array<number>(THINGS).fill(100));
    const [limited, personal] = await Promise.all([
      stage.staff.coupon({ usageLimit: uses }),
      stage.staff.coupon({ usageLimitPerCustomer: 1 }),
    ]);
    const wishes = Array.from({ length: buyers + times }, (_, index) => ({
      byAll: index < buyers,
      thing: stage.random.pick(goods),
    }));
    const answers = await atOnce(stage, wishes, ({ byAll, thing }) =>
      stage.buyers.order(
        basket([thing, 1]),
        byAll ? { coupons: [limited] } : { coupons: [personal], email: spelling(stage.random.next()) },
      ),
    );
    const [all, one] = [answers.slice(0, buyers), answers.slice(buyers)];
    const [usedByAll, usedByOne] = [await usesOf(stage.database, limited), await usesOf(stage.database, personal)];
    const broken = [
      ...onlyCodes(answers, 'OK', 'COUPON_USED_UP'),
      ...equal('orders with a coupon for all', countOf(all, 'OK'), uses),
      ...equal('orders with a coupon for one customer', countOf(one, 'OK'), 1),
      ...equal('uses that are counted', usedByAll.used, uses),
      ...equal('uses that are noted, of the coupon for all', usedByAll.redeemed, uses),
      ...equal('uses that are noted, of the coupon for one customer', usedByOne.redeemed, 1),
      ...equal('orders that a coupon was taken off, of the coupon for all', usedByAll.ordered, uses),
      ...none('orders without their discount', answers.filter(lacksDiscount)),
    ];
    const figures = `${uses} uses for ${buyers} buyers at once: ${countOf(all, 'OK')} used; 1 for each customer, asked ${times} times at once by one: ${countOf(one, 'OK')} used`;
    return { figures, broken };
  },
};

// Upper and lower case are the same customer.
function spelling(chance: number): string {
  return chance < 0.5 ? 'Same.Customer@prove.example' : 'same.customer@PROVE.example';
}

function lacksDiscount({ order }: Placed): boolean {
  return order !== null && order.discountTotal.amount !== '1.00';
}
