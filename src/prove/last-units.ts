import type { Placed } from '../scratch/buyers.js';
import { stockOf } from './prove.queries.js';
import {
  atOnce,
  countOf,
  equal,
  none,
  onlyCodes,
  type Evidence,
  type Findings,
  type Round,
  type Stage,
} from './round.js';
import { basket, type Goods } from '../scratch/staff.js';

/** Units that somebody wants, of the first and the second thing. */
interface Wish {
  first: number;
  second: number;
  /** The basket names the second thing first. */
  turned: boolean;
}

/** Many buyers at once for few units of two products, in baskets of both orders. */
export const lastUnits: Round = {
  name: 'units',
  title: 'The last units',
  promise: 'No unit is sold twice, and nobody is refused what is still there.',
  async run(stage) {
    const { buyers, units } = stage.short
      ? { buyers: 100, units: [14, 11] as const }
      : { buyers: 200, units: [27, 23] as const };
    const goods = await stage.staff.goods('Last units', units);
    const wishes = Array.from({ length: buyers }, () => wish(stage));
    const answers = await atOnce(stage, wishes, (wanted) => stage.buyers.order(linesOf(wanted, goods)));
    return judge(stage, goods, wishes, answers);
  },
};

// Most want both things; a few want one unit only, and buy what the others have to leave.
function wish({ random }: Stage): Wish {
  const turned = random.next() < 0.5;
  if (random.next() < 0.2) return turned ? { first: 1, second: 0, turned } : { first: 0, second: 1, turned };
  return { first: random.integer(1, 2), second: random.integer(1, 2), turned };
}

function linesOf({ first, second, turned }: Wish, [a, b]: readonly [Goods, Goods]): ReturnType<typeof basket> {
  const lines = basket([a, first], [b, second]).filter(({ quantity }) => quantity > 0);
  return turned ? lines.toReversed() : lines;
}

async function judge(
  stage: Stage,
  goods: readonly Goods[],
  wishes: readonly Wish[],
  answers: readonly Placed[],
): Promise<Findings> {
  const rows = await stockOf(
    stage.database,
    goods.map(({ sku }) => sku),
  );
  const [left, sold] = [leftOf(goods, rows), unitsSold(wishes, answers)];
  const stock = goods.reduce((sum, { stock: units }) => sum + units, 0);
  const fitting = wishes.filter(
    ({ first, second }, index) => answers[index]?.code !== 'OK' && first <= left.first && second <= left.second,
  );
  const broken: Evidence[] = [
    ...onlyCodes(answers, 'OK', 'OUT_OF_STOCK'),
    ...(sold > stock ? [{ what: 'more units were sold than there were', rows: [{ stock, sold }] }] : []),
    ...equal('units that are left', left.first + left.second, stock - sold),
    ...none(
      'things of which more was sold than there was',
      rows.filter(({ onHand }) => onHand < 0),
    ),
    ...none('orders that were refused although their units are there', fitting),
  ];
  const [ok, refused] = [countOf(answers, 'OK'), countOf(answers, 'OUT_OF_STOCK')];
  const figures = `${answers.length} buyers at once for ${stock} units: ${sold} sold in ${ok} orders, ${refused} refused`;
  return { figures, broken };
}

function leftOf(
  goods: readonly Goods[],
  rows: readonly { sku: string; onHand: number }[],
): { first: number; second: number } {
  const [first, second] = goods.map((thing) => rows.find(({ sku }) => sku === thing.sku)?.onHand ?? 0);
  return { first: first ?? 0, second: second ?? 0 };
}

function unitsSold(wishes: readonly Wish[], answers: readonly Placed[]): number {
  return wishes
    .filter((_, index) => answers[index]?.code === 'OK')
    .reduce((sum, { first, second }) => sum + first + second, 0);
}
