import type { LiveDocument } from './live-document.js';
import { LiveSocket, type LiveSocketOptions } from './live-socket.js';
import { LiveSubscription, type LiveSink, type Resumable } from './live-subscription.js';

/** Live events of a shop, over one WebSocket for all who subscribe. */
export interface LiveClient {
  /**
   * Tells each event behind `variables.after`, or from now on when there is none. Answers how to unsubscribe.
   * @throws Error when the document does not hand `$after` on or does not select `cursor`, or after `dispose`
   */
  subscribe<T, V extends Resumable>(
    document: LiveDocument<T, V>,
    variables: NoInfer<V>,
    sink: LiveSink<NoInfer<T>>,
  ): () => void;
  /** Ends all subscriptions without a word, for good; resolves when the socket is closed. */
  dispose(): Promise<void>;
}

/** Makes a client that goes on behind the last event whenever the connection was lost, and never gives up. */
export function createLiveClient(options: LiveSocketOptions): LiveClient {
  const socket = new LiveSocket(options);
  const open = new Set<() => void>();
  let disposed = false;
  return {
    subscribe(document, variables, sink) {
      if (disposed) throw new Error('This client was disposed of.');
      const subscription = new LiveSubscription(socket, document, variables, sink);
      const unsubscribe = (): void => {
        subscription.stop();
        open.delete(unsubscribe);
        if (open.size === 0) socket.backOff.wake();
      };
      open.add(unsubscribe);
      void subscription.follow().finally(unsubscribe);
      return unsubscribe;
    },
    dispose() {
      disposed = true;
      for (const unsubscribe of open) unsubscribe();
      return socket.dispose();
    },
  };
}
