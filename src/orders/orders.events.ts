import type { NewEvent } from '../events/event.js';
import type { OrderEventType, OrderRow } from './order.type.js';
import type { OrderState } from './order-states.rules.js';

/** Topic of everything that happens to orders. */
export const ORDER_TOPIC = 'order';

/** What an event remembers. Dates are texts after the way through JSON. */
export interface OrderEventPayload {
  /** The order right after the change. */
  order: OrderRow;
  /** `null` for an order that is new. */
  stateBefore: OrderState | null;
  /** Why; left out when nobody said. */
  reason?: string;
  /** Who did it; left out for the shop itself and for guests. */
  actorId?: string;
  /** Money that came or went, in minor units of the order's currency; left out when none did. */
  amountMinor?: number;
}

/** An event about an order, ready for the outbox. */
export function orderEvent(type: OrderEventType, payload: OrderEventPayload): NewEvent {
  return { topic: ORDER_TOPIC, entityId: payload.order.id, type, payload };
}
