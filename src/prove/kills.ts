import { randomUUID } from 'node:crypto';
import { addressOf, type Line, type Placed } from '../scratch/buyers.js';
import { CHANGES } from '../scratch/documents.js';
import type { Answer } from '../scratch/shop-client.js';
import { basket, type Goods } from '../scratch/staff.js';
import { waitUntil } from '../scratch/waiting.js';
import { ordersOf } from './prove.queries.js';
import type { Random } from './random.js';
import { none, onlyCodes, pause, type Evidence, type Findings, type Round, type Stage } from './round.js';

const SHOPPERS = 16;
/** Between two orders of one shopper, at most. */
const THINKING_MS = 60;
/** The same while something is started again: a machine with nothing to spare would be long in that. */
const CALM_MS = 1_000;
/** Many things, so that shoppers do not only wait for each other; the last one is soon sold out. */
const STOCKS = [...Array<number>(12).fill(100_000), 15];
/** Answers after the last shot. */
const AFTERWARDS = 20;
const TRADE_MS = 90_000;

/** When something is killed: so many answers after the last time, and some milliseconds. */
interface Shot {
  answers: number;
  ms: number;
  /** Which one, from 0 to 1. */
  victim: number;
  both: boolean;
}

/** What shoppers find, and what they have been answered. */
interface Sale {
  goods: readonly Goods[];
  coupon: string;
  over: boolean;
  /** Something was killed and is being started again. */
  calm: boolean;
  attempts: Attempt[];
  cancelled: Answer[];
}

interface Attempt {
  key: string;
  placed: Placed;
}

/** Servers of the shop are killed, one of them or both. */
export const killServer: Round = {
  name: 'kill-server',
  title: 'Kill the server',
  promise: 'A server that is killed in the middle of an order loses no order and makes none twice.',
  run: (stage) =>
    underFire(stage, async ({ victim, both }) => {
      const chosen = Math.floor(victim * stage.servers.length);
      const victims = stage.servers.filter((_, index) => both || index === chosen);
      await Promise.all(victims.map((server) => server.kill()));
      await Promise.all(victims.map((server) => server.start(stage.signal)));
    }),
};

/** The server of the database is killed. */
export const killDatabase: Round = {
  name: 'kill-database',
  title: 'Kill the database',
  promise: 'A database that is killed in the middle of an order keeps what was acknowledged, and nothing by halves.',
  run: (stage) => underFire(stage, () => stage.scratch.kill(stage.signal)),
};

/** Shoppers order again and again, each order until it has an answer, while something is killed at random moments. */
async function underFire(stage: Stage, kill: (shot: Shot) => Promise<void>): Promise<Findings> {
  const goods = await stage.staff.goods('Under fire', STOCKS);
  const coupon = await stage.staff.coupon({ usageLimit: 30 });
  const sale: Sale = { goods, coupon, over: false, calm: false, attempts: [], cancelled: [] };
  const shots = plan(stage);
  const repeatsBefore = stage.client.repeats;
  const shoppers = Array.from({ length: SHOPPERS }, (_, index) => shop(stage, sale, stage.random.branch(`${index}`)));
  await Promise.all([fire(stage, sale, shots, kill), ...shoppers]);
  const { attempts, cancelled } = sale;
  const placings = attempts.map(({ placed }) => placed);
  const orders = placings.filter(({ order }) => order !== null).length;
  const repeats = stage.client.repeats - repeatsBefore;
  return {
    figures: `killed ${shots.length} times under ${SHOPPERS} shoppers: ${attempts.length} keys, ${attempts.length} answers, ${orders} orders; asked again ${repeats} times`,
    broken: [
      ...onlyCodes(placings, 'OK', 'OUT_OF_STOCK', 'COUPON_USED_UP'),
      ...onlyCodes(cancelled, 'OK'),
      ...(await wrongOrders(stage, attempts)),
    ],
  };
}

function plan({ random, short }: Stage): Shot[] {
  return Array.from({ length: short ? 2 : 6 }, (_, index) => ({
    answers: random.integer(5, short ? 30 : 60),
    ms: random.integer(0, 150),
    victim: random.next(),
    // Each kind once at least, then by chance.
    both: index === 1 || (index > 1 && random.next() < 0.4),
  }));
}

async function fire(
  stage: Stage,
  sale: Sale,
  shots: readonly Shot[],
  kill: (shot: Shot) => Promise<void>,
): Promise<void> {
  try {
    for (const [index, shot] of shots.entries()) {
      await trade(stage, sale, shot.answers);
      await pause(stage, shot.ms);
      sale.calm = true;
      await kill(shot);
      sale.calm = false;
      stage.moved(index + 1, shots.length);
    }
    await trade(stage, sale, AFTERWARDS);
  } finally {
    sale.over = true;
  }
}

/** Waits for so many more answers. */
async function trade({ signal }: Stage, { attempts }: Sale, answers: number): Promise<void> {
  const enough = attempts.length + answers;
  await waitUntil(() => attempts.length >= enough, { what: 'shoppers had answers', timeoutMs: TRADE_MS, signal });
}

async function shop(stage: Stage, sale: Sale, random: Random): Promise<void> {
  while (!sale.over) {
    const key = randomUUID();
    const placed = await visit(stage, sale, random, key);
    sale.attempts.push({ key, placed });
    const { order } = placed;
    if (order && random.next() < 0.1) sale.cancelled.push(await stage.staff.cancel(order.id));
    await pause(stage, random.integer(0, sale.calm ? CALM_MS : THINKING_MS));
  }
}

/** One order: of lines or of a cart, on account or by card, perhaps with a coupon, perhaps of what is scarce. */
async function visit(stage: Stage, { goods, coupon }: Sale, random: Random, key: string): Promise<Placed> {
  const lines = wish(random, goods);
  const isCart = random.next() < 0.15;
  const traits = {
    payment: random.next() < 0.3 ? { method: 'sandbox', token: 'succeed' } : { method: 'manual' },
    ...(random.next() < 0.1 && { coupons: [coupon] }),
  };
  if (!isCart) return stage.buyers.order(lines, traits, { key });
  const { code, payload } = await stage.client.send(CHANGES.createCart, { lines });
  if (!payload?.cart) return { code, payload: null, order: null };
  return stage.buyers.orderCart(payload.cart.id, addressOf(key), { key });
}

/** Two or three different things, in any order. */
function wish(random: Random, goods: readonly Goods[]): Line[] {
  const chosen = new Set([random.pick(goods), random.pick(goods), random.pick(goods)]);
  return [...chosen].flatMap((thing) => basket([thing, random.integer(1, 2)]));
}

/** Each key has the one order that was acknowledged, or none when it was refused. */
async function wrongOrders(stage: Stage, attempts: readonly Attempt[]): Promise<Evidence[]> {
  const rows = await ordersOf(
    stage.database,
    attempts.map(({ key }) => addressOf(key)),
  );
  const byEmail = new Map(rows.map((row) => [row.email, row]));
  const wrong = attempts.flatMap(({ key, placed }) => {
    const row = byEmail.get(addressOf(key));
    const told = placed.order ? [placed.order.number] : [];
    return String(row?.numbers) === String(told) ? [] : [{ key, answered: placed.code, told, orders: row?.numbers }];
  });
  return none('keys whose orders are not the one that was answered', wrong);
}
