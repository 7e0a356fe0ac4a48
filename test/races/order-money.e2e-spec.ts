import { Role } from '../../src/access/role.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import type { PaymentOutcome } from '../../src/payments/payment-provider.js';
import { PaymentsService } from '../../src/payments/payments.service.js';
import { SandboxProvider } from '../../src/payments/sandbox.provider.js';
import { OrderExpiry } from '../../src/returns/order-expiry.js';
import { outcomeOf, signUp, tally, type Account } from '../support/accounts.js';
import { pick, seeded } from '../support/catalogue.js';
import { deadlocks, wrongBooks } from '../support/order-books.js';
import {
  askProviders,
  bought,
  eventsOf,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  orderChanges,
  readOrder,
  stockOf,
} from '../support/orders.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

type Made = Record<string, any>;

const CONNECTIONS = 20;
const { cancel, start, capture, refund, fulfill, ship } = orderChanges('id state');
const sandbox = (token: string): { payment: object } => ({ payment: { method: 'sandbox', token } });

let shop: Shop;
let staff: Account;
let buyer: Account;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: String(CONNECTIONS) });
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
});

afterEach(async () => {
  await askProviders(shop);
  expect(await wrongBooks(shop)).toEqual([]);
});

afterAll(async () => {
  const found = await deadlocks(shop, CONNECTIONS);
  await shop.close();
  expect(found).toBe(0);
});

const send = (document: string, input: object, by?: Account): Promise<Answer> =>
  shop.send(document, { input }, by?.token);
const atOnce = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const read = async ({ id }: Made): Promise<Made> => (await readOrder(shop, { id }, staff)) ?? {};
const minor = (amount: number): object => ({ amount: { amount: (amount / 100).toFixed(2) } });

let notices = 0;

/** What tells by itself, for the provider, what has become of an order's first payment. */
async function notice({ id }: Made, outcome: PaymentOutcome): Promise<() => Promise<string>> {
  const sql = 'SELECT reference FROM payments WHERE order_id = $1 ORDER BY id LIMIT 1';
  const [row] = await shop.database.query<{ reference: string }>('test.reference', sql, [uuidOf('order', id)]);
  notices += 1;
  const told = { noticeId: `notice ${notices}`, reference: row?.reference ?? '', outcome };
  const delivery = shop.app.get(SandboxProvider, { strict: false }).deliveryOf(told);
  const payments = shop.app.get(PaymentsService, { strict: false });
  return () => payments.receive('sandbox', delivery).then(() => 'TOLD');
}

async function runOut({ id }: Made): Promise<void> {
  const sql = `UPDATE stock_reservations SET expires_at = now() - interval '1 second' WHERE holder_id = $1`;
  await shop.database.query('test.runOut', sql, [uuidOf('order', id)]);
}

describe('an order whose time is over', () => {
  it('is paid, cancelled or expired, and only one of it', async () => {
    const expiry = shop.app.get(OrderExpiry, { strict: false });
    const random = seeded(5);
    const made = await atOnce(20, async () => {
      const goods = await makeGoods(shop, staff, 5);
      return { goods, order: await bought(shop, [[goods, 2]], sandbox('pending'), buyer) };
    });
    const attempts: (() => Promise<string | number>)[] = Array.from({ length: 4 }, () => () => expiry.sweep());
    for (const { order } of made) {
      await runOut(order);
      attempts.push(await notice(order, 'CAPTURED'), await notice(order, 'CAPTURED'));
      attempts.push(await notice(order, pick(random, ['CAPTURED', 'AUTHORIZED', 'DECLINED'] as const)));
      attempts.push(async () => outcomeOf(await send(cancel, { orderId: order['id'] }, buyer)));
    }
    const outcomes = await Promise.all(attempts.toSorted(() => random() - 0.5).map((attempt) => attempt()));
    await askProviders(shop);
    const after = await Promise.all(made.map(({ order }) => read(order)));
    const swept = outcomes.filter((outcome) => typeof outcome === 'number').reduce((sum, count) => sum + count, 0);
    const cancelled = outcomes.filter((outcome) => outcome === 'DONE').length;
    expect(after.filter(({ state }) => state === 'CANCELLED')).toHaveLength(swept + cancelled);
    for (const [n, { goods, order }] of made.entries()) {
      const paid = after[n]?.['state'] === 'PAID';
      expect(await stockOf(shop, goods)).toEqual([paid ? 3 : 5, 0]);
      const end = paid ? 'PAYMENT_RECEIVED PENDING_PAYMENT>PAID' : 'CANCELLED PENDING_PAYMENT>CANCELLED';
      expect((await eventsOf(shop, order)).slice(1)).toEqual([end]);
      // Money that came all the same went back.
      const [payment] = after[n]?.['payments'] ?? [];
      const kept = Number(payment.capturedAmount.amount) - Number(payment.refundedAmount.amount);
      expect(kept).toBe(paid ? 20 : 0);
    }
  });

  it('is paid once by one of 10 who start at once', async () => {
    const goods = await makeGoods(shop, staff, 9);
    const order = await bought(shop, [[goods, 2]], sandbox('decline'), buyer);
    const input = { order: { id: order['id'] }, ...sandbox('succeed') };
    const {
      DONE,
      PAYMENT_ACTIVE = 0,
      ILLEGAL_TRANSITION = 0,
    } = tally(await atOnce(10, () => send(start, input, buyer)));
    expect([DONE, PAYMENT_ACTIVE + ILLEGAL_TRANSITION]).toEqual([1, 9]);
    const after = await read(order);
    expect(after).toMatchObject({ state: 'PAID', payments: [{ state: 'DECLINED' }, { state: 'CAPTURED' }] });
    expect(await stockOf(shop, goods)).toEqual([7, 0]);
  });
});

describe('money that goes back', () => {
  it('is never more than came, whoever asks for parts of it', async () => {
    const goods = await makeGoods(shop, staff, 99);
    const order = await bought(shop, [[goods, 3]], sandbox('succeed'), buyer);
    const answers = await atOnce(20, () => send(refund, { orderId: order['id'], ...minor(700) }, staff));
    expect(tally(answers)).toEqual({ DONE: 4, AMOUNT_TOO_HIGH: 16 });
    expect(await read(order)).toMatchObject({ state: 'PAID', refundedTotal: { amount: '28.00' } });
    const rest = await atOnce(6, () => send(refund, { orderId: order['id'] }, staff));
    expect(tally(rest)).toEqual({ DONE: 1, ILLEGAL_TRANSITION: 5 });
    expect(await read(order)).toMatchObject({ state: 'REFUNDED', refundedTotal: { amount: '30.00' } });
  });

  it('is for each unit once, and brings each unit back once', async () => {
    const goods = await makeGoods(shop, staff, 9);
    const order = await bought(shop, [[goods, 5]], sandbox('succeed'), buyer);
    const lines = [{ orderLineId: order['lines'][0].id, quantity: 1 }];
    const answers = await atOnce(12, () => send(refund, { orderId: order['id'], lines, restock: true }, staff));
    const { DONE, AMOUNT_TOO_HIGH = 0, ILLEGAL_TRANSITION = 0 } = tally(answers);
    expect([DONE, AMOUNT_TOO_HIGH + ILLEGAL_TRANSITION]).toEqual([5, 7]);
    expect(await read(order)).toMatchObject({ state: 'REFUNDED', refundedTotal: { amount: '50.00' } });
    expect(await stockOf(shop, goods)).toEqual([9, 0]);
  });

  it('goes back once when an order is refunded and cancelled at once', async () => {
    for (let round = 0; round < 6; round += 1) {
      const goods = await makeGoods(shop, staff, 5);
      const order = await bought(shop, [[goods, 2]], sandbox('succeed'), buyer);
      const lines = [{ orderLineId: order['lines'][0].id, quantity: 1 }];
      const [given, cancelled] = await Promise.all([
        send(refund, { orderId: order['id'], lines, restock: true }, staff),
        send(cancel, { orderId: order['id'] }, staff),
      ]);
      expect(outcomeOf(cancelled)).toBe('DONE');
      expect(['DONE', 'ILLEGAL_TRANSITION']).toContain(outcomeOf(given));
      expect(await read(order)).toMatchObject({ state: 'CANCELLED', refundedTotal: { amount: '20.00' } });
      expect(await stockOf(shop, goods)).toEqual([5, 0]);
    }
  });
});

describe('money on account', () => {
  it('is noted in parts up to the total, and goes back when the order is given up', async () => {
    const goods = await makeGoods(shop, staff, 99);
    for (let round = 0; round < 4; round += 1) {
      const order = await bought(shop, [[goods, 3]], {}, buyer);
      const input = { orderId: order['id'], ...minor(700) };
      const captures = atOnce(8, () => send(capture, input, staff));
      const [cancelled] =
        round % 2 ? await Promise.all([send(cancel, { orderId: order['id'] }, staff), captures]) : [null];
      const { DONE = 0, AMOUNT_TOO_HIGH = 0, ILLEGAL_TRANSITION = 0 } = tally(await captures);
      expect(DONE + AMOUNT_TOO_HIGH + ILLEGAL_TRANSITION).toBe(8);
      const paid = { amount: (7 * DONE).toFixed(2) };
      if (!cancelled) {
        expect([DONE, await read(order)]).toEqual([
          4,
          expect.objectContaining({ state: 'PENDING_PAYMENT', paidTotal: paid }),
        ]);
      } else {
        expect(outcomeOf(cancelled)).toBe('DONE');
        expect(await read(order)).toMatchObject({ state: 'CANCELLED', paidTotal: paid, refundedTotal: paid });
      }
    }
  });
});

describe('everything that can happen to orders, at once', () => {
  it('leaves the books right, and deadlocks nobody', async () => {
    const random = seeded(77);
    const goods = [await makeGoods(shop, staff, 200), await makeGoods(shop, staff, 200)];
    const tokens = ['pending', 'authorize', 'succeed', 'decline', null];
    const orders = await atOnce(20, () => {
      const token = pick(random, tokens);
      const units = goods.map((product): [typeof product, number] => [product, 2 + Math.floor(random() * 4)]);
      return bought(shop, units, token === null ? {} : sandbox(token), buyer);
    });
    const change = async (): Promise<string> => {
      const order = pick(random, orders);
      const [orderId, lines] = [
        order['id'],
        [{ orderLineId: pick(random, order['lines'] as Made[])['id'], quantity: 1 }],
      ];
      const [document, input] = pick<[string, object]>(random, [
        [cancel, { orderId }],
        [capture, { orderId }],
        [capture, { orderId, ...minor(500) }],
        [start, { order: { id: orderId }, ...sandbox('succeed') }],
        [refund, { orderId, lines, restock: random() < 0.5 }],
        [refund, { orderId, ...minor(300) }],
        [fulfill, { orderId, lines }],
        [fulfill, { orderId }],
        [ship, { orderId }],
        [ORDER_CHANGES.deliver, { orderId }],
      ]);
      if (random() < 0.15) return (await notice(order, pick(random, ['CAPTURED', 'DECLINED'] as const)))();
      return outcomeOf(await send(document, input, staff));
    };
    const outcomes = await atOnce(150, change);
    const possible = ['DONE', 'TOLD', 'ILLEGAL_TRANSITION', 'AMOUNT_TOO_HIGH', 'PAYMENT_ACTIVE'];
    expect(outcomes.filter((outcome) => !possible.includes(outcome))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'DONE').length).toBeGreaterThan(10);
  });
});
