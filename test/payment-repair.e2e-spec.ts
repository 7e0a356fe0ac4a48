import { MAX_ATTEMPTS } from '../src/payments/payments.queries.js';
import { anotherServer } from './support/live.js';
import { replace, Till, watched } from './support/payments.js';

let till: Till;

beforeAll(async () => {
  till = await Till.open();
});

afterAll(() => till?.close());

const PAID = { order: 'PAID 5000 -0', payments: ['CAPTURED 5000 -0'], refunds: [] };
const WAITING = { order: 'PENDING_PAYMENT 0 -0', payments: ['PENDING 0 -0'], refunds: [] };
const BACK = { order: 'CANCELLED 0 -0', payments: ['CANCELLED 5000 -5000'], refunds: ['SUCCEEDED 5000'] };

/** Seconds from a payment's last question to the next. */
async function pauseOf(orderId: string): Promise<number> {
  const [row] = await till.query<{ seconds: number }>(
    'SELECT round(extract(epoch FROM attempt_at - now()))::int AS seconds FROM payments WHERE order_id = $1',
    [orderId],
  );
  return row?.seconds ?? -1;
}

describe('a payment that nobody began', () => {
  it('is asked for by the worker when its time has come, once', async () => {
    const orderId = await till.order();
    await till.openPayment(orderId);
    const watch = watched(till);
    await till.worker.run();
    expect(await till.books(orderId)).toEqual(WAITING);
    await till.workAfterAWhile();
    await till.workAfterAWhile();
    watch.restore();
    expect(watch.asked).toHaveLength(1);
    expect(watch.asked[0]).toMatchObject({ attempt: 1, amountMinor: 5_000, currency: 'GBP', token: null });
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('is asked for once by two processes', async () => {
    const orders = await Promise.all(Array.from({ length: 25 }, () => till.order()));
    for (const orderId of orders) await till.openPayment(orderId);
    const other = await anotherServer(till.shop);
    try {
      const second = await Till.in(other);
      const [here, there] = [watched(till), watched(second)];
      await till.query('UPDATE payments SET attempt_at = now() WHERE attempt_at IS NOT NULL');
      await Promise.all([till.worker.run(), second.worker.run()]);
      here.restore();
      expect(here.asked.length + there.asked.length).toBe(25);
      const attempts = await till.query('SELECT FROM payments WHERE order_id = ANY($1) AND version = 2', [orders]);
      expect(attempts).toHaveLength(25);
      for (const orderId of orders) expect(await till.books(orderId)).toEqual(PAID);
    } finally {
      await other.close();
    }
  });

  it('is not asked for when the order was cancelled before, and not begun any more', async () => {
    const orderId = await till.order();
    const payment = await till.openPayment(orderId);
    await till.cancel(orderId);
    const watch = watched(till);
    await till.workAfterAWhile();
    expect(await till.payments.begin(payment)).toMatchObject({ state: 'CANCELLED', token: null });
    watch.restore();
    expect(watch.asked).toEqual([]);
    expect(await till.books(orderId)).toEqual({ ...BACK, payments: ['CANCELLED 0 -0'], refunds: [] });
  });
});

describe('a provider that does not answer', () => {
  it('is asked again with the same key', async () => {
    const orderId = await till.order();
    const watch = watched(till);
    await till.pay(orderId, { token: 'timeout-once', key: 'once more' });
    expect(await till.books(orderId)).toEqual(WAITING);
    await till.workAfterAWhile();
    watch.restore();
    expect(watch.asked.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(watch.asked.map(({ idempotencyKey }) => idempotencyKey)).toEqual(Array(2).fill(`once more:${orderId}`));
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('is asked after longer and longer pauses, and one day no more', async () => {
    const orderId = await till.order();
    const down = replace(till.sandbox, 'start', () => Promise.reject(new Error('down')));
    await till.pay(orderId);
    const pauses = [await pauseOf(orderId)];
    for (let n = 0; n < 9; n += 1) {
      await till.workAfterAWhile();
      pauses.push(await pauseOf(orderId));
    }
    // Counted down a little while they were read.
    const expected = [11, 16, 26, 46, 86, 166, 326, 646, 906, 906];
    expect(expected.filter((seconds, n) => ![0, 1, 2, 3, 4].includes(seconds - (pauses[n] ?? -1)))).toEqual([]);
    await till.query('UPDATE payments SET attempts = $2 WHERE order_id = $1', [orderId, MAX_ATTEMPTS - 1]);
    await till.workAfterAWhile();
    expect(await pauseOf(orderId)).toBe(-1);
    down.restore();
    // Nobody has said that it was not paid, so it still waits: the order's own end will end it.
    expect(await till.books(orderId)).toEqual(WAITING);
  });

  it('does not keep anybody waiting by not heeding the signal', async () => {
    const deaf = replace(till.sandbox, 'start', () => new Promise(() => undefined));
    const orderId = await till.order();
    expect(await till.pay(orderId)).toMatchObject({ state: 'PENDING', attempts: 1 });
    deaf.restore();
    await till.workAfterAWhile();
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('is still asked after the order was cancelled: money that was taken goes back', async () => {
    const orderId = await till.order();
    await till.pay(orderId, { token: 'timeout-once' });
    await till.cancel(orderId);
    expect(await till.books(orderId)).toMatchObject({ payments: ['CANCELLED 0 -0'] });
    await till.workAfterAWhile();
    expect(await till.books(orderId)).toEqual(BACK);
  });

  it('answers into a cancelled order while it is asked', async () => {
    const orderId = await till.order();
    const { sandbox } = till;
    const start = sandbox.start.bind(sandbox);
    const slow = replace(sandbox, 'start', async (request, signal) => {
      await till.cancel(orderId);
      return start(request, signal);
    });
    expect(await till.pay(orderId)).toMatchObject({ state: 'CANCELLED', capturedMinor: 5_000 });
    slow.restore();
    await till.worker.run();
    expect(await till.books(orderId)).toEqual(BACK);
  });
});

describe('a capture without an answer', () => {
  it('is repeated with the same key until it is answered', async () => {
    const orderId = await till.order();
    await till.pay(orderId, { token: 'authorize' });
    const keys: string[] = [];
    const down = replace(till.sandbox, 'capture', ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return Promise.reject(new Error('down'));
    });
    const payment = await till.capture(orderId);
    expect(payment).toMatchObject({ state: 'AUTHORIZED', attempts: 1, attemptAt: expect.any(Date) });
    // Old news is no answer to it.
    await till.tell(payment, 'AUTHORIZED');
    await till.workAfterAWhile();
    down.restore();
    expect(keys).toEqual(Array(2).fill(`capture:${payment.id}`));
    await till.workAfterAWhile();
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('ends the payment when the answer is no', async () => {
    const orderId = await till.order();
    const { reference } = await till.pay(orderId, { token: 'authorize' });
    const expired = replace(till.sandbox, 'capture', async () => ({
      reference: reference ?? '',
      outcome: 'DECLINED',
      failure: 'The authorization has expired.',
    }));
    expect(await till.capture(orderId)).toMatchObject({ state: 'DECLINED', failure: 'The authorization has expired.' });
    expired.restore();
    await till.pay(orderId);
    expect(await till.books(orderId)).toEqual({ ...PAID, payments: ['DECLINED 0 -0', 'CAPTURED 5000 -0'] });
  });
});

describe('a refund', () => {
  it('that nobody settled is settled by the worker, with the same key each time', async () => {
    const orderId = await till.order();
    await till.pay(orderId);
    const keys: string[] = [];
    const down = replace(till.sandbox, 'refund', ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return keys.length < 3
        ? Promise.reject(new Error('down'))
        : Promise.resolve({ reference: '', outcome: 'PENDING' });
    });
    const { id } = await till.refund(orderId, 1_000);
    for (let n = 0; n < 3; n += 1) await till.workAfterAWhile();
    down.restore();
    expect(keys).toEqual(Array(4).fill(`refund:${id}`));
    expect(await till.books(orderId)).toMatchObject({ order: 'PAID 5000 -0', refunds: ['PENDING 1000'] });
    await till.workAfterAWhile();
    expect(await till.books(orderId)).toMatchObject({ order: 'PAID 5000 -1000', refunds: ['SUCCEEDED 1000'] });
  });

  it('that the provider refuses leaves the money to be given back another way', async () => {
    const orderId = await till.order();
    await till.pay(orderId);
    const closed = replace(till.sandbox, 'refund', async () => ({
      reference: 're',
      outcome: 'FAILED',
      failure: 'The account is closed.',
    }));
    const refund = await till.refund(orderId, 5_000);
    closed.restore();
    expect(refund).toMatchObject({ state: 'FAILED', failure: 'The account is closed.', attemptAt: null });
    expect(await till.books(orderId)).toMatchObject({ order: 'PAID 5000 -0', payments: ['CAPTURED 5000 -0'] });
    await till.refund(orderId, 5_000);
    expect(await till.books(orderId)).toMatchObject({ refunds: ['FAILED 5000', 'SUCCEEDED 5000'] });
  });
});

it('stops in the middle of a question, and leaves it to be asked again', async () => {
  const patient = await anotherServer(till.shop);
  const second = await Till.in(patient);
  const orderId = await till.order();
  await till.openPayment(orderId);
  await till.query('UPDATE payments SET attempt_at = now() WHERE order_id = $1', [orderId]);
  const asked = new Promise<AbortSignal>((resolve) => {
    replace(second.sandbox, 'start', (_request, signal) => {
      resolve(signal);
      return new Promise(() => undefined);
    });
  });
  second.worker.onApplicationBootstrap();
  const signal = await asked;
  await patient.close();
  expect(signal.reason).toMatchObject({ message: 'The server stops.' });
  expect(await till.books(orderId)).toEqual(WAITING);
  await till.workAfterAWhile();
  expect(await till.books(orderId)).toEqual(PAID);
});

it('forgets notices after 30 days', async () => {
  await till.query('DELETE FROM payment_notices');
  await till.query(
    `INSERT INTO payment_notices (provider, notice_id, received_at)
     SELECT 'sandbox', n::text, now() - make_interval(days => 1 + n % 60) FROM generate_series(1, 2400) n`,
  );
  const other = await anotherServer(till.shop);
  try {
    await (await Till.in(other)).worker.run();
    const [left] = await till.query('SELECT count(*)::int AS n FROM payment_notices');
    expect(left).toEqual({ n: 1_160 });
  } finally {
    await other.close();
  }
});
