import type { Shape } from '../plans/shape.js';
import { column, idColumn, listOf, momentColumn } from '../plans/sql-json.js';

/** What this room knows of orders. Who may see an order may see its parcels: whoever selects it sees to that. */
export const ORDER_FULFILLMENTS: Shape = {
  fulfillments: (row, asked, draft) => {
    const parcel = draft.alias();
    const json = asked.of('Fulfillment', parcel);
    return listOf(json, `fulfillments ${parcel} WHERE ${parcel}.order_id = ${row}.id`, `${parcel}.id`);
  },
};

/** `fulfillments` in SQL, as FulfillmentsResolver shows it. */
export const FULFILLMENT: Shape = {
  id: idColumn('fulfillment', 'id'),
  state: column('state'),
  carrier: column('carrier'),
  trackingNumber: column('tracking_number'),
  trackingUrl: column('tracking_url'),
  createdAt: momentColumn('created_at'),
  shippedAt: momentColumn('shipped_at'),
  deliveredAt: momentColumn('delivered_at'),
  lines: (row, asked, draft) => {
    const line = draft.alias();
    const from = `fulfillment_lines ${line} WHERE ${line}.fulfillment_id = ${row}.id`;
    return listOf(asked.of('FulfillmentLine', line), from, `${line}.order_line_id`);
  },
};

/** `fulfillment_lines` in SQL. */
export const FULFILLMENT_LINE: Shape = {
  orderLineId: idColumn('orderline', 'order_line_id'),
  quantity: column('quantity'),
};
