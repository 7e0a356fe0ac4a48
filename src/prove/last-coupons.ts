import type { Placed } from '../scratch/buyers.js';
import { basket } from '../scratch/staff.js';
import { usesOf } from './prove.queries.js';
import { atOnce, countOf, equal, none, onlyCodes, type Round } from './round.js';

const THINGS = 40;
/** How often each customer wants to use the coupon at once: few enough that none of them waits for a connection. */
const TIMES = 8;

/** More buyers at once than a coupon has uses, and customers who each want to use another one several times at once. */
export const lastCoupons: Round = {
  name: 'coupons',
  title: 'The last coupons',
  promise: 'A coupon is never used more often than it may be, neither by all together nor by one customer.',
  async run(stage) {
    const { buyers, uses, customers } = stage.short
      ? { buyers: 36, uses: 12, customers: 6 }
      : { buyers: 60, uses: 20, customers: 10 };
    // Each buys something else: orders for the same thing wait for each other there, and would not meet at the coupon.
    const goods = await stage.staff.goods('Coupons', Array<number>(THINGS).fill(100));
    const [limited, personal] = await Promise.all([
      stage.staff.coupon({ usageLimit: uses }),
      stage.staff.coupon({ usageLimitPerCustomer: 1 }),
    ]);
    const ofAll = Array.from({ length: buyers }, () => stage.random.pick(goods));
    const all = await atOnce(stage, ofAll, (thing) => stage.buyers.order(basket([thing, 1]), { coupons: [limited] }));
    const each: Placed[] = [];
    for (let customer = 0; customer < customers; customer += 1) {
      const tries = goods.slice(customer, customer + TIMES).map((thing) => ({
        thing,
        email: spelling(customer, stage.random.next()),
      }));
      const order = ({ thing, email }: (typeof tries)[0]): Promise<Placed> =>
        stage.buyers.order(basket([thing, 1]), { coupons: [personal], email });
      each.push(...(await atOnce(stage, tries, order)));
    }
    const answers = [...all, ...each];
    const [usedByAll, usedByEach] = [await usesOf(stage.database, limited), await usesOf(stage.database, personal)];
    const broken = [
      ...onlyCodes(answers, 'OK', 'COUPON_USED_UP'),
      ...equal('orders with a coupon for all', countOf(all, 'OK'), uses),
      ...equal('orders with a coupon for each customer', countOf(each, 'OK'), customers),
      ...equal('uses that are counted', usedByAll.used, uses),
      ...equal('uses that are noted, of the coupon for all', usedByAll.redeemed, uses),
      ...equal('uses that are noted, of the coupon for each customer', usedByEach.redeemed, customers),
      ...equal('orders that a coupon was taken off, of the coupon for all', usedByAll.ordered, uses),
      ...none('orders without their discount', answers.filter(lacksDiscount)),
    ];
    const figures = `${uses} uses for ${buyers} buyers at once: ${countOf(all, 'OK')} used; 1 for each of ${customers} customers, tried ${TIMES} times at once: ${countOf(each, 'OK')} used`;
    return { figures, broken };
  },
};

// Upper and lower case are the same customer.
function spelling(customer: number, chance: number): string {
  return chance < 0.5 ? `Same.Customer${customer}@prove.example` : `same.customer${customer}@PROVE.example`;
}

function lacksDiscount({ order }: Placed): boolean {
  return order !== null && order.discountTotal.amount !== '1.00';
}
