import { randomUUID } from 'node:crypto';
import { addressOf, type Placed } from '../scratch/buyers.js';
import { CHANGES } from '../scratch/documents.js';
import { basket } from '../scratch/staff.js';
import { ordersOf } from './prove.queries.js';
import { atOnce, countOf, none, onlyCodes, type Evidence, type Round, type Stage } from './round.js';

const KEYS = 20;
const TIMES_EACH = 5;

/** The same order with the same key many times at once, and one cart ordered many times at once. */
export const sameKey: Round = {
  name: 'key',
  title: 'The same key',
  promise: 'However often and wherever an order is sent with one key, it is placed once and answered alike.',
  async run(stage) {
    const { times, carts } = stage.short ? { times: 50, carts: 16 } : { times: 100, carts: 30 };
    const [goods] = await stage.staff.goods('Same key', [1_000]);
    const key = randomUUID();
    const order = (quantity: number, by = key): Promise<Placed> =>
      stage.buyers.order(basket([goods, quantity]), {}, { key: by });
    const answers = await atOnce(stage, Array<number>(times).fill(2), (quantity) => order(quantity));
    const others = await atOnce(stage, [1, 3, 4], (quantity) => order(quantity));
    // The first of each key meet in both servers.
    const keys = Array.from({ length: KEYS }, () => randomUUID());
    const more = await atOnce(stage, keys, (by) => Promise.all(Array.from({ length: TIMES_EACH }, () => order(1, by))));
    const [cart, email] = [
      await stage.client.send(CHANGES.createCart, { lines: basket([goods, 3]) }),
      addressOf(randomUUID()),
    ];
    const cartId = cart.payload?.cart?.id ?? '';
    const placings = await atOnce(stage, Array<string>(carts).fill(cartId), (id) => stage.buyers.orderCart(id, email));
    const broken = [
      ...onlyCodes([...answers, ...more.flat()], 'OK'),
      ...(await wrongOrders(stage, 'key', [[addressOf(key), answers]])),
      ...onlyCodes(others, 'IDEMPOTENCY_CONFLICT'),
      ...(await wrongOrders(
        stage,
        'key',
        keys.map((by, index) => [addressOf(by), more[index] ?? []]),
      )),
      ...onlyCodes([cart, ...placings], 'OK'),
      ...(await wrongOrders(stage, 'cart', [[email, placings]])),
    ];
    const conflicts = countOf(others, 'IDEMPOTENCY_CONFLICT');
    const figures = `one key ${times} times at once: ${different(answers)} order; ${KEYS} keys ${TIMES_EACH} times each at once: ${different(more.flat())} orders; with other baskets: ${conflicts} of 3 are conflicts; one cart ${carts} times at once: ${different(placings)} order`;
    return { figures, broken };
  },
};

/** Each address must have one order, and all who asked for it the same answer. */
async function wrongOrders(
  stage: Stage,
  what: string,
  asked: readonly (readonly [email: string, answers: readonly Placed[]])[],
): Promise<Evidence[]> {
  const rows = await ordersOf(
    stage.database,
    asked.map(([email]) => email),
  );
  const wrong = asked.flatMap(([email, answers]) => {
    const orders = rows.find((row) => row.email === email)?.orders ?? 0;
    const told = new Set(answers.map(({ payload }) => JSON.stringify(payload))).size;
    return orders === 1 && told === 1
      ? []
      : [{ email, orders, differentAnswers: told, differentOrders: different(answers) }];
  });
  return none(`a ${what} with more or less than one order and one answer`, wrong);
}

function different(answers: readonly Placed[]): number {
  return new Set(answers.flatMap(({ order }) => order?.number ?? [])).size;
}
