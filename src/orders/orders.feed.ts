import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { LoggedEvent } from '../events/event.js';
import { toGlobalId } from '../graphql/global-id.js';
import { Watch } from '../live/watch.js';
import { toMoney } from '../money/money.js';
import type { OrderEvent, OrderEventsArgs } from './order-event.type.js';
import { moverOf } from './order-states.rules.js';
import { OrderEventType } from './order.type.js';
import { ORDER_TOPIC, type OrderEventPayload } from './orders.events.js';

/** Turns the log of events into what watchers of orders are told. */
@Injectable()
export class OrderFeed {
  /** Customers are told of their own orders, staff of all. Orders of guests are nobody's own. */
  events({ after, orderId, states }: OrderEventsArgs, viewer: Viewer): Watch<OrderEvent> {
    return new Watch({
      topic: ORDER_TOPIC,
      entityIds: orderId == null ? null : [orderId],
      after,
      tell: (event, cursor) => {
        const payload = event.payload as OrderEventPayload;
        const { order } = payload;
        const wanted = !states || states.includes(order.state);
        return wanted && moverOf(viewer, order) !== 'guest' ? told(event, payload, cursor) : null;
      },
    });
  }
}

function told({ type, at }: LoggedEvent, payload: OrderEventPayload, cursor: string): OrderEvent {
  const { order, stateBefore, reason, actorId, amountMinor } = payload;
  return {
    cursor,
    occurredAt: at,
    type: OrderEventType[type as keyof typeof OrderEventType],
    orderId: toGlobalId('order', order.id),
    number: order.number,
    stateBefore,
    stateAfter: order.state,
    reason: reason ?? null,
    amount: amountMinor === undefined ? null : toMoney(amountMinor, order.currency),
    actorId: actorId ?? null,
    order,
  };
}
