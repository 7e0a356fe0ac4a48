import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import {
  isReserved,
  isWay,
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
  authorized: false,
  paidMinor: state === PENDING_PAYMENT ? 0 : 3_000,
  refundedMinor: 0,
  started: [FULFILLED, SHIPPED, DELIVERED].includes(state),
  packable: state === PENDING_PAYMENT || state === PAID,
  ...traits,
});
const viewer = (id: string, ...roles: Role[]): Viewer => ({ id, roles, sessionId: id, expiresAt: 0 });

describe('the table of transitions', () => {
  it.each<[OrderState, Record<Mover, OrderState[]>]>([
    [PENDING_PAYMENT, { shop: [CANCELLED], staff: [CANCELLED], customer: [CANCELLED], guest: [] }],
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

  it('lets staff capture what is authorized', () => {
    expect(nextStates(order(PENDING_PAYMENT, { authorized: true }), 'staff')).toEqual([PAID, CANCELLED]);
  });

  it('packs only what is there to be packed, and follows parcels that were all', () => {
    expect(nextStates(order(PAID, { packable: false }), 'staff')).toEqual([CANCELLED, REFUNDED]);
    expect(nextStates(order(PAID, { packable: false, started: true }), 'staff')).toEqual([FULFILLED, REFUNDED]);
  });

  it('never cancels what has been packed while there is money of it', () => {
    for (const state of STATES) {
      const started = order(state, { started: true, paidMinor: 1 });
      for (const mover of MOVERS) expect(nextStates(started, mover)).not.toContain(CANCELLED);
    }
  });

  it('lets staff give up an order on account that nobody paid, wherever its parcels are', () => {
    const unpaid = { onAccount: true, paidMinor: 0, started: true };
    const open = STATES.filter((state) => nextStates(order(state, unpaid), 'staff').includes(CANCELLED));
    expect(open).toEqual([PENDING_PAYMENT, PAID, FULFILLED, SHIPPED]);
    for (const state of [FULFILLED, SHIPPED]) {
      expect(nextStates(order(state, { ...unpaid, onAccount: false }), 'staff')).not.toContain(CANCELLED);
    }
  });

  it('knows no other way', () => {
    const ways = STATES.flatMap((from) =>
      STATES.filter((to) => from !== to && isWay(from, to)).map((to) => [from, to]),
    );
    expect(ways).toHaveLength(13);
    expect(STATES.filter((state) => isWay(state, state))).toEqual(STATES);
    expect(STATES.filter((to) => isWay(CANCELLED, to) || isWay(REFUNDED, to))).toEqual([CANCELLED, REFUNDED]);
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
