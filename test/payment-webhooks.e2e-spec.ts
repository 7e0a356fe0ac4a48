import { Unavailable } from '../src/errors/request-errors.js';
import { noticeKey, SIGNATURE_HEADER, signatureOf } from '../src/payments/notice-signature.js';
import type { PaymentNotice, PaymentOutcome } from '../src/payments/payment-provider.js';
import type { PaymentRow } from '../src/payments/payment.type.js';
import { replace, Till, type Books } from './support/payments.js';

let till: Till;

beforeAll(async () => {
  till = await Till.open();
});

afterAll(() => till?.close());

interface Delivery {
  body: string | Buffer;
  headers?: Record<string, string>;
}

/** POSTs to a webhook; answers status and body. */
async function post(provider: string, { body, headers = {} }: Delivery): Promise<[status: number, answer: unknown]> {
  const url = till.shop.url.replace('/graphql', `/webhooks/${provider}`);
  const response = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return [response.status, await response.json()];
}

/** A delivery of the sandbox, signed now. */
function signed(notice: PaymentNotice): { body: Buffer; headers: Record<string, string> } {
  const { body, headers } = till.sandbox.deliveryOf(notice);
  return { body, headers: { [SIGNATURE_HEADER]: String(headers[SIGNATURE_HEADER]) } };
}

const deliver = (notice: PaymentNotice): Promise<[number, unknown]> => post('sandbox', signed(notice));

async function pending(): Promise<PaymentRow> {
  return till.pay(await till.order(), { token: 'pending' });
}

const RECEIVED = [200, { received: true }];
const PAID = { order: 'PAID 5000 -0', payments: ['CAPTURED 5000 -0'], refunds: [] };

describe('the webhook', () => {
  it('takes a signed notice once, whatever its content type', async () => {
    const payment = await pending();
    const { body, headers } = signed(till.noticeOf(payment, 'CAPTURED'));
    expect(await post('sandbox', { body, headers: { ...headers, 'content-type': 'text/plain' } })).toEqual(RECEIVED);
    expect(await till.books(payment.orderId)).toEqual(PAID);
    const before = await till.dump();
    for (let n = 0; n < 3; n += 1) expect(await post('sandbox', { body, headers })).toEqual(RECEIVED);
    expect(await till.dump()).toBe(before);
  });

  it('refuses what is not signed by the provider, or was signed long ago', async () => {
    const payment = await pending();
    const { body, headers } = signed(till.noticeOf(payment, 'CAPTURED'));
    const good = headers[SIGNATURE_HEADER] ?? '';
    const old = till.sandbox.deliveryOf(till.noticeOf(payment, 'CAPTURED'), Math.floor(Date.now() / 1_000) - 301);
    const foreign = signatureOf(noticeKey('another secret'), body, Math.floor(Date.now() / 1_000));
    const before = await till.dump();
    const wrong: Delivery[] = [
      { body },
      { body: '', headers },
      { body: Buffer.concat([body, Buffer.from(' ')]), headers },
      { body, headers: { [SIGNATURE_HEADER]: old.headers[SIGNATURE_HEADER] as string } },
      { body, headers: { [SIGNATURE_HEADER]: foreign } },
      { body, headers: { [SIGNATURE_HEADER]: good.replace('v1=', 'v0=') } },
    ];
    for (const delivery of wrong) {
      expect(await post('sandbox', delivery)).toEqual([400, { error: expect.stringContaining('signature') }]);
    }
    expect(await till.dump()).toBe(before);
  });

  it('accepts what is signed and of no interest, or about a payment that is not known', async () => {
    const payment = await pending();
    const notice = till.noticeOf(payment, 'CAPTURED');
    const before = await till.dump();
    const odd = [
      { ...notice, reference: 'sb_unknown' },
      { ...notice, reference: 'sb_unknown', idempotencyKey: 'unknown' },
      { ...notice, noticeId: 'x'.repeat(256) },
      { ...notice, noticeId: 'a\0b' },
      { ...notice, outcome: 'WON' as PaymentOutcome },
      { ...notice, reference: 7 as unknown as string },
      null as unknown as PaymentNotice,
    ];
    for (const each of odd) expect(await deliver(each)).toEqual(RECEIVED);
    expect(await till.dump()).toBe(before);
    // An unknown reference is not remembered as told: it may be known the next time.
    expect(await deliver(notice)).toEqual(RECEIVED);
    expect(await till.books(payment.orderId)).toEqual(PAID);
  });

  it('exists for providers that tell something', async () => {
    const { body, headers } = signed(till.noticeOf(await pending(), 'CAPTURED'));
    for (const provider of ['stripe', 'manual', 'constructor', '%00']) {
      expect(await post(provider, { body, headers })).toEqual([404, { error: expect.any(String) }]);
    }
  });

  it('takes 64 KiB and no more', async () => {
    expect(await post('sandbox', { body: 'x'.repeat(64 * 1_024) })).toEqual([400, { error: expect.any(String) }]);
    expect(await post('sandbox', { body: 'x'.repeat(64 * 1_024 + 1) })).toEqual([413, { error: expect.any(String) }]);
  });

  it('wants to be told again when the database does not answer, or something breaks', async () => {
    const payment = await pending();
    const notice = till.noticeOf(payment, 'CAPTURED');
    const before = await till.dump();
    for (const [error, status] of [
      [new Unavailable(), 503],
      [new Error('a secret of ours'), 500],
    ] as const) {
      const owner = replace(till.orders, 'captured', () => Promise.reject(error));
      const [answered, answer] = await deliver(notice);
      owner.restore();
      expect(answered).toBe(status);
      expect(JSON.stringify(answer)).not.toContain('secret');
      expect(await till.dump()).toBe(before);
    }
    expect(await deliver(notice)).toEqual(RECEIVED);
    expect(await till.books(payment.orderId)).toEqual(PAID);
  });

  it('leaves the API as it was', async () => {
    const { data } = await till.shop.send('{ shop { name } }');
    expect(data).toEqual({ shop: { name: 'Souk' } });
    const large = await fetch(till.shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ shop { name } }', variables: { x: 'x'.repeat(70 * 1_024) } }),
    });
    expect(large.status).toBe(200);
  });
});

describe('notices in any order', () => {
  const LATE = { order: 'PENDING_PAYMENT 0 -0', payments: ['DECLINED 5000 -5000'], refunds: ['SUCCEEDED 5000'] };
  const TOLD: [string, Books][] = [
    ['AUTHORIZED', { order: 'PENDING_PAYMENT 0 -0', payments: ['AUTHORIZED 0 -0'], refunds: [] }],
    ['DECLINED', { order: 'PENDING_PAYMENT 0 -0', payments: ['DECLINED 0 -0'], refunds: [] }],
    ['CAPTURED', PAID],
    ['AUTHORIZED CAPTURED DECLINED', PAID],
    ['AUTHORIZED DECLINED CAPTURED', LATE],
    ['CAPTURED AUTHORIZED DECLINED', PAID],
    ['CAPTURED DECLINED AUTHORIZED', PAID],
    ['DECLINED AUTHORIZED CAPTURED', LATE],
    ['DECLINED CAPTURED AUTHORIZED', LATE],
    ['CAPTURED CAPTURED DECLINED DECLINED AUTHORIZED CAPTURED', PAID],
    ['AUTHORIZED AUTHORIZED DECLINED CAPTURED CAPTURED DECLINED AUTHORIZED CAPTURED', LATE],
    ['DECLINED PENDING CANCELLED CAPTURED CAPTURED CANCELLED PENDING', LATE],
  ];

  it.each(TOLD)('%s', async (words, books) => {
    const payment = await pending();
    // Told twice in every way: the same notice again, and the same news under another name.
    for (const [index, outcome] of (words.split(' ') as PaymentOutcome[]).entries()) {
      for (const noticeId of [`${payment.id} ${outcome}`, `${payment.id} ${index}`]) {
        await till.tell(payment, outcome, { noticeId });
      }
    }
    await till.worker.run();
    expect(await till.books(payment.orderId)).toEqual(books);
  });

  it('is faster than the answer that holds the reference', async () => {
    const orderId = await till.order();
    const payment = await till.openPayment(orderId, { token: 'pending' });
    const { sandbox } = till;
    const start = sandbox.start.bind(sandbox);
    const fast = replace(sandbox, 'start', async (request, signal) => {
      const answer = await start(request, signal);
      await till.tell(payment, 'CAPTURED', { reference: answer.reference, idempotencyKey: request.idempotencyKey });
      return answer;
    });
    expect(await till.payments.begin(payment)).toMatchObject({ state: 'CAPTURED', nextAction: null });
    fast.restore();
    expect(await till.books(orderId)).toEqual(PAID);
  });

  it('about another reference than the payment has is not taken for it', async () => {
    const payment = await pending();
    const { idempotencyKey } = payment;
    await till.tell(payment, 'CAPTURED', { reference: 'sb_other', idempotencyKey });
    expect(await till.books(payment.orderId)).toMatchObject({ order: 'PENDING_PAYMENT 0 -0', refunds: [] });
  });
});

describe('money that comes too late', () => {
  it.each(['pending', 'authorize', 'timeout-once'])('for a cancelled order goes back (%s)', async (token) => {
    const orderId = await till.order();
    const { id, idempotencyKey } = await till.pay(orderId, { token });
    await till.cancel(orderId);
    const [payment] = await till.query<PaymentRow>('SELECT * FROM payments WHERE id = $1', [id]);
    if (!payment) throw new Error('unreachable');
    await till.tell(payment, 'CAPTURED', { reference: payment.reference ?? 'sb_late', idempotencyKey });
    await till.worker.run();
    expect(await till.books(orderId)).toEqual({
      order: 'CANCELLED 0 -0',
      payments: ['CANCELLED 5000 -5000'],
      refunds: ['SUCCEEDED 5000'],
    });
    const [refund] = await till.query('SELECT reason, actor_id FROM refunds WHERE order_id = $1', [orderId]);
    expect(refund).toEqual({ reason: 'Paid when the order no longer waited for it', actor_id: null });
  });

  it('goes back when the order was ended some other way, or needs less by now', async () => {
    for (const end of [`state = 'REFUNDED'`, 'paid_minor = 1']) {
      const payment = await pending();
      await till.query(`UPDATE orders SET ${end} WHERE id = $1`, [payment.orderId]);
      await till.tell(payment, 'CAPTURED');
      await till.worker.run();
      const { payments, refunds } = await till.books(payment.orderId);
      expect([...payments, ...refunds]).toEqual(['CANCELLED 5000 -5000', 'SUCCEEDED 5000']);
    }
  });

  it('leaves the payment alone that has taken its place', async () => {
    const first = await till.pay(await till.order(), { token: 'pending' });
    await till.tell(first, 'DECLINED');
    await till.pay(first.orderId);
    await till.tell(first, 'CAPTURED');
    await till.worker.run();
    expect(await till.books(first.orderId)).toEqual({
      order: 'PAID 5000 -0',
      payments: ['DECLINED 5000 -5000', 'CAPTURED 5000 -0'],
      refunds: ['SUCCEEDED 5000'],
    });
  });
});
