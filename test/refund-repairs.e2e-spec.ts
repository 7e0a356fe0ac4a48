import { Role } from '../src/access/role.js';
import { PaymentsService } from '../src/payments/payments.service.js';
import { SandboxProvider } from '../src/payments/sandbox.provider.js';
import { outcomeOf, signUp, type Account } from './support/accounts.js';
import type { MadeProduct } from './support/catalogue.js';
import { sendKeyed } from './support/idempotency.js';
import { deadlocks, wrongBooks } from './support/order-books.js';
import {
  anOrder,
  bought,
  changed,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  readOrder,
  refusedOrder,
  stockOf,
  variantOf,
} from './support/orders.js';
import { replace } from './support/payments.js';
import { makePromotion, wrongUses } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

type Made = Record<string, any>;

const { cancel, refund, fulfill, ship, place } = ORDER_CHANGES;
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };
const RETRY = `mutation ($input: RetryRefundInput!) {
  retryRefund(input: $input) { order { id state refundedTotal { amount } refunds { state } } userErrors { code field message } } }`;
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let buyer: Account;
let goods: MadeProduct;

beforeAll(async () => {
  shop = await startShop();
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
  goods = await makeGoods(shop, staff, 9_999);
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

const ordered = (quantity: number, traits: object = PAID, product = goods): Promise<Made> =>
  bought(shop, [[product, quantity]], traits, buyer);

/** Runs the work while the provider answers refunds so; answers the keys that it was asked under. */
async function whileRefunds(outcome: 'SUCCEEDED' | 'FAILED', work: () => Promise<unknown>): Promise<string[]> {
  const keys: string[] = [];
  const sandbox = shop.app.get(SandboxProvider, { strict: false });
  const other = replace(sandbox, 'refund', async ({ idempotencyKey }) => {
    keys.push(idempotencyKey);
    return { reference: `r-${keys.length}`, outcome, failure: 'No.' };
  });
  await work().finally(() => other.restore());
  return keys;
}

describe('a refund that has failed', () => {
  it('is tried again under another key, for staff only, and only while it has failed', async () => {
    const order = await ordered(2);
    const [first = ''] = await whileRefunds('FAILED', () => changed(shop, refund, { orderId: order['id'] }, staff));
    const [failed] = (await readOrder(shop, { id: order['id'] }, staff))?.['refunds'] ?? [];
    const input = { refundId: failed.id };
    for (const [by, code] of [
      [undefined, 'UNAUTHENTICATED'],
      [buyer, 'FORBIDDEN'],
    ] as const) {
      expect(outcomeOf(await shop.send(RETRY, { input }, by?.token))).toBe(code);
    }
    const [second = ''] = await whileRefunds('SUCCEEDED', async () => {
      const after = await changed(shop, RETRY, input, staff);
      expect(after).toMatchObject({
        state: 'REFUNDED',
        refundedTotal: gbp('20.00'),
        refunds: [{ state: 'SUCCEEDED' }],
      });
    });
    expect(second).toBe(`${first}:1`);
    expect(await refusedOrder(shop, RETRY, input, staff)).toBe('ILLEGAL_TRANSITION input.refundId');
    const nobody = { refundId: 'refund_0198f2c4d1e27abc8def0123456789ab' };
    expect(await refusedOrder(shop, RETRY, nobody, staff)).toBe('NOT_FOUND input.refundId');
  });

  it('is not tried again when its money has gone back otherwise', async () => {
    const order = await ordered(1);
    await whileRefunds('FAILED', () => changed(shop, refund, { orderId: order['id'] }, staff));
    const after = await changed(shop, refund, { orderId: order['id'] }, staff);
    const input = { refundId: after['refunds'][0].id };
    expect(await refusedOrder(shop, RETRY, input, staff)).toBe('ILLEGAL_TRANSITION input.refundId');
  });
});

describe('the same refund sent twice', () => {
  it('is stale the second time when it names the version', async () => {
    const order = await ordered(3);
    const input = { orderId: order['id'], amount: gbp('10.00'), expectedVersion: order['version'] };
    await changed(shop, refund, input, staff);
    expect(await refusedOrder(shop, refund, input, staff)).toBe('VERSION_CONFLICT input.expectedVersion');
  });

  it('asks the provider once under one key', async () => {
    const order = await ordered(2);
    const asked = await whileRefunds('FAILED', async () => {
      const input = { orderId: order['id'] };
      for (let time = 0; time < 3; time += 1) await sendKeyed(shop, refund, { input, by: staff, key: 'back' });
    });
    expect(asked).toHaveLength(1);
  });
});

describe('units that go back', () => {
  it('leave those that are not packed yet to be packed, unless they are those', async () => {
    const order = await ordered(3);
    const orderId = order['id'];
    const one = (more: object = {}): object => [{ orderLineId: order['lines'][0].id, quantity: 1, ...more }];
    await changed(shop, fulfill, { orderId, lines: one() }, staff);
    await changed(shop, ship, { orderId }, staff);
    const back = await changed(shop, refund, { orderId, lines: one() }, staff);
    expect(back['lines'][0]).toMatchObject({ quantity: 3, fulfilledQuantity: 1, refundedQuantity: 1 });
    await changed(shop, refund, { orderId, lines: one({ unsent: true }) }, staff);
    const tooMany = { orderId, lines: [{ orderLineId: order['lines'][0].id, quantity: 2 }] };
    expect(await refusedOrder(shop, fulfill, tooMany, staff)).toBe('AMOUNT_TOO_HIGH input.lines.0.quantity');
    const after = await changed(shop, fulfill, { orderId }, staff);
    expect([after['state'], after['lines'][0].fulfilledQuantity]).toEqual(['FULFILLED', 2]);
  });

  it('are put into stock only when they have left the house or were never packed', async () => {
    const mine = await makeGoods(shop, staff, 2);
    const order = await ordered(2, PAID, mine);
    const orderId = order['id'];
    const restock = { orderId, lines: [{ orderLineId: order['lines'][0].id, quantity: 1 }], restock: true };
    await changed(shop, fulfill, { orderId }, staff);
    expect(await refusedOrder(shop, refund, restock, staff)).toBe('AMOUNT_TOO_HIGH input.lines.0.quantity');
    await changed(shop, ship, { orderId }, staff);
    await changed(shop, refund, restock, staff);
    expect(await stockOf(shop, mine)).toEqual([1, 0]);
  });

  it('must be named to be put into stock', async () => {
    const order = await ordered(1);
    const { errors } = await shop.send(refund, { input: { orderId: order['id'], restock: true } }, staff.token);
    expect(errors?.[0]?.extensions['fields']).toEqual([
      { path: 'input.restock', message: 'needs lines: which units?' },
    ]);
  });
});

describe('an order on account', () => {
  it('that nobody paid is given up by staff wherever its parcels are, and never by its customer', async () => {
    const mine = await makeGoods(shop, staff, 3);
    const order = await ordered(3, {}, mine);
    const orderId = order['id'];
    await changed(shop, fulfill, { orderId }, staff);
    await changed(shop, ship, { orderId }, staff);
    expect(await refusedOrder(shop, cancel, { orderId }, buyer)).toBe('ILLEGAL_TRANSITION');
    expect(await changed(shop, cancel, { orderId }, staff)).toMatchObject({ state: 'CANCELLED' });
    expect(await stockOf(shop, mine)).toEqual([3, 0]);
  });

  it('is what one becomes whose card was declined', async () => {
    const mine = await makeGoods(shop, staff, 2);
    const order = await ordered(2, { payment: { method: 'sandbox', token: 'decline' } }, mine);
    expect(await stockOf(shop, mine)).toEqual([2, 2]);
    const input = { order: { id: order['id'] }, payment: { method: 'manual' } };
    const after = await changed(shop, ORDER_CHANGES.start, input, buyer);
    expect(after).toMatchObject({ state: 'PENDING_PAYMENT', onAccount: true, nextStates: ['CANCELLED'] });
    expect(await stockOf(shop, mine)).toEqual([0, 0]);
  });
});

describe('money that is held', () => {
  const minutesLeft = async ({ number }: Made): Promise<number> => {
    const [row] = await shop.database.query<{ minutes: number }>(
      'test.minutes',
      `SELECT round(extract(epoch FROM r.expires_at - now()) / 60)::int AS minutes
       FROM stock_reservations r JOIN orders o ON o.id = r.holder_id WHERE o.number = $1`,
      [number],
    );
    return row?.minutes ?? -1;
  };

  it('keeps the units for six days, and for minutes when it is held no longer', async () => {
    const order = await ordered(1, { payment: { method: 'sandbox', token: 'authorize' } });
    expect(order['payments']).toMatchObject([{ state: 'AUTHORIZED' }]);
    expect(await minutesLeft(order)).toBe(6 * 24 * 60);
    const sandbox = shop.app.get(SandboxProvider, { strict: false });
    const [payment] = await shop.database.query<{ reference: string }>(
      'test.reference',
      'SELECT p.reference FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.number = $1',
      [order['number']],
    );
    const delivery = sandbox.deliveryOf({
      noticeId: 'withdrawn',
      reference: payment?.reference ?? '',
      outcome: 'CANCELLED',
    });
    await shop.app.get(PaymentsService, { strict: false }).receive('sandbox', delivery);
    expect(await minutesLeft(order)).toBe(15);
  });
});

describe('promotions', () => {
  it('count once in one order, however often and in whatever spelling they are entered', async () => {
    await makePromotion(shop, staff, { code: 'FIVE', kind: 'FIXED_AMOUNT', amount: gbp('5.00') });
    const coupons = ['FIVE', 'five', ' FIVE', 'Five', 'FIVE'];
    const order = await ordered(2, { coupons });
    expect([order['discountTotal'], order['discounts'].length]).toEqual([gbp('5.00'), 1]);
  });

  it('do not make orders and cancellations wait for each other, limited or not', async () => {
    await makePromotion(shop, staff, { code: 'FREE', kind: 'PERCENT', percent: '1' });
    await makePromotion(shop, staff, { code: 'COUNTED', kind: 'PERCENT', percent: '1', usageLimit: 100_000 });
    const before = await deadlocks(shop, 10);
    const traits = { coupons: ['COUNTED', 'FREE'] };
    const old = await Promise.all(Array.from({ length: 10 }, () => ordered(1, traits)));
    const input = anOrder([{ variantId: variantOf(goods), quantity: 1 }], traits);
    const answers = await Promise.all(
      old.flatMap(({ id: orderId }) => [
        shop.send(cancel, { input: { orderId } }, buyer.token),
        shop.send(place, { input }, buyer.token),
      ]),
    );
    expect(answers.map(outcomeOf)).toEqual(answers.map(() => 'DONE'));
    expect(await deadlocks(shop, 10)).toBe(before);
  });
});
