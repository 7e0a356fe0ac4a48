import { OrderState } from '../orders/order-states.rules.js';
import type { SoldOrder } from '../orders/orders.bulk.js';
import { BadLine } from './order-problems.js';
import { ReturnsPlan, wishesOf } from './order-returns.js';
import type { OrderLineOfFile } from './order-rows.js';

const DAY = '2011-11-21T08:00:00.000Z';

const lineOf = (traits: Partial<OrderLineOfFile> = {}): OrderLineOfFile => {
  const line = {
    line: 2,
    invoice: 'C9',
    sku: 'A',
    quantity: -1,
    unitPriceMinor: 100,
    placedAt: DAY,
    customer: '7',
    ...traits,
  };
  return { ...line, amountMinor: BigInt(line.quantity) * BigInt(line.unitPriceMinor) };
};

const orderOf = (id: string, traits: Partial<SoldOrder> = {}): SoldOrder => ({
  id,
  customerReference: '7',
  placedAt: new Date(DAY),
  state: OrderState.DELIVERED,
  paidMinor: 1_000,
  refundedMinor: 0,
  shippingMinor: 300,
  returnedMinor: 0,
  lines: [{ id: `${id}1`, sku: 'A', unitPriceMinor: 100, quantity: 2, refunded: 0 }],
  ...traits,
});

/** What becomes of each line: the order and its units, or why not. */
function planned(orders: readonly SoldOrder[], ...lines: readonly OrderLineOfFile[]): unknown[] {
  const money = orders.map(({ id, paidMinor, refundedMinor }) => ({
    orderId: id,
    paymentId: `p${id}`,
    leftMinor: paidMinor - refundedMinor,
  }));
  const plan = new ReturnsPlan(orders, money, 'GBP');
  const refused: unknown[] = [];
  const wishes = wishesOf(
    { number: 'C9', unit: 'line', lines: [...lines], faults: [], refusal: null },
    'GBP',
    (_, fault) => refused.push(fault.message),
  );
  const results = wishes.map((wish) => {
    try {
      plan.add(wish);
      const back = plan.returns.at(-1);
      return [
        back?.orderId,
        back?.amountMinor,
        back?.units.map(({ lineId, quantity }) => `${lineId} ${quantity}`).join(),
        back?.to,
      ];
    } catch (error) {
      return error instanceof BadLine ? error.message : error;
    }
  });
  return [...refused, ...results];
}

const { DELIVERED, REFUNDED } = OrderState;
const MISSING = 'quantity: no earlier order of customer 7 has';

describe('what a cancellation gives back', () => {
  it('is of the newest order that has enough units left at the same price', () => {
    const cheap = [{ id: 'n1', sku: 'A', unitPriceMinor: 99, quantity: 9, refunded: 0 }];
    const orders = [orderOf('n', { lines: cheap }), orderOf('b'), orderOf('a')];
    expect(planned(orders, lineOf(), lineOf({ quantity: -2 }), lineOf(), lineOf())).toEqual([
      ['b', 100, 'b1 1', DELIVERED],
      ['a', 200, 'a1 2', DELIVERED],
      ['b', 100, 'b1 1', DELIVERED],
      `${MISSING} 1 of A, sold for 1.00 GBP, left to give back`,
    ]);
  });

  it('may come from several lines of one order, and from none that is later or of somebody else', () => {
    const line = { sku: 'A', unitPriceMinor: 100, quantity: 2, refunded: 0 };
    const later = orderOf('l', { placedAt: new Date('2011-11-21T08:00:01Z') });
    const lines = [
      { ...line, id: 'a1', refunded: 1 },
      { ...line, id: 'a2', unitPriceMinor: 99 },
      { ...line, id: 'a3' },
    ];
    const orders = [later, orderOf('o', { customerReference: '8' }), orderOf('a', { lines })];
    expect(planned(orders, lineOf({ quantity: -3 }))).toEqual([['a', 300, 'a1 1,a3 2', DELIVERED]]);
  });

  it('is never more than was paid; with the last penny the order is refunded', () => {
    const orders = [orderOf('a', { paidMinor: 250, refundedMinor: 50 })];
    expect(planned(orders, lineOf(), lineOf(), lineOf())).toEqual([
      ['a', 100, 'a1 1', DELIVERED],
      ['a', 100, 'a1 1', REFUNDED],
      `${MISSING} 1 of A, sold for 1.00 GBP, left to give back`,
    ]);
  });

  it('can be delivery, as much as was paid for it and has not gone back', () => {
    const orders = [orderOf('a', { refundedMinor: 200, returnedMinor: 100 })];
    const delivery = (unitPriceMinor: number) => lineOf({ sku: 'POST', unitPriceMinor });
    expect(planned(orders, delivery(201), lineOf(), delivery(150), delivery(51), delivery(50))).toEqual([
      `${MISSING} 2.01 GBP of delivery (POST) left to give back`,
      ['a', 100, 'a1 1', DELIVERED],
      ['a', 150, '', DELIVERED],
      `${MISSING} 0.51 GBP of delivery (POST) left to give back`,
      ['a', 50, '', DELIVERED],
    ]);
  });

  it('can be units that cost nothing, of an order that nobody paid', () => {
    const line = { id: 'a1', sku: 'A', unitPriceMinor: 0, quantity: 1, refunded: 0 };
    const plan = new ReturnsPlan([orderOf('a', { paidMinor: 0, lines: [line] })], [], 'GBP');
    const [wish] = wishesOf(
      { number: 'C9', unit: 'line', lines: [lineOf({ unitPriceMinor: 0 })], faults: [], refusal: null },
      'GBP',
      () => undefined,
    );
    if (wish) plan.add(wish);
    expect(plan.returns).toMatchObject([{ orderId: 'a', paymentId: null, amountMinor: 0, to: DELIVERED }]);
  });

  it('is told apart by what it says and how often', () => {
    const lines = [lineOf(), lineOf({ quantity: -2 }), lineOf()];
    const wishes = wishesOf({ number: 'C9', unit: 'line', lines, faults: [], refusal: null }, 'GBP', () => undefined);
    expect(wishes.map(({ reason, nth }) => [reason, nth])).toEqual([
      ['Cancellation C9: 1 × A at 1.00', 1],
      ['Cancellation C9: 2 × A at 1.00', 1],
      ['Cancellation C9: 1 × A at 1.00', 2],
    ]);
  });

  it('must be units of a customer', () => {
    expect(planned([], lineOf({ quantity: 1 }), lineOf({ sku: 'D' }), lineOf({ customer: null }))).toEqual([
      'quantity: is above 0, in a cancellation',
      'sku: D is a discount, and gives no units back',
      'customer_id: is missing, so nobody knows which order this gives back',
    ]);
  });
});
