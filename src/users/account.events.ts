import type { Role } from '../access/role.js';
import type { NewEvent } from '../events/event.js';

/** Topic of what accounts lose and get: for the servers of the shop, never shown to clients. */
export const ACCOUNT_TOPIC = 'account';

/** What can happen to an account, and what the event remembers of it. */
export interface AccountEvents {
  /** Sessions were over before their time. */
  SESSION_ENDED: { sessionIds: string[] };
  /** All roles from now on. */
  ROLES_CHANGED: { roles: Role[] };
  DISABLED: Record<string, never>;
  ENABLED: Record<string, never>;
}

/** An event about an account, ready for the outbox. Nothing in it is a secret. */
export function accountEvent<T extends keyof AccountEvents>(
  userId: string,
  type: T,
  payload: AccountEvents[T],
): NewEvent {
  return { topic: ACCOUNT_TOPIC, entityId: userId, type, payload };
}
