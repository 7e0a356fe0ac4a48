import { Role } from '../src/access/role.js';
import { PaymentsService } from '../src/payments/payments.service.js';
import { SandboxCourier, SandboxProvider } from '../src/payments/sandbox.provider.js';
import { OrderExpiry } from '../src/returns/order-expiry.js';
import { ReservationsService } from '../src/stock/reservations.service.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import { countOf, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  anOrder,
  askProviders,
  bought,
  buyingDump,
  changed,
  eventsOf,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  orderChanges,
  readOrder,
  refusedOrder,
  stockEventsOf,
  stockOf,
  trailOf,
  variantOf,
} from './support/orders.js';
import { makePromotion, wrongUses } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

type Made = Record<string, any>;

const { cancel, start, capture } = ORDER_CHANGES;
const PLACE = orderChanges('id state').place;
const EXPIRED = ['PLACED >PENDING_PAYMENT', 'CANCELLED PENDING_PAYMENT>CANCELLED'];
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let buyer: Account;
let expiry: OrderExpiry;

beforeAll(async () => {
  shop = await startShop({ RESERVATION_MINUTES: '7' });
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
  expiry = shop.app.get(OrderExpiry, { strict: false });
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

/** The buyer's order of two units, paid by a token of the sandbox. */
function ordered(token: string, goods: MadeProduct, traits: object = {}): Promise<Made> {
  const lines = [{ variantId: variantOf(goods), quantity: 2 }];
  return changed(shop, PLACE, anOrder(lines, { payment: { method: 'sandbox', token }, ...traits }), buyer);
}

const read = async ({ id }: Made): Promise<Made> => (await readOrder(shop, { id }, buyer)) ?? {};

/** Lets the time of some orders run out, or come near. */
async function runOut(orders: readonly Made[], interval = '-1 second'): Promise<void> {
  await shop.database.query(
    'test.runOut',
    `UPDATE stock_reservations SET expires_at = now() + $2::interval WHERE holder_id = ANY($1)`,
    [orders.map(({ id }) => uuidOf('order', id)), interval],
  );
}

let notices = 0;

/** The provider tells by itself that an order was paid. */
async function tellPaid(order: Made): Promise<void> {
  const sandbox = shop.app.get(SandboxProvider, { strict: false });
  const [row] = await shop.database.query<{ reference: string }>(
    'test.reference',
    'SELECT reference FROM payments WHERE order_id = $1 ORDER BY id LIMIT 1',
    [uuidOf('order', order['id'])],
  );
  notices += 1;
  const notice = { noticeId: `late ${notices}`, reference: row?.reference ?? '', outcome: 'CAPTURED' as const };
  await shop.app.get(PaymentsService, { strict: false }).receive('sandbox', sandbox.deliveryOf(notice));
}

describe('an order that is not paid in time', () => {
  it('keeps its units for as many minutes as the shop says', async () => {
    const order = await ordered('pending', await makeGoods(shop, staff, 5));
    const sql = `SELECT count(*) AS n FROM stock_reservations r JOIN orders o ON o.id = r.holder_id
      WHERE o.id = $1 AND r.expires_at = o.placed_at + interval '7 minutes'`;
    expect(await countOf(shop, sql, [uuidOf('order', order['id'])])).toBe(1);
    await runOut([order], '1 minute');
    const before = await buyingDump(shop);
    expect(await expiry.sweep()).toBe(0);
    expect(await buyingDump(shop)).toBe(before);
  });

  it('is cancelled by the shop, and its units can be sold again', async () => {
    await makePromotion(shop, staff, { code: 'ONCE', usageLimit: 1 });
    const goods = await makeGoods(shop, staff, 2);
    const order = await ordered('pending', goods, { coupons: ['ONCE'] });
    await runOut([order]);
    expect(await expiry.sweep()).toBe(1);
    const after = await read(order);
    expect(after).toMatchObject({ state: 'CANCELLED', version: 2, payments: [{ state: 'CANCELLED' }], refunds: [] });
    expect(after['history'][1]).toMatchObject({ reason: 'The payment did not come in time.', actor: null });
    expect([trailOf(after), await eventsOf(shop, order)]).toEqual([EXPIRED, EXPIRED]);
    expect([await stockOf(shop, goods), await stockEventsOf(shop, goods)]).toEqual([
      [2, 0],
      [
        [2, 0],
        [0, 2],
      ],
    ]);
    const again = await ordered('succeed', goods, { coupons: ['ONCE'] });
    expect([again['state'], await stockOf(shop, goods)]).toEqual(['PAID', [0, 0]]);
    expect(await expiry.sweep()).toBe(0);
  });

  it('is cancelled when its payment was declined or only authorized, too', async () => {
    const goods = await makeGoods(shop, staff, 9);
    const orders = [await ordered('decline', goods), await ordered('authorize', goods)];
    await runOut(orders);
    expect(await expiry.sweep()).toBe(2);
    expect(await stockOf(shop, goods)).toEqual([9, 0]);
    for (const order of orders) {
      expect(trailOf(await read(order))).toEqual(EXPIRED);
      const input = { order: { id: order['id'] }, payment: { method: 'sandbox', token: 'succeed' } };
      expect(await refusedOrder(shop, start, input, buyer)).toBe('ILLEGAL_TRANSITION');
      expect(await refusedOrder(shop, capture, { orderId: order['id'] }, staff)).toBe('ILLEGAL_TRANSITION');
    }
  });

  it('gets money that comes later back, once, and stays cancelled', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const order = await ordered('pending', goods);
    await runOut([order]);
    expect(await expiry.sweep()).toBe(1);
    for (let time = 0; time < 3; time += 1) await tellPaid(order);
    await askProviders(shop);
    const after = await read(order);
    // The order is told neither of the money nor of its return.
    expect(after).toMatchObject({
      state: 'CANCELLED',
      version: 2,
      paidTotal: gbp('0.00'),
      payments: [{ state: 'CANCELLED', capturedAmount: gbp('20.00'), refundedAmount: gbp('20.00') }],
      refunds: [{ state: 'SUCCEEDED', amount: gbp('20.00') }],
    });
    expect([trailOf(after), await stockOf(shop, goods)]).toEqual([EXPIRED, [5, 0]]);
  });

  it('gets what the provider tells after the customer has cancelled back as well', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const order = await ordered('late', goods);
    await changed(shop, cancel, { orderId: order['id'] }, buyer);
    await shop.app.get(SandboxCourier, { strict: false }).flush();
    await askProviders(shop);
    expect(await read(order)).toMatchObject({
      state: 'CANCELLED',
      payments: [{ state: 'CANCELLED', refundedAmount: gbp('20.00') }],
    });
    expect(await stockOf(shop, goods)).toEqual([5, 0]);
  });
});

describe('an order that was paid meanwhile', () => {
  it('holds no promise that could run out', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const [paid, onAccount] = [await ordered('pending', goods), await bought(shop, [[goods, 1]], {}, buyer)];
    await runOut([paid, onAccount]);
    await tellPaid(paid);
    const before = await buyingDump(shop);
    expect(await expiry.sweep()).toBe(0);
    expect(await buyingDump(shop)).toBe(before);
    expect([(await read(paid))['state'], await stockOf(shop, goods)]).toEqual(['PAID', [2, 0]]);
  });
});

describe('several sweepers', () => {
  it('cancel each order once', async () => {
    const goods = await makeGoods(shop, staff, 30);
    const orders = await Promise.all(Array.from({ length: 12 }, () => ordered('pending', goods)));
    expect(await stockOf(shop, goods)).toEqual([30, 24]);
    await runOut(orders.slice(0, 10));
    const swept = await Promise.all([expiry.sweep(), expiry.sweep(), expiry.sweep()]);
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(await stockOf(shop, goods)).toEqual([30, 4]);
    for (const order of orders.slice(0, 10)) expect(await eventsOf(shop, order)).toEqual(EXPIRED);
    const left = await Promise.all(orders.slice(10).map(read));
    expect(left.map(({ state }) => state)).toEqual(['PENDING_PAYMENT', 'PENDING_PAYMENT']);
    expect((await stockEventsOf(shop, goods)).slice(-10).map(([before, after]) => after - before)).toEqual(
      Array.from({ length: 10 }, () => 2),
    );
  });

  it('take those of longest ago first', async () => {
    const goods = await makeGoods(shop, staff, 99);
    const orders = await Promise.all(Array.from({ length: 4 }, () => ordered('pending', goods)));
    for (const [hours, order] of orders.entries()) await runOut([order], `-${hours + 1} hours`);
    const oldest = orders.toReversed().map(({ id }) => uuidOf('order', id));
    const reservations = shop.app.get(ReservationsService, { strict: false });
    expect(await reservations.expired(3)).toEqual(oldest.slice(0, 3));
    expect([await expiry.sweep(), await expiry.sweep()]).toEqual([4, 0]);
    expect(await stockOf(shop, goods)).toEqual([99, 0]);
  });
});
