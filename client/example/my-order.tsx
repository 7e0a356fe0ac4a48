import { skipToken } from '@apollo/client/react';
import { useMyOrderSuspenseQuery, useOnMyOrderSubscription } from '../generated/hooks.js';
import type { OrderPageFragment } from '../generated/operations.js';
import { Price } from './price.js';

/** The page of an order; its customer sees it being paid, packed, sent and delivered. */
export function MyOrder({ id }: { id: string }) {
  const { data } = useMyOrderSuspenseQuery({ variables: { id } });
  const { order, liveCursor } = data;
  // Apollo's cache takes over the order of each event by its id.
  const { data: told } = useOnMyOrderSubscription(
    order ? { variables: { orderId: order.id, after: liveCursor } } : skipToken,
  );
  if (!order) return <p>There is no such order.</p>;
  return (
    <article>
      <h1>
        {order.number}: {order.state}
      </h1>
      {told?.orderEvents.reason && <p>{told.orderEvents.reason}</p>}
      <ul>
        {order.lines.map(({ id: line, productName, quantity, fulfilledQuantity, lineTotal }) => (
          <li key={line}>
            {quantity} × {productName} <Price money={lineTotal} />{' '}
            {fulfilledQuantity > 0 && `${fulfilledQuantity} packed`}
          </li>
        ))}
      </ul>
      <Price money={order.total} />
      {order.payments.map(({ id: payment, provider, state }) => (
        <p key={payment}>
          {provider}: {state}
        </p>
      ))}
      <Parcels parcels={order.fulfillments} />
    </article>
  );
}

function Parcels({ parcels }: { parcels: OrderPageFragment['fulfillments'] }) {
  return (
    <ol>
      {parcels.map(({ id, state, carrier, trackingUrl }) => (
        <li key={id}>
          {state} {trackingUrl && <a href={trackingUrl}>{carrier ?? 'Where is it?'}</a>}
        </li>
      ))}
    </ol>
  );
}
