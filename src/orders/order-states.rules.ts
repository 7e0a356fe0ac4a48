import { isStaff, type Viewer } from '../access/viewer.js';

/** Where an order stands. */
export enum OrderState {
  PENDING_PAYMENT = 'PENDING_PAYMENT',
  PAID = 'PAID',
  FULFILLED = 'FULFILLED',
  SHIPPED = 'SHIPPED',
  DELIVERED = 'DELIVERED',
  CANCELLED = 'CANCELLED',
  REFUNDED = 'REFUNDED',
}

/** Who brings an order further. The shop itself does so when money comes or time runs out; a guest only looks. */
export type Mover = 'shop' | 'staff' | 'customer' | 'guest';

/** A way from one state to another. */
export interface Transition {
  from: OrderState;
  to: OrderState;
  by: readonly Mover[];
  /** Only for orders whose goods go before the money comes. */
  onAccount?: true;
}

const { PENDING_PAYMENT, PAID, FULFILLED, SHIPPED, DELIVERED, CANCELLED, REFUNDED } = OrderState;

/** Every way from one state to another; there is no other. */
export const TRANSITIONS: readonly Transition[] = [
  { from: PENDING_PAYMENT, to: PAID, by: ['shop', 'staff'] },
  { from: PENDING_PAYMENT, to: FULFILLED, by: ['staff'], onAccount: true },
  { from: PENDING_PAYMENT, to: CANCELLED, by: ['shop', 'staff', 'customer'] },
  { from: PAID, to: FULFILLED, by: ['staff'] },
  { from: PAID, to: CANCELLED, by: ['staff'] },
  { from: PAID, to: REFUNDED, by: ['staff', 'shop'] },
  { from: FULFILLED, to: SHIPPED, by: ['staff'] },
  { from: FULFILLED, to: CANCELLED, by: ['staff'], onAccount: true },
  { from: FULFILLED, to: REFUNDED, by: ['staff', 'shop'] },
  { from: SHIPPED, to: DELIVERED, by: ['staff'] },
  { from: SHIPPED, to: CANCELLED, by: ['staff'], onAccount: true },
  { from: SHIPPED, to: REFUNDED, by: ['staff', 'shop'] },
  { from: DELIVERED, to: REFUNDED, by: ['staff', 'shop'] },
];

/** What the way an order may go depends on. */
export interface Movable {
  state: OrderState;
  onAccount: boolean;
  /** Its money is held for the shop and can be captured. */
  authorized: boolean;
  paidMinor: number;
  refundedMinor: number;
  /** Something of it is packed. */
  started: boolean;
  /** Something of it is still to be packed. */
  packable: boolean;
}

/** The states that somebody may bring an order to, in the order of the table. */
export function nextStates(order: Movable, mover: Mover): OrderState[] {
  return TRANSITIONS.filter(
    ({ from, by, onAccount }) => from === order.state && by.includes(mover) && (!onAccount || order.onAccount),
  )
    .map(({ to }) => to)
    .filter((to) => isOpen(to, order, mover));
}

/** Whether somebody may bring an order to a state. */
export function mayBecome(order: Movable, to: OrderState, mover: Mover): boolean {
  return nextStates(order, mover).includes(to);
}

/** Whether there is a way from one state to another at all. An order may always stay where it is. */
export function isWay(from: OrderState, to: OrderState): boolean {
  return from === to || TRANSITIONS.some((way) => way.from === from && way.to === to);
}

function isOpen(to: OrderState, order: Movable, mover: Mover): boolean {
  const { onAccount, authorized, paidMinor, refundedMinor, started, packable } = order;
  switch (to) {
    case PAID:
      return onAccount || authorized;
    case FULFILLED:
      return packable || started;
    case CANCELLED:
      // Money that is there goes back by the hands of staff. What is packed is returned and not cancelled, unless there is
      // no money to give back for it: a parcel that nobody took.
      if (mover === 'customer') return !started && paidMinor === 0;
      return !started || (mover === 'staff' && onAccount && paidMinor === refundedMinor);
    case REFUNDED:
      return paidMinor > refundedMinor;
    case PENDING_PAYMENT:
    case SHIPPED:
    case DELIVERED:
    default:
      return true;
  }
}

/** Whether parcels of an order may be on their way. */
export function mayTravel({ state, onAccount }: Pick<Movable, 'state' | 'onAccount'>): boolean {
  return [PAID, FULFILLED, SHIPPED].includes(state) || (state === PENDING_PAYMENT && onAccount);
}

/** As whom a viewer deals with an order. Who only knows its number and e-mail address looks, whether signed in or not. */
export function moverOf(viewer: Viewer | null, { customerId }: { customerId: string | null }): Mover {
  if (isStaff(viewer)) return 'staff';
  return viewer !== null && viewer.id === customerId ? 'customer' : 'guest';
}

/** Whether an order's units are promised and not taken yet. */
export function isReserved({ state, onAccount }: Pick<Movable, 'state' | 'onAccount'>): boolean {
  return state === OrderState.PENDING_PAYMENT && !onAccount;
}
