import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import {
  isReserved,
  mayBecome,
  moverOf,
  nextStates,
  OrderState,
  type Movable,
  type Mover,
} from './order-states.rules.js';

const { PENDING_PAYMENT, PAID, FULFILLED, SHIPPED, DELIVERED, CANCELLED, REFUNDED } = OrderState;
const STATES = Object.values(OrderState);
const MOVERS: Mover[] = ['shop', 'staff', 'customer', 'guest'];

const order = (state: OrderState, traits: Partial<Movable> = {}): Movable => ({
  state,
  onAccount: false,
  paidMinor: state === PENDING_PAYMENT ? 0 : 3_000,
  started: [FULFILLED, SHIPPED, DELIVERED].includes(state),
  ...traits,
});
const viewer = (id: string, ...roles: Role[]): Viewer => ({ id, roles, sessionId: id, expiresAt: 0 });

describe('the table of transitions', () => {
  it.each<[OrderState, Record<Mover, OrderState[]>]>([
    [PENDING_PAYMENT, { shop: [PAID, CANCELLED], staff: [PAID, CANCELLED], customer: [CANCELLED], guest: [] }],
    [PAID, { shop: [REFUNDED], staff: [FULFILLED, CANCELLED, REFUNDED], customer: [], guest: [] }],
    [FULFILLED, { shop: [REFUNDED], staff: [SHIPPED, REFUNDED], customer: [], guest: [] }],
    [SHIPPED, { shop: [REFUNDED], staff: [DELIVERED, REFUNDED], customer: [], guest: [] }],
    [DELIVERED, { shop: [REFUNDED], staff: [REFUNDED], customer: [], guest: [] }],
    [CANCELLED, { shop: [], staff: [], customer: [], guest: [] }],
    [REFUNDED, { shop: [], staff: [], customer: [], guest: [] }],
  ])('leads from %s', (state, expected) => {
    const found = Object.fromEntries(MOVERS.map((mover) => [mover, nextStates(order(state), mover)]));
    expect(found).toEqual(expected);
    for (const mover of MOVERS) {
      const allowed = STATES.filter((to) => mayBecome(order(state), to, mover));
      expect(new Set(allowed)).toEqual(new Set(expected[mover]));
    }
  });

  it('lets staff pack an order on account before its money is there', () => {
    const onAccount = order(PENDING_PAYMENT, { onAccount: true });
    expect(nextStates(onAccount, 'staff')).toEqual([PAID, FULFILLED, CANCELLED]);
    expect(nextStates(onAccount, 'customer')).toEqual([CANCELLED]);
    expect(nextStates(onAccount, 'shop')).toEqual([PAID, CANCELLED]);
  });

  it('never cancels what has been packed, all or some', () => {
    for (const [state, onAccount] of [
      [PENDING_PAYMENT, true],
      [PAID, false],
    ] as const) {
      const started = order(state, { onAccount, started: true });
      for (const mover of MOVERS) expect(nextStates(started, mover)).not.toContain(CANCELLED);
    }
  });

  it('never gives money back that did not come', () => {
    for (const state of STATES) {
      for (const mover of MOVERS) expect(nextStates(order(state, { paidMinor: 0 }), mover)).not.toContain(REFUNDED);
    }
  });
});

describe('who moves an order', () => {
  it.each<[string, Viewer | null, string | null, Mover]>([
    ['nobody', null, 'ada', 'guest'],
    ["nobody, a guest's order", null, null, 'guest'],
    ['its customer', viewer('ada', Role.USER), 'ada', 'customer'],
    ['another customer', viewer('bo', Role.USER, Role.PREMIUM), 'ada', 'guest'],
    ["a customer, a guest's order", viewer('ada', Role.USER), null, 'guest'],
    ['staff', viewer('cy', Role.STAFF), 'ada', 'staff'],
    ['staff, their own order', viewer('cy', Role.STAFF), 'cy', 'staff'],
    ['admin', viewer('di', Role.USER, Role.ADMIN), null, 'staff'],
  ])('%s', (_, who, customerId, mover) => {
    expect(moverOf(who, { customerId })).toBe(mover);
  });
});

describe('units of an order', () => {
  it('are promised while its payment is awaited, and taken otherwise', () => {
    expect(STATES.filter((state) => isReserved({ state, onAccount: false }))).toEqual([PENDING_PAYMENT]);
    expect(STATES.filter((state) => isReserved({ state, onAccount: true }))).toEqual([]);
  });
});
