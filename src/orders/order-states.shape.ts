import { isStaff } from '../access/viewer.js';
import type { Draft } from '../plans/shape.js';
import { viewerId } from '../users/user.shape.js';
import { OrderState, TRANSITIONS, type Mover } from './order-states.rules.js';

const NONE = `'{}'::text[]`;

/** SQL of the states that the viewer may bring an order to, as `nextStates` tells them. @param row alias of its table */
export function nextStatesOf(row: string, draft: Draft): string {
  const { viewer } = draft;
  if (viewer === null) return NONE;
  if (isStaff(viewer)) return statesFor('staff', row);
  return `CASE WHEN ${row}.customer_id = ${viewerId(viewer.id, draft)} THEN ${statesFor('customer', row)} ELSE ${NONE} END`;
}

function statesFor(mover: Mover, row: string): string {
  const ways = TRANSITIONS.filter(({ by }) => by.includes(mover));
  const branches = [...new Set(ways.map(({ from }) => from))].map((from) => {
    const open = ways
      .filter((way) => way.from === from)
      .map(({ to, onAccount }) => {
        const conditions = [...(onAccount ? [`${row}.on_account`] : []), isOpen(to, mover, row)];
        return `CASE WHEN ${conditions.join(' AND ')} THEN '${to}' END`;
      });
    return `WHEN '${from}' THEN array_remove(ARRAY[${open.join(', ')}], NULL)`;
  });
  return `CASE ${row}.state ${branches.join(' ')} ELSE ${NONE} END`;
}

/** `isOpen` of the rules, as a condition. */
function isOpen(to: OrderState, mover: Mover, row: string): string {
  const started = someLine(row, 'l.fulfilled > 0');
  switch (to) {
    case OrderState.PAID: {
      const authorized = `EXISTS (SELECT FROM payments p WHERE p.order_id = ${row}.id AND p.state = 'AUTHORIZED')`;
      return `(${row}.on_account OR ${authorized})`;
    }
    case OrderState.FULFILLED:
      return `(${someLine(row, 'l.quantity > l.fulfilled + l.unsent')} OR ${started})`;
    case OrderState.CANCELLED:
      if (mover === 'customer') return `(NOT ${started} AND ${row}.paid_minor = 0)`;
      return `(NOT ${started} OR ${row}.on_account AND ${row}.paid_minor = ${row}.refunded_minor)`;
    case OrderState.REFUNDED:
      return `${row}.paid_minor > ${row}.refunded_minor`;
    case OrderState.PENDING_PAYMENT:
    case OrderState.SHIPPED:
    case OrderState.DELIVERED:
    default:
      return 'TRUE';
  }
}

function someLine(row: string, condition: string): string {
  return `EXISTS (SELECT FROM order_lines l WHERE l.order_id = ${row}.id AND ${condition})`;
}
