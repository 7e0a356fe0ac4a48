import { Role } from '../src/access/role.js';
import { SandboxProvider } from '../src/payments/sandbox.provider.js';
import { signUp, type Account } from './support/accounts.js';
import { aVariant, change, codeOf, countOf, makeProduct, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  askProviders,
  bought,
  buyingDump,
  changed,
  eventsOf,
  leaveToTheTest,
  makeGoods,
  ORDER_CHANGES,
  readOrder,
  refusedOrder,
  stockEventsOf,
  stockOf,
  trailOf,
} from './support/orders.js';
import { replace } from './support/payments.js';
import { aRate, SET_TAX_RATES } from './support/price-tables.js';
import { makePromotion, wrongUses } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

type Made = Record<string, any>;

const { cancel, refund, capture, fulfill } = ORDER_CHANGES;
const PAID = { payment: { method: 'sandbox', token: 'succeed' } };
const NO_LINE = 'orderline_0198f2c4d1e27abc8def0123456789ab';
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
  goods = await makeGoods(shop, staff, 999);
  await makePromotion(shop, staff, { code: 'ONE', kind: 'FIXED_AMOUNT', amount: gbp('1.00') });
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

/** The buyer's order of so many units. */
const ordered = (quantity: number, traits: object = PAID, product = goods): Promise<Made> =>
  bought(shop, [[product, quantity]], traits, buyer);
const units = (order: Made, quantity: number, line = 0): object => ({
  lines: [{ orderLineId: order['lines'][line].id, quantity }],
});
const refundOf = ({ id: orderId }: Made, more: object = {}): Promise<Made> =>
  changed(shop, refund, { orderId, ...more }, staff);
const refused = ({ id: orderId }: Made, more: object = {}): Promise<string> =>
  refusedOrder(shop, refund, { orderId, ...more }, staff);
const amounts = ({ refunds }: Made): string[] => refunds.map(({ amount }: Made) => amount['amount']);
const cancelledLedger = ({ id }: MadeProduct): Promise<number> =>
  countOf(
    shop,
    `SELECT coalesce(sum(m.delta), 0) AS n FROM stock_movements m JOIN product_variants v ON v.id = m.variant_id
     WHERE v.product_id = $1 AND m.reason = 'CANCELLED'`,
    [id.replace(/^product_/, '')],
  );

describe('cancelling', () => {
  it('releases the units that were promised, and asks nobody for the money any more', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(2, { payment: { method: 'sandbox', token: 'pending' } }, mine);
    const after = await changed(shop, cancel, { orderId: order['id'], reason: 'Too slow.' }, buyer);
    expect(after).toMatchObject({ state: 'CANCELLED', version: 2, nextStates: [], refunds: [] });
    expect(after['payments']).toMatchObject([{ state: 'CANCELLED', capturedAmount: gbp('0.00') }]);
    expect(after['history'][1]).toMatchObject({ type: 'CANCELLED', reason: 'Too slow.', actor: { id: buyer.id } });
    expect([await stockOf(shop, mine), await cancelledLedger(mine)]).toEqual([[5, 0], 0]);
    expect(await stockEventsOf(shop, mine)).toEqual([
      [5, 3],
      [3, 5],
    ]);
  });

  it('gives the money back and returns exactly the units that were sold', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(2, { ...PAID, coupons: ['ONE'] }, mine);
    expect(await stockOf(shop, mine)).toEqual([3, 0]);
    const after = await changed(shop, cancel, { orderId: order['id'] }, staff);
    expect(after).toMatchObject({
      state: 'CANCELLED',
      paidTotal: gbp('19.00'),
      refundedTotal: gbp('19.00'),
      refunds: [{ state: 'SUCCEEDED', amount: gbp('19.00') }],
      payments: [{ state: 'CAPTURED', refundedAmount: gbp('19.00') }],
    });
    const trail = [
      'PLACED >PENDING_PAYMENT',
      'PAYMENT_RECEIVED PENDING_PAYMENT>PAID',
      'CANCELLED PAID>CANCELLED',
      'REFUNDED CANCELLED>CANCELLED',
    ];
    expect([trailOf(after), await eventsOf(shop, after)]).toEqual([trail, trail]);
    expect([await stockOf(shop, mine), await cancelledLedger(mine)]).toEqual([[5, 0], 2]);
    // The coupon can be used again.
    expect(await countOf(shop, 'SELECT count(*) AS n FROM promotion_redemptions')).toBe(0);
  });

  it('on account gives back the part that was paid', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const { id: orderId } = await ordered(5, {}, mine);
    await changed(shop, capture, { orderId, amount: gbp('20') }, staff);
    // Money that is there goes back by the hands of staff.
    expect(await refusedOrder(shop, cancel, { orderId }, buyer)).toBe('ILLEGAL_TRANSITION');
    const after = await changed(shop, cancel, { orderId }, staff);
    expect(after).toMatchObject({ state: 'CANCELLED', paidTotal: gbp('20.00'), refundedTotal: gbp('20.00') });
    expect(after['payments']).toMatchObject([{ state: 'CAPTURED', amount: gbp('50.00') }]);
    expect(await stockOf(shop, mine)).toEqual([5, 0]);
  });

  it('returns only what was not given back before', async () => {
    const mine = await makeGoods(shop, staff, 9);
    const order = await ordered(5, PAID, mine);
    await refundOf(order, { ...units(order, 2), restock: true });
    await refundOf(order, units(order, 1));
    const after = await changed(shop, cancel, { orderId: order['id'] }, staff);
    expect(amounts(after)).toEqual(['20.00', '10.00', '20.00']);
    // Of nine, five were sold: two came back with their refund, two now, and one did not.
    expect([await stockOf(shop, mine), await cancelledLedger(mine)]).toEqual([[8, 0], 4]);
  });
});

describe('giving money back', () => {
  it('all of it makes the order REFUNDED, and takes no stock along', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(2, PAID, mine);
    const after = await refundOf(order, { reason: 'A gift.' });
    expect(after).toMatchObject({ state: 'REFUNDED', refundedTotal: gbp('20.00'), nextStates: [] });
    expect(after['refunds']).toMatchObject([{ state: 'SUCCEEDED', reason: 'A gift.', amount: gbp('20.00') }]);
    expect(after['lines'][0].refundedQuantity).toBe(0);
    expect(await stockOf(shop, mine)).toEqual([3, 0]);
    expect(await refused(order)).toBe('ILLEGAL_TRANSITION');
  });

  it('by amounts, until nothing is left', async () => {
    const order = await ordered(3);
    expect(await refused(order, { amount: gbp('30.01') })).toBe('AMOUNT_TOO_HIGH input.amount');
    const some = await refundOf(order, { amount: gbp('12.34') });
    expect(some).toMatchObject({ state: 'PAID', version: 4, refundedTotal: gbp('12.34') });
    expect(await refused(order, { amount: gbp('17.67') })).toBe('AMOUNT_TOO_HIGH input.amount');
    const most = await refundOf(order, { amount: gbp('17.65') });
    expect(most).toMatchObject({ state: 'PAID', refundedTotal: gbp('29.99') });
    const rest = await refundOf(order);
    expect([rest['state'], amounts(rest)]).toEqual(['REFUNDED', ['12.34', '17.65', '0.01']]);
    const asked = 'REFUND_REQUESTED PAID>PAID';
    const steps = [asked, 'REFUNDED PAID>PAID', asked, 'REFUNDED PAID>PAID', asked, 'REFUNDED PAID>REFUNDED'];
    expect(trailOf(rest).slice(2)).toEqual(steps);
    expect(await eventsOf(shop, rest)).toEqual(trailOf(rest));
  });

  it('for units, each for its share of the line, and back into stock', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(3, { ...PAID, coupons: ['ONE'] }, mine);
    const shares: string[] = [];
    for (const left of [2, 1, 0]) {
      const after = await refundOf(order, { ...units(order, 1), restock: true });
      shares.push(amounts(after).at(-1) ?? '');
      expect(after['state']).toBe(left === 0 ? 'REFUNDED' : 'PAID');
      expect(await stockOf(shop, mine)).toEqual([5 - left, 0]);
      if (left > 0) expect(await refused(order, units(order, left + 1))).toBe('AMOUNT_TOO_HIGH input.lines.0.quantity');
    }
    expect(shares).toEqual(['9.66', '9.67', '9.67']);
    expect(await stockEventsOf(shop, mine)).toEqual([
      [5, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ]);
  });

  it('for units with the tax that was added, and for another amount when one is named', async () => {
    const admin = await signUp(shop, { roles: [Role.ADMIN] });
    await change(shop, admin, SET_TAX_RATES, { rates: [aRate({ pricesIncludeTax: false })] });
    const order = await ordered(3);
    expect(order).toMatchObject({ total: gbp('36.00'), taxTotal: gbp('6.00') });
    expect(amounts(await refundOf(order, units(order, 1)))).toEqual(['12.00']);
    const less = await refundOf(order, { ...units(order, 2), amount: gbp('5.00') });
    expect([less['state'], amounts(less), less['lines'][0].refundedQuantity]).toEqual(['PAID', ['12.00', '5.00'], 3]);
    await change(shop, admin, SET_TAX_RATES, { rates: [] });
  });

  it('never more for units than is left', async () => {
    const order = await ordered(3);
    await refundOf(order, { amount: gbp('25') });
    const after = await refundOf(order, units(order, 2));
    expect([after['state'], amounts(after)]).toEqual(['REFUNDED', ['25.00', '5.00']]);
  });

  it('for units that cost nothing is noted, too', async () => {
    const variants = [aVariant({ price: gbp('0') }), aVariant({ options: [{ name: 'Size', value: 'L' }] })];
    const mixed = await makeProduct(shop, staff, {
      name: 'Mixed',
      variants: [{ ...variants[0], options: [{ name: 'Size', value: 'S' }] }, variants[1]],
    });
    const lines = mixed.variants.map(({ id: variantId }) => ({ variantId, quantity: 2 }));
    const order = await bought(shop, [], { ...PAID, lines }, buyer);
    const after = await refundOf(order, { ...units(order, 1), restock: true, reason: 'Broken.' });
    expect(after).toMatchObject({ state: 'PAID', version: 3, refunds: [], refundedTotal: gbp('0.00') });
    expect(after['history'][2]).toMatchObject({ type: 'REFUNDED', reason: 'Broken.', actor: { id: staff.id } });
    expect(await stockOf(shop, mixed)).toEqual([4, 0]);
  });

  it('is refused in another currency, for lines of others, and for nothing', async () => {
    const [order, other] = [await ordered(1), await ordered(1)];
    const euro = { amount: { amount: '1', currency: 'EUR' } };
    expect(await refused(order, euro)).toBe('CURRENCY_MISMATCH input.amount');
    const foreign = 'NOT_FOUND input.lines.0.orderLineId';
    expect(await refused(order, units(other, 1))).toBe(foreign);
    expect(await refused(order, { lines: [{ orderLineId: NO_LINE, quantity: 1 }] })).toBe(foreign);
    const before = await buyingDump(shop);
    for (const more of [{ amount: gbp('0') }, { amount: gbp('-1') }, { lines: [] }, { reason: '' }]) {
      const answer = await shop.send(refund, { input: { orderId: order['id'], ...more } }, staff.token);
      expect([answer.data ?? null, codeOf(answer)]).toEqual([null, 'BAD_USER_INPUT']);
    }
    expect(await buyingDump(shop)).toBe(before);
  });
});

describe('a provider that does not answer', () => {
  /** Runs the work while refunds end otherwise than well. */
  async function whileRefunds(outcome: 'PENDING' | 'FAILED', work: () => Promise<void>): Promise<void> {
    const sandbox = shop.app.get(SandboxProvider, { strict: false });
    const other = replace(sandbox, 'refund', async () => ({ reference: '', outcome, failure: 'No.' }));
    await work().finally(() => other.restore());
  }

  it('does not keep an order from being cancelled: what is on its way is not given back twice', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(3, PAID, mine);
    await whileRefunds('PENDING', async () => {
      const asked = await refundOf(order, { ...units(order, 1), restock: true });
      expect(asked).toMatchObject({ state: 'PAID', refundedTotal: gbp('0.00'), refunds: [{ state: 'PENDING' }] });
      expect(await refused(order, { amount: gbp('20.01') })).toBe('AMOUNT_TOO_HIGH input.amount');
      const after = await changed(shop, cancel, { orderId: order['id'] }, staff);
      expect([after['state'], amounts(after)]).toEqual(['CANCELLED', ['10.00', '20.00']]);
      expect(await refused(order)).toBe('ILLEGAL_TRANSITION');
    });
    expect(await stockOf(shop, mine)).toEqual([5, 0]);
    await askProviders(shop);
    const settled = await readOrder(shop, { id: order['id'] }, staff);
    expect(settled).toMatchObject({ state: 'CANCELLED', refundedTotal: gbp('30.00') });
  });

  it('does not bring stock back twice when the money of a cancelled order is given back later', async () => {
    const mine = await makeGoods(shop, staff, 5);
    const order = await ordered(2, PAID, mine);
    await whileRefunds('FAILED', async () => {
      const after = await changed(shop, cancel, { orderId: order['id'] }, staff);
      expect(after).toMatchObject({ state: 'CANCELLED', refundedTotal: gbp('0.00'), refunds: [{ state: 'FAILED' }] });
    });
    expect(await refused(order, { ...units(order, 2), restock: true })).toBe('ILLEGAL_TRANSITION');
    const after = await refundOf(order);
    expect(after).toMatchObject({
      state: 'CANCELLED',
      refundedTotal: gbp('20.00'),
      refunds: [{}, { state: 'SUCCEEDED' }],
    });
    expect(await stockOf(shop, mine)).toEqual([5, 0]);
  });

  it('leaves an order as it was when it refuses to give money back', async () => {
    const order = await ordered(2);
    await changed(shop, fulfill, { orderId: order['id'] }, staff);
    await whileRefunds('FAILED', async () => {
      const after = await refundOf(order);
      expect(after).toMatchObject({ state: 'FULFILLED', refundedTotal: gbp('0.00'), refunds: [{ state: 'FAILED' }] });
    });
    expect(await refundOf(order)).toMatchObject({ state: 'REFUNDED', refundedTotal: gbp('20.00') });
  });
});
