import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { OrderBook } from '../orders/order-book.service.js';
import { mayBecome, mayTravel, moverOf, OrderState } from '../orders/order-states.rules.js';
import { allToPack, completes, movable, unitsOfParcel } from '../orders/order-units.rules.js';
import { OrderEventType, type OrderRow } from '../orders/order.type.js';
import { IllegalTransition } from '../orders/orders.errors.js';
import { FulfillmentNotFound } from './fulfillment.errors.js';
import type { DeliverOrderInput, FulfillOrderInput, ShipOrderInput } from './fulfillment.inputs.js';
import { FulfillmentState } from './fulfillment.type.js';
import { FulfillmentsQueries, type ParcelMove, type Tracking } from './fulfillments.queries.js';

const { FULFILLED, SHIPPED, DELIVERED } = OrderState;
/** The state after which an order is as far as all of its parcels. */
const FOLLOWS: Partial<Record<FulfillmentState, OrderState>> = { SHIPPED: FULFILLED, DELIVERED: SHIPPED };
const UNTRACKED: Tracking = { carrier: null, trackingNumber: null, trackingUrl: null };

/** Packing, shipping and delivering, all of an order at once or parcel by parcel. */
@Injectable()
export class FulfillmentsService {
  constructor(
    private readonly database: Database,
    private readonly orders: OrderBook,
    private readonly queries: FulfillmentsQueries,
  ) {}

  /** Packs units into a parcel; the order is FULFILLED with the last one. @throws OrderNotFound, OrderVersionConflict, IllegalTransition, OrderLineNotFound, TooManyUnits */
  pack(input: FulfillOrderInput, viewer: Viewer): Promise<OrderRow> {
    return this.database.transaction(async (tx) => {
      const order = await this.orders.take(tx, input.orderId, { viewer, expectedVersion: input.expectedVersion });
      if (!mayBecome(movable(order), FULFILLED, moverOf(viewer, order)))
        throw new IllegalTransition(order.state, 'packed');
      const units = input.lines ? unitsOfParcel(order, input.lines) : allToPack(order);
      // What was not packed yet may have been given back: then the parcels that there are were all.
      if (units.length > 0) {
        await this.orders.packed(tx, order, units);
        await this.queries.insert(tx, order.id, units, trackingOf(input));
      }
      const to = completes(order, units) ? FULFILLED : order.state;
      return this.note(tx, order, { type: OrderEventType.PACKED, to, viewer });
    });
  }

  /** Hands packed parcels to the carrier; the order is SHIPPED with the last one. @throws OrderNotFound, OrderVersionConflict, IllegalTransition, FulfillmentNotFound */
  ship(input: ShipOrderInput, viewer: Viewer): Promise<OrderRow> {
    return this.database.transaction(async (tx) => {
      const order = await this.orders.take(tx, input.orderId, { viewer, expectedVersion: input.expectedVersion });
      if (!mayTravel(order)) throw new IllegalTransition(order.state, 'shipped');
      const { PACKED, SHIPPED: OUT } = FulfillmentState;
      const way = { from: PACKED, to: OUT, fulfillmentId: input.fulfillmentId ?? null, tracking: trackingOf(input) };
      const to = (await this.move(tx, order, way)) && order.state === FULFILLED ? SHIPPED : order.state;
      return this.note(tx, order, { type: OrderEventType.SHIPPED, to, viewer });
    });
  }

  /** Notes that parcels have arrived; the order is DELIVERED with the last one. @throws OrderNotFound, OrderVersionConflict, IllegalTransition, FulfillmentNotFound */
  deliver(input: DeliverOrderInput, viewer: Viewer): Promise<OrderRow> {
    return this.database.transaction(async (tx) => {
      const order = await this.orders.take(tx, input.orderId, { viewer, expectedVersion: input.expectedVersion });
      if (!mayTravel(order)) throw new IllegalTransition(order.state, 'delivered');
      const { SHIPPED: OUT, DELIVERED: THERE } = FulfillmentState;
      const way = { from: OUT, to: THERE, fulfillmentId: input.fulfillmentId ?? null, tracking: UNTRACKED };
      const to = (await this.move(tx, order, way)) && order.state === SHIPPED ? DELIVERED : order.state;
      return this.note(tx, order, { type: OrderEventType.DELIVERED, to, viewer });
    });
  }

  /** How many units of each line have left: those in parcels that are shipped or delivered. */
  async sent(tx: Tx, orderId: string): Promise<ReadonlyMap<string, number>> {
    const sent = new Map<string, number>();
    for (const { state, lines } of await this.queries.ofOrders(tx, [orderId])) {
      for (const { orderLineId, quantity } of state === FulfillmentState.PACKED ? [] : lines) {
        sent.set(orderLineId, (sent.get(orderLineId) ?? 0) + quantity);
      }
    }
    return sent;
  }

  /** Moves parcels on and answers whether all of the order have come that far. */
  private async move(tx: Tx, order: OrderRow, way: ParcelMove): Promise<boolean> {
    const moved = await this.queries.move(tx, order.id, way);
    const parcels = await this.queries.ofOrders(tx, [order.id]);
    const behind = way.to === FulfillmentState.SHIPPED ? [way.from] : [way.from, FulfillmentState.PACKED];
    const all = !parcels.some(({ state }) => behind.includes(state));
    const named = way.fulfillmentId !== null;
    if (named && !parcels.some(({ id }) => id === way.fulfillmentId)) throw new FulfillmentNotFound();
    // Parcels can be ahead of an order that was waiting for units which were then given back.
    const follows = all && !named && order.state === FOLLOWS[way.to];
    if (moved === 0 && !follows) {
      throw new IllegalTransition(order.state, `${way.to.toLowerCase()}: no parcel of it is ${way.from}`);
    }
    return all;
  }

  private note(
    tx: Tx,
    order: OrderRow,
    { type, to, viewer }: { type: OrderEventType; to: OrderState; viewer: Viewer },
  ): Promise<OrderRow> {
    return this.orders.note(tx, { orderId: order.id, type, from: order.state, to, reason: null, actorId: viewer.id });
  }
}

function trackingOf({ carrier, trackingNumber, trackingUrl }: FulfillOrderInput | ShipOrderInput): Tracking {
  return { carrier: carrier ?? null, trackingNumber: trackingNumber ?? null, trackingUrl: trackingUrl ?? null };
}
