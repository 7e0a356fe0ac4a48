import { isStaff } from '../access/viewer.js';
import { PageArgs } from '../graphql/page.js';
import { checked } from '../plans/checked.js';
import { connection } from '../plans/connection-shape.js';
import { moneyOf } from '../plans/money-shape.js';
import { onlyOnce, type Asked, type Draft, type FieldShape, type Selection, type Shape } from '../plans/shape.js';
import { column, idColumn, listOf, member, momentColumn } from '../plans/sql-json.js';
import { addressIn, userWith, viewerId } from '../users/user.shape.js';
import type { LinePlace } from './order-line.shape.js';
import { nextStatesOf } from './order-states.shape.js';
import { OrderArgs, OrdersArgs } from './order.inputs.js';
import { historyOf, ORDERS_BY_AGE, whereOf } from './orders.queries.js';

/** `orders` in SQL, as OrderFieldsResolver shows it. Whoever selects rows sees to it that the viewer may see them. */
export function orderShape(mostly: string): Shape {
  const amount = (name: string): FieldShape<string> => {
    return (row, asked) => moneyOf(asked, `${row}.${name}`, { column: `${row}.currency`, mostly });
  };
  return {
    id: idColumn('order', 'id'),
    number: column('number'),
    state: column('state'),
    placedAt: momentColumn('placed_at'),
    updatedAt: momentColumn('updated_at'),
    email: column('email'),
    currency: column('currency'),
    taxIncluded: column('tax_included'),
    customerReference: column('customer_reference'),
    onAccount: column('on_account'),
    version: column('version'),
    subtotal: amount('subtotal_minor'),
    discountTotal: amount('discount_minor'),
    shippingTotal: amount('shipping_minor'),
    taxTotal: amount('tax_minor'),
    total: amount('total_minor'),
    paidTotal: amount('paid_minor'),
    refundedTotal: amount('refunded_minor'),
    shippingAddress: (row, asked) => addressIn(`${row}.shipping_address`, asked),
    billingAddress: (row, asked) => addressIn(`${row}.billing_address`, asked),
    shippingMethod: (row, asked) => {
      const method = `${row}.shipping_method`;
      return `CASE WHEN ${method} IS NOT NULL THEN ${asked.of('OrderShippingMethod', method)} END`;
    },
    discounts: (row, asked, draft) => {
      const discount = draft.alias();
      const json = asked.of('OrderDiscount', { line: discount, order: row } satisfies LinePlace);
      const from = `jsonb_array_elements(${row}.discounts) WITH ORDINALITY ${discount} (value, n)`;
      return listOf(json, from, `${discount}.n`);
    },
    lines: (row, asked, draft) => {
      const line = draft.alias();
      const json = asked.of('OrderLine', { line, order: row } satisfies LinePlace);
      return listOf(json, `order_lines ${line} WHERE ${line}.order_id = ${row}.id`, `${line}.position`);
    },
    customer: (row, asked, draft) => userWith(`${row}.customer_id`, asked.shared, draft),
    nextStates: (row, _, draft) => nextStatesOf(row, draft),
    history: (row, asked, draft) => {
      const entry = draft.alias();
      return listOf(asked.of('OrderHistoryEntry', entry), `(${historyOf(row)}) ${entry}`, `${entry}.n`);
    },
  };
}

/** How an order is delivered; its row is SQL of the JSON that it is kept in. */
export const SHIPPING_METHOD: Shape = { code: member('code'), name: member('name') };

/** An entry of the history of an order. */
export const HISTORY_ENTRY: Shape = {
  type: column('type'),
  fromState: column('"fromState"'),
  toState: column('"toState"'),
  reason: column('reason'),
  at: momentColumn('at'),
  actor: (row, asked, draft) => userWith(`${row}."actorId"`, asked.shared, draft),
};

/** What this room knows of accounts. */
export const USER_ORDERS: Shape = {
  orders: (row, asked, draft) => {
    onlyOnce(asked);
    const { viewer } = draft;
    if (viewer === null) return 'NULL';
    const from = `orders o WHERE o.customer_id = ${row}.id`;
    const json = ordersIn(from, checked(PageArgs, asked.args), asked, draft);
    return isStaff(viewer) ? json : `CASE WHEN ${row}.id = ${viewerId(viewer.id, draft)} THEN ${json} END`;
  },
};

/** The root fields of this room. */
export const ORDER_QUERIES: Shape<null> = {
  order: (_, asked, draft) => {
    const { id, number, guest } = checked(OrderArgs, asked.args).by;
    if (guest != null) {
      const email = draft.bind(guest.email);
      return numbered(guest.number, (row) => `lower(${row}.email) = lower(${email})`, asked, draft);
    }
    if (draft.viewer === null) return 'NULL';
    if (number == null) return orderWith(draft.bind(id), asked, draft);
    return numbered(number, (row) => ownedBy(row, draft), asked, draft);
  },
  orders: (_, asked, draft) => {
    const { filter, ...request } = checked(OrdersArgs, asked.args);
    return ordersIn(`orders o WHERE ${whereOf(filter ?? {}, (value) => draft.bind(value))}`, request, asked, draft);
  },
};

/** SQL of the order with an id, as OrderById finds it. @param id SQL */
export function orderWith(id: string, asked: Selection, draft: Draft): string {
  if (draft.viewer === null) return 'NULL';
  const row = draft.alias();
  return `(SELECT ${asked.of('Order', row)} FROM orders ${row} WHERE ${row}.id = ${id} AND ${ownedBy(row, draft)})`;
}

/** SQL of the order with a number, as people write it. */
function numbered(number: string, which: (row: string) => string, asked: Asked, draft: Draft): string {
  const [row, written] = [draft.alias(), draft.bind(number)];
  return `(SELECT ${asked.of('Order', row)} FROM orders ${row}
    WHERE ${row}.number IN (${written}, upper(${written})) AND ${which(row)} ORDER BY ${row}.number = ${written} DESC LIMIT 1)`;
}

/** The condition that hides the orders of others. */
function ownedBy(row: string, draft: Draft): string {
  const { viewer } = draft;
  if (viewer === null) return 'FALSE';
  return isStaff(viewer) ? 'TRUE' : `${row}.customer_id = ${viewerId(viewer.id, draft)}`;
}

function ordersIn(from: string, request: PageArgs, asked: Asked, draft: Draft): string {
  return connection('OrderConnection', { alias: 'o', from, sort: ORDERS_BY_AGE, request }, asked, draft);
}
