import {
  useOnProductEventsSubscription,
  useProductDetailLazyQuery,
  useProductDetailQuery,
  useProductDetailSuspenseQuery,
  useStockAdjustMutation,
} from '../../client/generated/hooks.js';
import { OnProductEventsDocument, ProductDetailDocument } from '../../client/generated/operations.js';
import type { LiveClient } from '../../client/live/live-client.js';

/** One hook of each kind, as a page would call it; `npm run check:types` compiles it and runs nothing. */
export function useProductDesk(slug: string) {
  const [look] = useProductDetailLazyQuery();
  const [adjust] = useStockAdjustMutation();
  const { data } = useProductDetailQuery({ variables: { by: { slug } } });
  const { data: sure } = useProductDetailSuspenseQuery({ variables: { by: { slug } } });
  const id = sure.product?.id;
  const { data: told } = useOnProductEventsSubscription({
    variables: { after: sure.liveCursor, productIds: id ? [id] : [] },
  });
  return {
    name: data?.product?.name satisfies string | undefined,
    stock: told?.productEvents.stock?.after satisfies number | undefined,
    look: (sku: string) => look({ variables: { by: { sku } } }),
    receive: (variantId: string) => adjust({ variables: { input: { variantId, delta: 1 } } }),
  };
}

/** What must not compile: each line fails the type check once it does. */
export function useWrongly() {
  const [adjust] = useStockAdjustMutation();
  // @ts-expect-error -- a variable of another type
  useProductDetailQuery({ variables: { by: { slug: 7 } } });
  // @ts-expect-error -- a variable that the document does not have
  useProductDetailSuspenseQuery({ variables: { by: { slug: 'lamp' }, slug: 'lamp' } });
  // @ts-expect-error -- a required variable left out
  useProductDetailQuery({ variables: {} });
  // @ts-expect-error -- a value that the enum does not have
  useOnProductEventsSubscription({ variables: { types: ['RENAMED'] } });
  // @ts-expect-error -- a required input field left out
  void adjust({ variables: { input: { delta: 1 } } });
}

/** The same for live events without React. */
export function followWrongly(live: LiveClient) {
  const sink = { next: () => undefined, error: () => undefined, cursorExpired: () => '' };
  live.subscribe(OnProductEventsDocument, { after: null, types: ['CREATED'] }, sink);
  // @ts-expect-error -- a variable of another type
  live.subscribe(OnProductEventsDocument, { productIds: 7 }, sink);
  // @ts-expect-error -- a variable that the document does not have
  live.subscribe(OnProductEventsDocument, { ids: [] }, sink);
  // @ts-expect-error -- a document that cannot go on behind a cursor
  live.subscribe(ProductDetailDocument, { by: { slug: 'lamp' } }, sink);
  // @ts-expect-error -- data of another document
  live.subscribe(OnProductEventsDocument, {}, { ...sink, next: ({ productAdded }) => productAdded });
  // @ts-expect-error -- nobody is told when it ends
  live.subscribe(OnProductEventsDocument, {}, { next: sink.next, cursorExpired: sink.cursorExpired });
  // @ts-expect-error -- nothing is done when the cursor has expired
  live.subscribe(OnProductEventsDocument, {}, { next: sink.next, error: sink.error });
  // @ts-expect-error -- a refetch that does not tell where to go on
  live.subscribe(OnProductEventsDocument, {}, { ...sink, cursorExpired: () => undefined });
}
