import type { PaymentOutcome } from './payment-provider.js';
import { PaymentState } from './payment.type.js';

/** What a provider's word does to a payment. */
export type Effect =
  /** Nothing: it is no news, or older than what is known. */
  | 'NONE'
  /** The payment goes on to the state that was told. */
  | 'MOVE'
  /** The money is the order's. */
  | 'TAKE'
  /** Money came that nobody waits for any more: it goes back. */
  | 'GIVE_BACK';

/** The part of a payment that decides. */
export interface Standing {
  state: PaymentState;
  /** Minor units. */
  capturedMinor: number;
}

/** Later news of a payment rank higher; what ranks lower comes too late. */
const RANK: Record<PaymentOutcome, number> = { PENDING: 0, AUTHORIZED: 1, DECLINED: 2, CANCELLED: 2, CAPTURED: 3 };

/** Whether a payment counts as the one of its order. Money on any other one goes back. */
export function isActive(state: PaymentState): boolean {
  return state !== PaymentState.DECLINED && state !== PaymentState.CANCELLED;
}

/** Whether nothing further is to be expected after this word. */
export function isFinal(outcome: PaymentOutcome): boolean {
  return RANK[outcome] >= RANK.DECLINED;
}

/**
 * Decides what a provider's word does. Words may come late, twice and in any order.
 * @param awaited whether the order still waits for the whole amount
 */
export function effectOf({ state, capturedMinor }: Standing, outcome: PaymentOutcome, awaited: boolean): Effect {
  const active = isActive(state);
  if (outcome !== 'CAPTURED') return active && RANK[outcome] > RANK[state] ? 'MOVE' : 'NONE';
  if (capturedMinor > 0) return 'NONE';
  return active && awaited ? 'TAKE' : 'GIVE_BACK';
}
