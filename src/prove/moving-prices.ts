import type { Placed } from '../scratch/buyers.js';
import type { Answer } from '../scratch/shop-client.js';
import { basket, PRICE, type Goods } from '../scratch/staff.js';
import { atOnce, countOf, none, onlyCodes, pause, type Round, type Stage } from './round.js';
import { ordersAtOldPrices } from './sums.queries.js';

const PRICES = ['10.00', '11.00', '12.00', '13.00'];
const STAFF = 4;
const MOST_CHANGES = 200;
const PAUSE_MS = 5;

/** Prices change while buyers order; some of them say what they expect to pay. */
export const movingPrices: Round = {
  name: 'prices',
  title: 'Moving prices',
  promise: 'An order costs what its goods cost at that moment, and never more than the buyer was shown.',
  async run(stage) {
    const buyers = stage.short ? 60 : 120;
    const [goods] = await stage.staff.goods('Prices', [1_000]);
    const expected = Array.from({ length: buyers }, (_, index) => (index % 2 ? stage.random.pick(PRICES) : null));
    const sale = { over: false };
    const buying = atOnce(stage, expected, (amount) =>
      stage.buyers.order(basket([goods, 1]), amount === null ? {} : { expectedTotal: { amount } }),
    ).finally(() => (sale.over = true));
    const changing = Array.from({ length: STAFF }, () => changePrices(stage, goods, sale));
    const [answers, ...changed] = await Promise.all([buying, ...changing]);
    const changes = changed.flat();
    const broken = [
      ...onlyCodes(answers, 'OK', 'PRICE_CHANGED'),
      ...onlyCodes(changes, 'OK'),
      ...none('orders that cost something else than the buyer was shown', answers.filter(surprises(expected))),
      ...none('orders at a price that had been changed before', await ordersAtOldPrices(stage.database)),
    ];
    const [ok, refused] = [countOf(answers, 'OK'), countOf(answers, 'PRICE_CHANGED')];
    const figures = `${changes.length} changes of a price, ${buyers} buyers meanwhile: ${ok} orders, ${refused} refused because the price was another one`;
    return { figures, broken };
  },
};

async function changePrices(stage: Stage, goods: Goods, sale: { over: boolean }): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (!sale.over && answers.length < MOST_CHANGES) {
    const amount = PRICES[(answers.length + 1) % PRICES.length] ?? PRICE;
    answers.push(await stage.staff.setPrice(goods, amount));
    await pause(stage, PAUSE_MS);
  }
  return answers;
}

function surprises(expected: readonly (string | null)[]): (answer: Placed, index: number) => boolean {
  return ({ order }, index) => order !== null && expected[index] !== null && order.total.amount !== expected[index];
}
