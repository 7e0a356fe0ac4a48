import { randomUUID } from 'node:crypto';
import {
  AdminOrderDetailDocument,
  AdminOrderListDocument,
  MyOrderCancelDocument,
  MyOrderDocument,
  MyOrdersDocument,
  OrderByNumberDocument,
  OrderDeliverDocument,
  OrderFulfillDocument,
  OrderRefundDocument,
  OrderShipDocument,
  OrderTransitionDocument,
  PaymentCaptureDocument,
  PaymentStartDocument,
  PlaceOrderDocument,
  type PlaceOrderMutationVariables,
} from '../../client/generated/operations.js';
import type { Account } from '../support/accounts.js';
import { ADDRESS, makeGoods, order, ORDER_CHANGES, placed, variantOf } from '../support/orders.js';
import { trial, type DocumentCase, type LampShop } from './document-cases.js';

type OrderInput = PlaceOrderMutationVariables['input'];

const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

/** Three units each of two new products for 10.00, sent to London and paid as told. */
async function sixUnits({ shop, staff }: LampShop, method = 'manual', token?: string): Promise<OrderInput> {
  const goods = [await makeGoods(shop, staff, 9), await makeGoods(shop, staff, 9)];
  return {
    lines: goods.map((product) => ({ variantId: variantOf(product), quantity: 3 })),
    email: 'grace@example.com',
    shippingAddress: ADDRESS,
    shippingMethod: 'standard',
    payment: { method, token },
    expectedTotal: { amount: '60.00' },
  };
}

/** Places such an order. */
export const place = async (
  lamps: LampShop,
  by?: Account,
  method?: string,
  token?: string,
): Promise<Record<string, any>> => placed(lamps.shop, await sixUnits(lamps, method, token), by);

/** An order that staff have packed, and perhaps shipped. */
async function packed(lamps: LampShop, ...steps: ('fulfill' | 'ship')[]): Promise<Record<string, any>> {
  const made = await place(lamps, lamps.customer, 'sandbox');
  for (const step of steps) await order(lamps.shop, ORDER_CHANGES[step], { orderId: made['id'] }, lamps.staff);
  return made;
}

const SIX = { subtotal: gbp('60.00'), total: gbp('60.00'), lines: [{ quantity: 3 }, { quantity: 3 }] };
const key = (): string => randomUUID();

/** What customers and guests send to buy. */
export const BUYING: DocumentCase[] = [
  trial(PlaceOrderDocument, {
    statements: 12,
    variables: async (lamps) => ({ input: await sixUnits(lamps), key: key() }),
    sees: ({ placeOrder }) => [
      [placeOrder, { order: { ...SIX, state: 'PENDING_PAYMENT', email: 'grace@example.com' }, currentTotal: null }],
      [placeOrder, { payment: { provider: 'manual', state: 'PENDING', amount: gbp('60.00') }, userErrors: [] }],
    ],
  }),
  trial(PaymentStartDocument, {
    statements: 25,
    variables: async (lamps) => {
      const { number, email } = await place(lamps, undefined, 'sandbox', 'decline');
      return { input: { order: { guest: { number, email } }, payment: { method: 'sandbox' } }, key: key() };
    },
    sees: ({ startPayment }) => [
      [startPayment, { order: { state: 'PAID' }, payment: { state: 'CAPTURED', failure: null }, userErrors: [] }],
    ],
  }),
  trial(OrderByNumberDocument, {
    statements: 1,
    variables: async (lamps) => {
      const { number, email } = await place(lamps);
      return { number, email };
    },
    sees: ({ order: found }, _lamps, { number }) => [
      [found, { ...SIX, number, nextStates: [], payments: [{ state: 'PENDING' }], fulfillments: [] }],
    ],
  }),
  trial(MyOrderDocument, {
    as: 'somebody',
    statements: 1,
    variables: async (lamps) => ({ id: (await place(lamps, lamps.somebody))['id'] }),
    sees: ({ order: found }, _lamps, { id }) => [
      [found, { ...SIX, id, nextStates: ['CANCELLED'], payments: [{ state: 'PENDING' }], fulfillments: [] }],
    ],
  }),
  trial(MyOrdersDocument, {
    as: 'somebody',
    statements: 1,
    variables: async (lamps) => {
      for (const _ of [1, 2]) await place(lamps, lamps.somebody);
      return { first: 100 };
    },
    sees: ({ me }) => [[me?.orders, { totalCount: 2, nodes: [SIX, SIX], pageInfo: { hasNextPage: false } }]],
  }),
  trial(MyOrderCancelDocument, {
    as: 'somebody',
    statements: 13,
    variables: async (lamps) => ({ orderId: (await place(lamps, lamps.somebody))['id'], reason: 'Changed my mind' }),
    sees: ({ cancelOrder }) => [
      [cancelOrder, { order: { ...SIX, state: 'CANCELLED', nextStates: [] }, userErrors: [] }],
    ],
  }),
];

/** What the desk of the orders sends. */
export const ADMIN_ORDERS: DocumentCase[] = [
  trial(AdminOrderListDocument, {
    as: 'staff',
    statements: 1,
    variables: async (lamps) => {
      await place(lamps, lamps.somebody);
      return { first: 100, filter: { customerId: lamps.somebody.id, states: ['PENDING_PAYMENT' as const] } };
    },
    sees: ({ orders }, { somebody: { id } }) => [
      [
        orders,
        {
          totalCount: 1,
          nodes: [{ total: gbp('60.00'), lines: [{ quantity: 3 }, { quantity: 3 }], customer: { id, name: 'Eve' } }],
        },
      ],
    ],
  }),
  trial(AdminOrderDetailDocument, {
    as: 'admin',
    statements: 1,
    variables: async (lamps) => ({ by: { number: (await place(lamps, lamps.customer))['number'] } }),
    sees: ({ order: found }) => [
      [found, { ...SIX, history: [{ type: 'PLACED' }], payments: [{ provider: 'manual' }], refunds: [] }],
      [found?.nextStates, ['PAID', 'FULFILLED', 'CANCELLED']],
    ],
  }),
  trial(OrderTransitionDocument, {
    as: 'staff',
    statements: 17,
    variables: async (lamps) => {
      const { id, version } = await packed(lamps);
      return { orderId: id, expectedVersion: version, fulfill: true };
    },
    sees: (data) => [
      [data, { fulfillOrder: { order: { state: 'FULFILLED', fulfillments: [{ state: 'PACKED' }] }, userErrors: [] } }],
      [data.cancelOrder, undefined],
    ],
  }),
  trial(OrderFulfillDocument, {
    as: 'staff',
    statements: 17,
    variables: async (lamps) => {
      const { id, lines } = await packed(lamps);
      return { input: { orderId: id, lines: [{ orderLineId: lines[0].id, quantity: 2 }], carrier: 'Royal Mail' } };
    },
    sees: ({ fulfillOrder }) => [
      [fulfillOrder.order, { state: 'PAID', lines: [{ fulfilledQuantity: 2 }, { fulfilledQuantity: 0 }] }],
      [fulfillOrder.order?.fulfillments, [{ carrier: 'Royal Mail', lines: [{ quantity: 2 }] }]],
    ],
  }),
  trial(OrderShipDocument, {
    as: 'staff',
    statements: 17,
    variables: async (lamps) => ({ input: { orderId: (await packed(lamps, 'fulfill'))['id'], trackingNumber: 'RM1' } }),
    sees: ({ shipOrder }) => [
      [shipOrder.order, { state: 'SHIPPED', fulfillments: [{ state: 'SHIPPED', trackingNumber: 'RM1' }] }],
    ],
  }),
  trial(OrderDeliverDocument, {
    as: 'staff',
    statements: 17,
    variables: async (lamps) => ({ input: { orderId: (await packed(lamps, 'fulfill', 'ship'))['id'] } }),
    sees: ({ deliverOrder }) => [[deliverOrder.order, { state: 'DELIVERED', fulfillments: [{ state: 'DELIVERED' }] }]],
  }),
  trial(OrderRefundDocument, {
    as: 'staff',
    statements: 41,
    variables: async (lamps) => {
      const { id, lines } = await packed(lamps);
      const units = [{ orderLineId: lines[1].id, quantity: 1 }];
      return { input: { orderId: id, lines: units, restock: true, reason: 'Broken' }, key: key() };
    },
    sees: ({ refundOrder }) => [
      [refundOrder.order, { state: 'PAID', refundedTotal: gbp('10.00'), lines: [{}, { refundedQuantity: 1 }] }],
      [refundOrder.order?.refunds, [{ state: 'SUCCEEDED', amount: gbp('10.00'), reason: 'Broken' }]],
    ],
  }),
  trial(PaymentCaptureDocument, {
    as: 'staff',
    statements: 21,
    variables: async (lamps) => ({ input: { orderId: (await place(lamps, lamps.customer))['id'] }, key: key() }),
    sees: ({ capturePayment }) => [
      [capturePayment.order, { state: 'PAID', paidTotal: gbp('60.00'), payments: [{ state: 'CAPTURED' }] }],
    ],
  }),
];
