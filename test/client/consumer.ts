import {
  useOnProductEventsSubscription,
  useProductDetailLazyQuery,
  useProductDetailQuery,
  useProductDetailSuspenseQuery,
  useStockAdjustMutation,
} from '../../client/generated/hooks.js';

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
