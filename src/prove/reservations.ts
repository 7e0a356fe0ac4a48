import type { Placed } from '../scratch/buyers.js';
import { CHANGES } from '../scratch/documents.js';
import type { Answer } from '../scratch/shop-client.js';
import { basket, type Goods } from '../scratch/staff.js';
import { waitUntil } from '../scratch/waiting.js';
import { expireHalf, outcomesOf, overdue, stockOf } from './prove.queries.js';
import { atOnce, countOf, none, onlyCodes, pause, type Evidence, type Round, type Stage } from './round.js';

/** What cards do: most pay at once, some are declined, some leave the shop waiting or are told about later, twice or late. */
const CARDS = ['succeed', 'succeed', 'decline', 'decline', 'pending', 'pending', 'authorize', 'twice', 'disordered'];
const SWEPT_MS = 30_000;

/** Orders whose payment is awaited: paid, declined, given up by customers and run out of time, all at once. */
export const reservations: Round = {
  name: 'reservations',
  title: 'Reservations',
  promise: 'Units wait for their payment; without one they are sold again, every one of them and once.',
  async run(stage) {
    const { buyers, units, ms } = stage.short
      ? { buyers: 40, units: [50, 50], ms: 2_000 }
      : { buyers: 90, units: [110, 110], ms: 3_000 };
    const goods = await stage.staff.goods('Reserved', units);
    const skus = goods.map(({ sku }) => sku);
    const customers = await Promise.all(Array.from({ length: 6 }, () => stage.customer()));
    const coupon = await stage.staff.coupon({ usageLimit: buyers });
    const plan = Array.from({ length: buyers }, () => ({
      lines: wish(stage, goods),
      token: stage.random.pick(customers),
      card: stage.random.pick(CARDS),
      coupons: stage.random.next() < 0.3 ? [coupon] : [],
      // Meets the sweep of the server that is started below.
      givenUpAfterMs: stage.random.next() < 0.5 ? stage.random.integer(0, ms) : null,
    }));
    const buying = atOnce(stage, plan, async ({ lines, token, card, coupons, givenUpAfterMs }) => {
      const payment = { method: 'sandbox', token: card };
      const placed = await stage.buyers.order(lines, { payment, coupons }, { token });
      return [placed, await giveUp(stage, placed, token, givenUpAfterMs)] as const;
    });
    const [answers] = await Promise.all([buying, sweep(stage, skus)]);
    const isSwept = async (): Promise<boolean> => (await overdue(stage.database, skus)) === 0;
    const { signal } = stage;
    await waitUntil(isSwept, { what: 'orders without a payment had ended', timeoutMs: SWEPT_MS, signal });
    const placings = answers.map(([placed]) => placed);
    const attempts = answers.flatMap(([, attempt]) => attempt ?? []);
    const { paid, awaited, byCustomer, byShop } = await outcomesOf(stage.database, skus);
    return {
      figures: `${buyers} buyers at once, ${countOf(placings, 'OK')} orders: ${paid} paid, ${byCustomer} given up by customers, ${byShop} ended because their time was over, ${awaited} awaited`,
      broken: [
        ...onlyCodes(placings, 'OK', 'OUT_OF_STOCK'),
        ...onlyCodes(attempts, 'OK', 'ILLEGAL_TRANSITION'),
        ...(await wrongStock(stage, goods)),
      ],
    };
  },
};

function wish({ random }: Stage, goods: readonly Goods[]): ReturnType<typeof basket> {
  const lines = goods.flatMap((thing) => basket([thing, random.integer(1, 2)]));
  return random.next() < 0.5 ? lines : lines.toReversed();
}

/** The customer gives the order up after so many milliseconds. */
async function giveUp(stage: Stage, { order }: Placed, token: string, afterMs: number | null): Promise<Answer | null> {
  if (!order || afterMs === null) return null;
  await pause(stage, afterMs);
  return stage.client.send(CHANGES.cancelOrder, { orderId: order.id }, { token });
}

/** Lets time run out for half of the orders, just when a server is started again: it looks for such orders first of all. */
async function sweep(stage: Stage, skus: readonly string[]): Promise<void> {
  await pause(stage, stage.random.integer(300, 600));
  const [server] = stage.servers;
  await server?.kill();
  const starting = server?.start(stage.signal);
  await pause(stage, stage.random.integer(500, 1_000));
  await stage.database.transaction((tx) => expireHalf(tx, skus));
  await starting;
}

async function wrongStock(stage: Stage, goods: readonly Goods[]): Promise<Evidence[]> {
  const rows = await stockOf(
    stage.database,
    goods.map(({ sku }) => sku),
  );
  const wrong = rows.filter(({ sku, onHand, reserved, sold, awaited }) => {
    const stock = goods.find((thing) => thing.sku === sku)?.stock;
    return onHand + sold !== stock || reserved !== awaited || onHand < reserved;
  });
  return none(
    'things with other units on hand and sold than at the beginning, or with more promised than awaited or on hand',
    wrong,
  );
}
