import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';
import type { LineUnits } from '../orders/order.type.js';
import type { FulfillmentRow, FulfillmentState } from './fulfillment.type.js';

/** How a parcel travels; what is `null` stays as it is. */
export interface Tracking {
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
}

/** Which parcels go where. */
export interface ParcelMove {
  from: FulfillmentState;
  to: FulfillmentState;
  /** `null` for all that are there. */
  fulfillmentId: string | null;
  tracking: Tracking;
}

@Injectable()
export class FulfillmentsQueries {
  /** Parcels of orders, oldest first. */
  ofOrders(db: Db, orderIds: readonly string[]): Promise<FulfillmentRow[]> {
    return db.query(
      'fulfillments.ofOrders',
      `SELECT f.id, f.order_id AS "orderId", f.state, f.carrier, f.tracking_number AS "trackingNumber",
         f.tracking_url AS "trackingUrl", f.created_at AS "createdAt", f.shipped_at AS "shippedAt", f.delivered_at AS "deliveredAt",
         (SELECT jsonb_agg(jsonb_build_object('orderLineId', fl.order_line_id, 'quantity', fl.quantity) ORDER BY fl.order_line_id)
          FROM fulfillment_lines fl WHERE fl.fulfillment_id = f.id) AS lines
       FROM fulfillments f WHERE f.order_id = ANY($1) ORDER BY f.id`,
      [orderIds],
    );
  }

  /** Writes a new parcel. */
  async insert(tx: Tx, orderId: string, units: readonly LineUnits[], tracking: Tracking): Promise<void> {
    await tx.query(
      'fulfillments.insert',
      `WITH parcel AS (
         INSERT INTO fulfillments (order_id, state, carrier, tracking_number, tracking_url)
         VALUES ($1, 'PACKED', $4, $5, $6) RETURNING id
       )
       INSERT INTO fulfillment_lines (fulfillment_id, order_line_id, quantity)
       SELECT parcel.id, u.id, u.quantity FROM parcel, unnest($2::uuid[], $3::integer[]) AS u (id, quantity)`,
      [
        orderId,
        units.map(({ orderLineId }) => orderLineId),
        units.map(({ quantity }) => quantity),
        tracking.carrier,
        tracking.trackingNumber,
        tracking.trackingUrl,
      ],
    );
  }

  /** Moves parcels of an order on; all that are where they must come from, or one. Answers how many. */
  async move(tx: Tx, orderId: string, { from, to, fulfillmentId, tracking }: ParcelMove): Promise<number> {
    const rows = await tx.query(
      'fulfillments.move',
      `UPDATE fulfillments SET state = $3, carrier = coalesce($5, carrier), tracking_number = coalesce($6, tracking_number),
         tracking_url = coalesce($7, tracking_url), shipped_at = CASE WHEN $3 = 'SHIPPED' THEN now() ELSE shipped_at END,
         delivered_at = CASE WHEN $3 = 'DELIVERED' THEN now() ELSE delivered_at END
       WHERE order_id = $1 AND state = $2 AND ($4::uuid IS NULL OR id = $4)
       RETURNING id`,
      [orderId, from, to, fulfillmentId, tracking.carrier, tracking.trackingNumber, tracking.trackingUrl],
    );
    return rows.length;
  }
}
