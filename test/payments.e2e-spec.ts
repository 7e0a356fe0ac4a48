import type { PaymentRow } from '../src/payments/payment.type.js';
import { refusal, Till, watched } from './support/payments.js';
import { startShop } from './support/shop.js';

let till: Till;

beforeAll(async () => {
  till = await Till.open();
});

// What was told late must not come while another test compares what it sees.
afterEach(() => till.courier.flush());

afterAll(() => till?.close());

const PAID = { order: 'PAID 5000 -0', payments: ['CAPTURED 5000 -0'], refunds: [] };
const WAITING = { order: 'PENDING_PAYMENT 0 -0', payments: ['PENDING 0 -0'], refunds: [] };
const DECLINED = { order: 'PENDING_PAYMENT 0 -0', payments: ['DECLINED 0 -0'], refunds: [] };

describe('a payment by the sandbox', () => {
  it.each<[string | null, object, Partial<PaymentRow>]>([
    [null, PAID, { failure: null, nextAction: null }],
    ['succeed', PAID, { failure: null, nextAction: null }],
    ['authorize', { ...WAITING, payments: ['AUTHORIZED 0 -0'] }, { failure: null }],
    ['decline', DECLINED, { failure: 'The card was declined.' }],
    ['pending', WAITING, { nextAction: { type: 'REDIRECT', value: expect.stringContaining('/pay/sb_') } }],
    ['twice', PAID, { nextAction: null }],
    ['late', WAITING, { nextAction: null }],
    ['disordered', WAITING, { nextAction: null }],
    ['constructor', DECLINED, { failure: 'Unknown token.' }],
    ['', DECLINED, { failure: 'Unknown token.' }],
  ])('with the token %s', async (token, books, traits) => {
    const orderId = await till.order();
    const payment = await till.pay(orderId, { token });
    expect(payment).toMatchObject({ ...traits, reference: expect.stringMatching(/^sb_[0-9a-f]{32}$/) });
    // The question has its answer, and the token is used up.
    expect(payment).toMatchObject({ attemptAt: null, attempts: 0, token: null });
    expect(await till.books(orderId)).toEqual(books);
  });

  it.each([
    ['twice', 1],
    ['late', 1],
    ['disordered', 2],
  ])('is captured once by what it tells afterwards, with the token %s', async (token, notices) => {
    const orderId = await till.order();
    const { reference } = await till.pay(orderId, { token });
    await till.courier.flush();
    expect(await till.books(orderId)).toEqual(PAID);
    const told = await till.query('SELECT FROM payment_notices WHERE starts_with(notice_id, $1)', [reference]);
    expect(told).toHaveLength(notices);
  });

  it('stays open when no answer comes in time', async () => {
    const orderId = await till.order();
    const payment = await till.pay(orderId, { token: 'timeout' });
    expect(payment).toMatchObject({ state: 'PENDING', reference: null, attempts: 1, attemptAt: expect.any(Date) });
    expect(await till.books(orderId)).toEqual(WAITING);
  });

  it('is given the key of the request, or else one of its own, with the order', async () => {
    const [one, two, three] = [await till.order(), await till.order(), await till.order()];
    const first = await till.pay(one, { key: 'checkout' });
    const second = await till.pay(two, { key: 'checkout' });
    const third = await till.pay(three);
    expect(first.idempotencyKey).toBe(`checkout:${one}`);
    expect(third.idempotencyKey).toBe(`payment:${third.id}`);
    expect(first.reference).not.toBe(second.reference);
    expect(await till.books(two)).toEqual(PAID);
  });

  it('is declined when its key has paid another order', async () => {
    const [one, two] = [await till.order(), await till.order()];
    const { reference, idempotencyKey } = await till.pay(one);
    const payment = await till.openPayment(two);
    await till.query('UPDATE payments SET idempotency_key = $2 WHERE id = $1', [payment.id, idempotencyKey]);
    expect(await till.payments.begin(payment)).toMatchObject({ state: 'DECLINED', reference: null, attemptAt: null });
    expect(await till.books(two)).toEqual(DECLINED);
    const [row] = await till.query('SELECT reference FROM payments WHERE order_id = $1', [one]);
    expect(row).toEqual({ reference });
  });

  it('can be tried again after a decline, 20 times at most', async () => {
    const orderId = await till.order();
    for (let n = 0; n < 20; n += 1) await till.pay(orderId, { token: 'decline' });
    expect(await refusal(till, () => till.openPayment(orderId))).toBe('ILLEGAL_TRANSITION');
    const other = await till.order();
    await till.pay(other, { token: 'decline' });
    await till.pay(other);
    expect(await till.books(other)).toEqual({ ...PAID, payments: ['DECLINED 0 -0', 'CAPTURED 5000 -0'] });
  });

  it('is asked for once, however often it is begun', async () => {
    const orderId = await till.order();
    const opened = await till.openPayment(orderId);
    const watch = watched(till);
    await Promise.all(Array.from({ length: 5 }, () => till.payments.begin(opened)));
    expect(await till.payments.begin(opened)).toMatchObject({ state: 'CAPTURED', capturedMinor: 5_000 });
    watch.restore();
    expect(watch.asked).toHaveLength(1);
    expect(await till.books(orderId)).toEqual(PAID);
  });
});

describe('no payment is opened', () => {
  it('while another one is active', async () => {
    for (const token of ['pending', 'authorize', 'succeed']) {
      const orderId = await till.order();
      await till.pay(orderId, { token });
      const code = token === 'succeed' ? 'ILLEGAL_TRANSITION' : 'PAYMENT_ACTIVE';
      expect(await refusal(till, () => till.openPayment(orderId))).toBe(code);
      await till.query(`UPDATE orders SET state = 'PENDING_PAYMENT', paid_minor = 0 WHERE id = $1`, [orderId]);
      expect(await refusal(till, () => till.openPayment(orderId))).toBe('PAYMENT_ACTIVE');
    }
  });

  it('by a method that the shop does not have, or for nothing', async () => {
    const orderId = await till.order();
    const free = await till.order(0);
    for (const provider of ['stripe', '', 'constructor']) {
      expect(await refusal(till, () => till.openPayment(orderId, { provider }))).toBe('PAYMENT_METHOD_UNAVAILABLE');
    }
    expect(await refusal(till, () => till.openPayment(free))).toBe('ILLEGAL_TRANSITION');
    await till.cancel(orderId);
    expect(await refusal(till, () => till.openPayment(orderId))).toBe('ILLEGAL_TRANSITION');
  });
});

describe('money on account', () => {
  it('is recorded in parts, until all of it is there', async () => {
    const orderId = await till.order();
    const payment = await till.pay(orderId, { provider: 'manual', token: 'anything' });
    expect(payment).toMatchObject({ state: 'PENDING', attemptAt: null, provider: 'manual' });
    expect(await till.capture(orderId, 2_000)).toMatchObject({ state: 'PENDING', capturedMinor: 2_000 });
    expect(await refusal(till, () => till.capture(orderId, 3_001))).toBe('AMOUNT_TOO_HIGH');
    expect(await refusal(till, () => till.capture(orderId, 0))).toBe('BAD_USER_INPUT');
    expect(await till.capture(orderId)).toMatchObject({ state: 'CAPTURED', capturedMinor: 5_000 });
    expect(await till.books(orderId)).toEqual(PAID);
    expect(await refusal(till, () => till.capture(orderId))).toBe('ILLEGAL_TRANSITION');
  });

  it('goes back by hand, also the part of an order that was cancelled', async () => {
    const orderId = await till.order();
    await till.pay(orderId, { provider: 'manual' });
    await till.capture(orderId, 2_000);
    await till.cancel(orderId);
    expect(await refusal(till, () => till.capture(orderId, 1))).toBe('ILLEGAL_TRANSITION');
    expect(await refusal(till, () => till.requestRefund(orderId, 2_001))).toBe('AMOUNT_TOO_HIGH');
    expect(await till.refund(orderId, 1_500)).toMatchObject({ state: 'SUCCEEDED', amountMinor: 1_500 });
    expect(await till.refund(orderId, 500)).toMatchObject({ state: 'SUCCEEDED' });
    expect(await till.books(orderId)).toEqual({
      order: 'CANCELLED 2000 -2000',
      payments: ['CAPTURED 2000 -2000'],
      refunds: ['SUCCEEDED 1500', 'SUCCEEDED 500'],
    });
  });
});

describe('an authorized payment', () => {
  it('is captured whole', async () => {
    const orderId = await till.order();
    await till.pay(orderId, { token: 'authorize' });
    expect(await refusal(till, () => till.capture(orderId, 5_001))).toBe('AMOUNT_TOO_HIGH');
    expect(await refusal(till, () => till.capture(orderId, 4_999))).toBe('ILLEGAL_TRANSITION');
    expect(await till.capture(orderId)).toMatchObject({ state: 'CAPTURED', attemptAt: null, attempts: 0 });
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('is not captured for an order that is cancelled, declined, only begun, or not there', async () => {
    for (const token of ['authorize', 'decline', 'pending']) {
      const orderId = await till.order();
      await till.pay(orderId, { token });
      if (token === 'authorize') await till.cancel(orderId);
      expect(await refusal(till, () => till.capture(orderId))).toBe('ILLEGAL_TRANSITION');
    }
    const unpaid = await till.order();
    for (const orderId of [unpaid, '0198f2c4-d1e2-7abc-8def-0123456789ab']) {
      expect(await refusal(till, () => till.capture(orderId))).toBe('NOT_FOUND');
    }
  });
});

describe('a refund', () => {
  it('gives back no more than came, counting what is on its way', async () => {
    const orderId = await till.order();
    expect(await refusal(till, () => till.requestRefund(orderId, 1))).toBe('AMOUNT_TOO_HIGH');
    await till.pay(orderId);
    const first = await till.requestRefund(orderId, 3_000, 'Broken');
    expect(first).toMatchObject({ state: 'PENDING', reason: 'Broken', currency: 'GBP', amountMinor: 3_000 });
    expect(await till.shop.database.transaction((tx) => till.payments.refundable(tx, orderId))).toBe(2_000);
    expect(await refusal(till, () => till.requestRefund(orderId, 2_001))).toBe('AMOUNT_TOO_HIGH');
    expect(await refusal(till, () => till.requestRefund(orderId, 0))).toBe('BAD_USER_INPUT');
    const settled = await till.payments.settle(first);
    expect(settled).toMatchObject({ state: 'SUCCEEDED', attemptAt: null, failure: null });
    expect(await till.payments.settle(first)).toMatchObject({ state: 'SUCCEEDED' });
    await till.refund(orderId, 2_000);
    expect(await refusal(till, () => till.requestRefund(orderId, 1))).toBe('AMOUNT_TOO_HIGH');
    expect(await till.books(orderId)).toEqual({
      order: 'PAID 5000 -5000',
      payments: ['CAPTURED 5000 -5000'],
      refunds: ['SUCCEEDED 3000', 'SUCCEEDED 2000'],
    });
  });
});

describe('the payment methods of a shop', () => {
  it('are those of the configuration, in its order', () => {
    expect(till.payments.offered()).toEqual(['manual', 'sandbox']);
    expect(till.payments.provider('manual').onAccount).toBe(true);
  });

  it('are manual alone in production, where nobody answers for the sandbox', async () => {
    const shop = await Till.open({ NODE_ENV: 'production' });
    try {
      expect(shop.payments.offered()).toEqual(['manual']);
      const orderId = await shop.order();
      expect(await refusal(shop, () => shop.openPayment(orderId))).toBe('PAYMENT_METHOD_UNAVAILABLE');
      const notice = { noticeId: 'n', reference: 'r', outcome: 'CAPTURED' } as const;
      const delivery = shop.sandbox.deliveryOf(notice);
      await expect(shop.payments.receive('sandbox', delivery)).rejects.toMatchObject({
        code: 'PAYMENT_METHOD_UNAVAILABLE',
      });
    } finally {
      await shop.close();
    }
  });

  it('must exist', async () => {
    await expect(startShop({ PAYMENT_PROVIDERS: 'manual,strype' })).rejects.toThrow(
      'PAYMENT_PROVIDERS: expected some of manual, sandbox, given strype',
    );
  });
});
