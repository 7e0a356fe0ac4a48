import { EventStreams } from './event-streams.js';
import type { LiveCarrier, LiveOptions } from './live-carrier.js';
import type { LiveDocument } from './live-document.js';
import { LiveSocket, type LiveSocketOptions } from './live-socket.js';
import { LiveSubscription, type LiveSink, type Resumable } from './live-subscription.js';

/** Live events of a shop. */
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
  /** Ends all subscriptions without a word, for good; resolves when everything is closed. */
  dispose(): Promise<void>;
}

/** Makes a client that goes on behind the last event whenever the connection was lost, and never gives up. */
export function createLiveClient(options: LiveSocketOptions): LiveClient {
  return liveClient(new LiveSocket(options));
}

/** The same over server-sent events, where a proxy breaks WebSockets: one request for each subscription. */
export function createEventStreamClient(options: LiveOptions): LiveClient {
  return liveClient(new EventStreams(options));
}

function liveClient(carrier: LiveCarrier): LiveClient {
  const open = new Set<() => void>();
  let disposed = false;
  return {
    subscribe(document, variables, sink) {
      if (disposed) throw new Error('This client was disposed of.');
      const subscription = new LiveSubscription(carrier, document, variables, sink);
      const unsubscribe = (): void => {
        subscription.stop();
        open.delete(unsubscribe);
        if (open.size === 0) carrier.backOff.wake();
      };
      open.add(unsubscribe);
      void subscription.follow().finally(unsubscribe);
      return unsubscribe;
    },
    dispose() {
      disposed = true;
      for (const unsubscribe of open) unsubscribe();
      return carrier.dispose();
    },
  };
}
