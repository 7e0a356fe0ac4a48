import { moneyOf, type CurrencySql } from '../plans/money-shape.js';
import type { FieldShape, Shape } from '../plans/shape.js';
import { column, idColumn, listOf, literal, member, momentColumn } from '../plans/sql-json.js';

/** What this room knows of orders. Who may see an order may see these: whoever selects it sees to that. */
export const ORDER_PAYMENTS: Shape = {
  payments: (row, asked, draft) => {
    const payment = draft.alias();
    const json = asked.of('Payment', payment);
    return listOf(json, `payments ${payment} WHERE ${payment}.order_id = ${row}.id`, `${payment}.id`);
  },
  refunds: (row, asked, draft) => {
    const [refund, payment] = [draft.alias(), draft.alias()];
    const json = asked.of('Refund', { refund, payment } satisfies RefundPlace);
    const from = `refunds ${refund} JOIN payments ${payment} ON ${payment}.id = ${refund}.payment_id`;
    return listOf(json, `${from} WHERE ${refund}.order_id = ${row}.id`, `${refund}.id`);
  },
};

/** `payments` in SQL, as PaymentsResolver shows it. @param mostly the currency of most payments */
export function paymentShape(mostly: string): Shape {
  const amount = (name: string): FieldShape<string> => {
    return (row, asked) => moneyOf(asked, `${row}.${name}`, currencyOf(row, mostly));
  };
  return {
    id: idColumn('payment', 'id'),
    provider: column('provider'),
    state: column('state'),
    failure: column('failure'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    nextAction: (row, asked) =>
      `CASE WHEN ${row}.next_action IS NOT NULL THEN ${asked.of('PaymentAction', `${row}.next_action`)} END`,
    amount: amount('amount_minor'),
    capturedAmount: amount('captured_minor'),
    refundedAmount: amount('refunded_minor'),
  };
}

/** What the client does next; its row is SQL of the JSON that it is kept in. */
export const PAYMENT_ACTION: Shape = { type: member('type'), value: member('value') };

/** Aliases of a refund and of its payment, which knows the currency. */
interface RefundPlace {
  refund: string;
  payment: string;
}

/** `refunds` in SQL, as RefundsResolver shows it. @param mostly the currency of most payments */
export function refundShape(mostly: string): Shape<RefundPlace> {
  return {
    id: own(idColumn('refund', 'id')),
    state: own(column('state')),
    reason: own(column('reason')),
    failure: own(column('failure')),
    createdAt: own(momentColumn('created_at')),
    amount: ({ refund, payment }, asked) => moneyOf(asked, `${refund}.amount_minor`, currencyOf(payment, mostly)),
  };
}

function own(field: FieldShape<string>): FieldShape<RefundPlace> {
  return ({ refund }, asked, draft) => field(refund, asked, draft);
}

function currencyOf(row: string, mostly: string): CurrencySql {
  return { column: `${row}.currency`, mostly };
}

/** What this room knows of the shop. @param offered names of the payment methods */
export function shopPayments(offered: readonly string[]): Shape<null> {
  return { paymentMethods: () => `${literal(JSON.stringify(offered))}::json` };
}
