import { BadUserInput } from '../errors/request-errors.js';
import { OrderState } from './order-states.rules.js';
import {
  allToPack,
  completes,
  hasStarted,
  refundShare,
  unitsOfParcel,
  unitsOfRefund,
  unitsToPack,
} from './order-units.rules.js';
import type { OrderLineRow, OrderRow } from './order.type.js';
import { OrderLineNotFound, TooManyUnits } from './orders.errors.js';

const line = (id: string, traits: Partial<OrderLineRow> = {}): OrderLineRow => ({
  id,
  sku: id,
  productName: 'Goods',
  variantTitle: 'Default',
  variantId: null,
  productId: null,
  unitPriceMinor: 1_000,
  quantity: 3,
  discountMinor: 0,
  taxBp: 0,
  taxMinor: 0,
  fulfilledQuantity: 0,
  refundedQuantity: 0,
  unsentQuantity: 0,
  ...traits,
});
const order = (lines: OrderLineRow[], taxIncluded = true): OrderRow => ({
  id: 'order',
  number: '1',
  state: OrderState.PAID,
  currency: 'GBP',
  version: 1,
  onAccount: false,
  placedAt: new Date(0),
  updatedAt: new Date(0),
  email: null,
  customerId: null,
  customerReference: null,
  shippingAddress: null,
  billingAddress: null,
  shippingMethod: null,
  discounts: [],
  subtotalMinor: 0,
  discountMinor: 0,
  shippingMinor: 0,
  taxMinor: 0,
  totalMinor: 0,
  paidMinor: 0,
  refundedMinor: 0,
  authorized: false,
  lines,
  taxIncluded,
});
const units = (orderLineId: string, quantity: number) => ({ orderLineId, quantity });

const back = (orderLineId: string, quantity: number, unsent: number) => ({ orderLineId, quantity, unsent });

/** What is given back for one unit after the other. */
const oneByOne = (whole: OrderLineRow, taxIncluded = true): number[] =>
  Array.from({ length: whole.quantity }, (_, refundedQuantity) =>
    refundShare(order([{ ...whole, refundedQuantity }], taxIncluded), [units(whole.id, 1)]),
  );

describe('units to pack', () => {
  it.each([
    [3, 0, 0, 3],
    [3, 1, 0, 2],
    [3, 1, 1, 1],
    [3, 3, 0, 0],
    [3, 0, 3, 0],
  ])('of %i with %i packed and %i never to be packed are %i', (quantity, fulfilledQuantity, unsentQuantity, left) => {
    const given = { quantity, fulfilledQuantity, unsentQuantity, refundedQuantity: unsentQuantity };
    expect(unitsToPack(line('a', given))).toBe(left);
  });

  it('are not fewer because packed ones come back', () => {
    expect(unitsToPack(line('a', { fulfilledQuantity: 1, refundedQuantity: 1 }))).toBe(2);
  });

  it('are those of every line that has any', () => {
    const packed = order([line('a', { fulfilledQuantity: 3 }), line('b', { fulfilledQuantity: 1 }), line('c')]);
    expect(allToPack(packed)).toEqual([units('b', 2), units('c', 3)]);
    expect(hasStarted(packed)).toBe(true);
    expect(hasStarted(order([line('a', { refundedQuantity: 3 })]))).toBe(false);
  });

  it('are complete when all that is left of every line is packed, and not before', () => {
    const packed = order([line('a', { fulfilledQuantity: 2 }), line('b', { refundedQuantity: 1, unsentQuantity: 1 })]);
    expect(completes(packed, [units('a', 1), units('b', 2)])).toBe(true);
    expect(completes(packed, [units('a', 1), units('b', 1)])).toBe(false);
    expect(completes(packed, [units('b', 2)])).toBe(false);
    expect(completes(order([line('a', { fulfilledQuantity: 3 })]), [])).toBe(true);
  });
});

describe('units that a client names', () => {
  const some = order([
    line('a', { fulfilledQuantity: 2 }),
    line('b', { refundedQuantity: 2, unsentQuantity: 2 }),
    line('c', { fulfilledQuantity: 1, refundedQuantity: 1 }),
  ]);

  it('are packed as far as they are left', () => {
    const wanted = [units('a', 1), units('b', 1), units('c', 2)];
    expect(unitsOfParcel(some, wanted)).toEqual(wanted);
  });

  it('come back from the customer before those that were never packed', () => {
    expect(unitsOfRefund(some, [units('a', 1), units('b', 1), units('c', 1)])).toEqual([
      back('a', 1, 0),
      back('b', 1, 1),
      back('c', 1, 1),
    ]);
    expect(unitsOfRefund(some, [units('a', 3)])).toEqual([back('a', 3, 1)]);
  });

  it('are those that were meant', () => {
    expect(unitsOfRefund(some, [{ ...units('a', 1), unsent: true }])).toEqual([back('a', 1, 1)]);
    expect(unitsOfRefund(some, [{ ...units('a', 2), unsent: false }])).toEqual([back('a', 2, 0)]);
  });

  it.each([
    ['one more than can be packed', () => unitsOfParcel(some, [units('b', 1), units('a', 2)]), 'lines.1.quantity'],
    ['one more than was paid', () => unitsOfRefund(some, [units('b', 2)]), 'lines.0.quantity'],
    ['more than come back', () => unitsOfRefund(some, [{ ...units('a', 3), unsent: false }]), 'lines.0.quantity'],
    ['more than were not packed', () => unitsOfRefund(some, [{ ...units('a', 2), unsent: true }]), 'lines.0.quantity'],
  ])('are refused: %s', (_, work, field) => {
    const error: unknown = catching(work);
    expect(error).toBeInstanceOf(TooManyUnits);
    expect(error).toMatchObject({ field: ['input', ...field.split('.')] });
  });

  it('are refused when they are of another order, or a line is named twice', () => {
    const foreign = catching(() => unitsOfParcel(some, [units('d', 1)]));
    expect(foreign).toBeInstanceOf(OrderLineNotFound);
    expect(foreign).toMatchObject({ field: ['input', 'lines', '0', 'orderLineId'] });
    const twice = catching(() => unitsOfRefund(some, [units('a', 1), units('a', 1)]));
    expect(twice).toBeInstanceOf(BadUserInput);
    expect(twice).toMatchObject({ details: { fields: [{ path: 'input.lines.1.orderLineId' }] } });
  });
});

describe('the share of units in the money', () => {
  it.each([
    [0, [1_000, 1_000, 1_000]],
    [100, [966, 967, 967]],
    [1, [999, 1_000, 1_000]],
    [2_999, [0, 0, 1]],
    [3_000, [0, 0, 0]],
  ])('of 3 for 10.00 less %i adds up to the line', (discountMinor, shares) => {
    expect(oneByOne(line('a', { discountMinor }))).toEqual(shares);
  });

  it('holds the tax that was added, and none that was included', () => {
    const taxed = line('a', { discountMinor: 100, taxBp: 2_000, taxMinor: 580 });
    expect(oneByOne(taxed, false)).toEqual([1_160, 1_160, 1_160]);
    expect(oneByOne(taxed, true)).toEqual([966, 967, 967]);
  });

  it('is the same for several units as for one after the other, over all lines', () => {
    const lines = [line('a', { discountMinor: 100, refundedQuantity: 1 }), line('b', { discountMinor: 2_000 })];
    expect(refundShare(order(lines), [units('a', 2), units('b', 1)])).toBe(967 + 967 + 333);
    expect(refundShare(order(lines), [units('c', 1)])).toBe(0);
  });

  it('is exact beyond what a floating-point number holds', () => {
    const dear = line('a', { unitPriceMinor: 9_000_000_000_000, quantity: 999, discountMinor: 1 });
    const all = 9_000_000_000_000 * 999 - 1;
    expect(refundShare(order([dear]), [units('a', 999)])).toBe(all);
    expect(oneByOne(dear).reduce((sum, share) => sum + share, 0)).toBe(all);
  });
});

function catching(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
