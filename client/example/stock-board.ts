import { OnProductEventsDocument } from '../generated/operations.js';
import { createLiveClient, type LiveClient } from '../live/live-client.js';

/** A board of some products. */
interface Board {
  /** Shows how many are left of a variant. */
  show: (variantId: string, left: number) => void;
  /** Shows that the board has stopped, and why. */
  stop: (why: unknown) => void;
  /** Reads the stock afresh, and answers the `liveCursor` that was read with it. */
  read: (productIds: string[]) => Promise<string>;
}

/** Keeps a board up to date, without React or Apollo. Answers who does it: `dispose` ends it. */
export async function followStock(url: string, productIds: string[], board: Board): Promise<LiveClient> {
  const live = createLiveClient({ url });
  const after = await board.read(productIds);
  live.subscribe(
    OnProductEventsDocument,
    { after, productIds, types: ['STOCK_CHANGED'] },
    {
      next: ({ productEvents: { variantId, stock } }) => variantId && stock && board.show(variantId, stock.after),
      error: (why) => board.stop(why),
      cursorExpired: () => board.read(productIds),
    },
  );
  return live;
}
