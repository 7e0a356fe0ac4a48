import type { PaymentOutcome } from '../../src/payments/payment-provider.js';
import type { PaymentRow } from '../../src/payments/payment.type.js';
import { pick, seeded } from '../support/catalogue.js';
import { Till } from '../support/payments.js';

let till: Till;

beforeAll(async () => {
  till = await Till.open({ DATABASE_POOL_SIZE: '30' });
});

afterAll(() => till?.close());

/** How often each code was answered; `DONE` where nothing was refused. */
async function codesOf(work: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const codes: Record<string, number> = {};
  for (const result of await Promise.allSettled(work)) {
    const code =
      result.status === 'fulfilled' ? 'DONE' : ((result.reason as { code?: string }).code ?? String(result.reason));
    codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}

/** The same work so many times at once. */
const atOnce = <T>(count: number, work: (n: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_, n) => work(n));

/** Orders whose money does not add up, each with what is wrong. */
function wrongBooks(): Promise<object[]> {
  return till.query(
    `WITH sums AS (
       SELECT o.id, o.state, o.total_minor AS total, o.paid_minor AS paid, o.refunded_minor AS back,
         coalesce(sum(p.captured_minor) FILTER (WHERE p.state IN ('PENDING', 'CAPTURED')), 0) AS own,
         coalesce(sum(p.refunded_minor) FILTER (WHERE p.state IN ('PENDING', 'CAPTURED')), 0) AS own_back,
         coalesce(sum(p.captured_minor - p.refunded_minor) FILTER (WHERE p.state IN ('DECLINED', 'CANCELLED')), 0) AS kept,
         count(*) FILTER (WHERE p.state IN ('PENDING', 'AUTHORIZED', 'CAPTURED')) AS active,
         coalesce(bool_or(p.captured_minor > p.amount_minor OR p.refunded_minor > p.captured_minor
           OR p.amount_minor > o.total_minor), false) AS over,
         coalesce(bool_or(p.refunded_minor <> (SELECT coalesce(sum(amount_minor), 0) FROM refunds r
           WHERE r.payment_id = p.id AND r.state = 'SUCCEEDED')), false) AS unlike
       FROM orders o LEFT JOIN payments p ON p.order_id = o.id GROUP BY o.id
     )
     SELECT * FROM sums WHERE active > 1 OR over OR unlike OR own > total OR own <> paid OR own_back <> back
       OR kept <> 0 OR (state = 'CANCELLED' AND paid = total)`,
  );
}

describe('one order', () => {
  it('gets one payment of 30 that are opened at once', async () => {
    const orderId = await till.order();
    const opened = atOnce(30, (n) => till.pay(orderId, { token: n % 2 ? 'pending' : 'authorize' }));
    expect(await codesOf(opened)).toEqual({ DONE: 1, PAYMENT_ACTIVE: 29 });
    expect((await till.books(orderId)).payments).toHaveLength(1);
  });

  it('gives back at most three times 30 % when 20 ask at once', async () => {
    const orderId = await till.order(10_000);
    await till.pay(orderId);
    expect(await codesOf(atOnce(20, () => till.refund(orderId, 3_000)))).toEqual({ DONE: 3, AMOUNT_TOO_HIGH: 17 });
    expect(await till.books(orderId)).toEqual({
      order: 'PAID 10000 -9000',
      payments: ['CAPTURED 10000 -9000'],
      refunds: Array(3).fill('SUCCEEDED 3000'),
    });
  });

  it('takes no more on account than it costs when 20 record a part at once', async () => {
    const orderId = await till.order(10_000);
    await till.pay(orderId, { provider: 'manual' });
    const codes = await codesOf(atOnce(20, () => till.capture(orderId, 3_000)));
    expect(codes).toEqual({ DONE: 3, AMOUNT_TOO_HIGH: 17 });
    expect(await till.books(orderId)).toMatchObject({
      order: 'PENDING_PAYMENT 9000 -0',
      payments: ['PENDING 9000 -0'],
    });
  });

  it('is paid once by 10 captures, 10 notices and the worker at once', async () => {
    const orderId = await till.order();
    const payment = await till.pay(orderId, { token: 'authorize' });
    await Promise.allSettled([
      ...atOnce(10, () => till.capture(orderId)),
      ...atOnce(10, (n) => till.tell(payment, 'CAPTURED', { noticeId: `${payment.id} ${n % 3}` })),
      ...atOnce(3, () => till.workAfterAWhile()),
    ]);
    expect(await till.books(orderId)).toEqual({
      order: 'PAID 5000 -0',
      payments: ['CAPTURED 5000 -0'],
      refunds: [],
    });
    const told = await till.query('SELECT FROM payment_notices WHERE starts_with(notice_id, $1)', [payment.id]);
    expect(told).toHaveLength(3);
  });

  it('settles a refund once, whoever does it', async () => {
    const orderId = await till.order();
    await till.pay(orderId);
    const refund = await till.requestRefund(orderId, 2_000);
    await Promise.all([...atOnce(10, () => till.payments.settle(refund)), ...atOnce(3, () => till.workAfterAWhile())]);
    expect(await till.books(orderId)).toMatchObject({ order: 'PAID 5000 -2000', refunds: ['SUCCEEDED 2000'] });
  });

  it('keeps the money or gives it back, whichever comes first: the money or the cancellation', async () => {
    const ends: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const orderId = await till.order();
      const payment = await till.pay(orderId, { token: 'pending' });
      await Promise.all(
        round % 2
          ? [till.cancel(orderId), till.tell(payment, 'CAPTURED')]
          : [till.tell(payment, 'CAPTURED'), till.cancel(orderId)],
      );
      await till.worker.run();
      const { order, payments, refunds } = await till.books(orderId);
      ends.push([order, ...payments, ...refunds].join(', '));
    }
    const possible = ['PAID 5000 -0, CAPTURED 5000 -0', 'CANCELLED 0 -0, CANCELLED 5000 -5000, SUCCEEDED 5000'];
    expect(ends.filter((end) => !possible.includes(end))).toEqual([]);
  });
});

describe('everything that can happen to payments, at once', () => {
  const ALLOWED = ['DONE', 'PAYMENT_ACTIVE', 'ILLEGAL_TRANSITION', 'AMOUNT_TOO_HIGH', 'NOT_FOUND'];
  const TOKENS = ['succeed', 'authorize', 'decline', 'pending', 'twice', 'late', 'disordered', 'timeout-once'];
  const OUTCOMES: PaymentOutcome[] = ['PENDING', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'CANCELLED'];

  /** One thing that may happen to one of the orders, chosen by chance. */
  function anything(orders: readonly string[], random: () => number): Promise<unknown> {
    const orderId = pick(random, orders);
    const amount = 1 + Math.floor(random() * 4_000);
    const by = random();
    if (by < 0.3) return till.pay(orderId, { token: pick(random, TOKENS) });
    if (by < 0.35) return till.pay(orderId, { provider: 'manual' });
    if (by < 0.4) return till.openPayment(orderId);
    if (by < 0.5) return till.capture(orderId, random() < 0.5 ? null : amount);
    if (by < 0.6) return till.refund(orderId, amount);
    if (by < 0.65) return till.requestRefund(orderId, amount);
    if (by < 0.67) return till.cancel(orderId);
    if (by < 0.8) return till.workAfterAWhile();
    return tellAnything(orderId, pick(random, OUTCOMES), random);
  }

  /** What a provider might say, true or not, about one of an order's payments that it knows. */
  async function tellAnything(orderId: string, outcome: PaymentOutcome, random: () => number): Promise<void> {
    const known = await till.query<PaymentRow>(
      `SELECT * FROM payments WHERE order_id = $1 AND provider = 'sandbox' AND reference IS NOT NULL`,
      [orderId],
    );
    if (known.length > 0) await till.tell(pick(random, known), outcome);
  }

  it.each([1, 2, 3])('leaves books that add up (seed %i)', async (seed) => {
    const random = seeded(seed);
    const orders = await Promise.all(atOnce(25, () => till.order()));
    const codes: Record<string, number> = {};
    for (let wave = 0; wave < 8; wave += 1) {
      const happened = await codesOf(atOnce(50, () => anything(orders, random)));
      for (const [code, count] of Object.entries(happened)) codes[code] = (codes[code] ?? 0) + count;
    }
    expect(Object.keys(codes).filter((code) => !ALLOWED.includes(code))).toEqual([]);
    expect(codes['DONE']).toBeGreaterThan(150);
    await till.courier.flush();
    // Every question has its answer, and all that nobody waited for has gone back.
    for (let n = 0; n < 3; n += 1) await till.workAfterAWhile();
    expect(await wrongBooks()).toEqual([]);
    const open = await till.query('SELECT id FROM payments WHERE attempt_at IS NOT NULL');
    const pending = await till.query(`SELECT id FROM refunds WHERE state <> 'SUCCEEDED'`);
    expect([open, pending]).toEqual([[], []]);
    const [waits] = await till.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
    expect(waits).toEqual({ deadlocks: 0 });
    const [moved] = await till.query<Record<string, number>>(
      `SELECT sum(captured_minor)::int AS captured, sum(refunded_minor)::int AS refunded FROM payments
       WHERE order_id = ANY($1)`,
      [orders],
    );
    expect(moved?.['captured']).toBeGreaterThan(20_000);
    expect(moved?.['refunded']).toBeGreaterThan(5_000);
  });
});
