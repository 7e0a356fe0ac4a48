import { randomUUID } from 'node:crypto';
import { addressOf } from '../scratch/buyers.js';
import { CHANGES } from '../scratch/documents.js';
import { basket } from '../scratch/staff.js';
import { ATTEMPTS, refusalOf, type Targets } from './constraints.queries.js';
import { none, type Round, type Stage } from './round.js';

/** Wrong states written straight into the tables, past the whole program. */
export const constraints: Round = {
  name: 'database',
  title: 'The database itself',
  promise: 'Even a program with a mistake cannot write what must never be: the tables refuse it.',
  async run(stage) {
    const targets = await prepare(stage);
    const refusals: { what: string; expected: string; refusedBy: string }[] = [];
    for (const attempt of ATTEMPTS) {
      const { what, constraint: expected } = attempt;
      refusals.push({ what, expected, refusedBy: await refusalOf(stage.database, attempt, targets) });
      stage.moved(refusals.length, ATTEMPTS.length);
    }
    const wrong = refusals.filter(({ expected, refusedBy }) => expected !== refusedBy);
    const figures = `${ATTEMPTS.length} wrong states written by hand, ${ATTEMPTS.length - wrong.length} refused by their constraint`;
    return { figures, broken: none('wrong states that were not refused by their constraint', wrong) };
  },
};

const card = (token: string): object => ({ payment: { method: 'sandbox', token } });

/** Orders and carts to make the attempts on. */
async function prepare(stage: Stage): Promise<Targets> {
  const [goods] = await stage.staff.goods('Constraints', [100]);
  const coupon = await stage.staff.coupon({ usageLimit: 5 });
  const lines = basket([goods, 2]);
  const token = await stage.customer();
  const cartId = (await stage.client.send(CHANGES.createCart, { lines }, { token })).payload?.cart?.id ?? '';
  const ordered = await stage.buyers.orderCart(cartId, addressOf(randomUUID()), { token });
  const paid = await stage.buyers.order(lines, { ...card('succeed'), coupons: [coupon] });
  const awaited = await stage.buyers.order(lines, card('pending'));
  const open = await stage.client.send(CHANGES.createCart, { lines }, { token });
  const codes = [ordered, paid, awaited, open].map(({ code }) => code);
  if (!ordered.order || !paid.order || !awaited.order || !open.payload) {
    throw new Error(`What the attempts are made on was refused: ${codes.join(', ')}`);
  }
  return { sku: goods.sku, order: ordered.order.number, paid: paid.order.number, coupon };
}
