import type { GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Answer, LiveSender } from './live-carrier.js';
import { LiveError } from './live-error.js';

/** The connection has gone, and graphql-ws does not come back by itself after this close code. */
export class ConnectionLost extends Error {}

/** Is given what has come. */
export type Take<T> = (data: T, errors?: readonly GraphQLFormattedError[]) => void;

/** An operation under way; graphql-ws sends it once more after each reconnect. */
export class LiveRun<T> {
  /** Resolves when the server has completed it, or it was stopped. Rejects with LiveError, ConnectionLost, or what `take` has thrown. */
  readonly done: Promise<void>;
  private stopped = false;
  private unsubscribe: (() => void) | undefined;

  constructor(client: LiveSender, payload: SubscribePayload, take: Take<T>) {
    this.done = new Promise((resolve, reject) => {
      const next = ({ data, errors }: Answer<T>): void => {
        // More may come in the same tick: what follows a failure is not taken.
        if (this.stopped) return;
        try {
          if (!data) throw new LiveError(errors ?? []);
          take(data, errors);
        } catch (error) {
          this.stop();
          reject(error);
        }
      };
      const error = (why: unknown): void => {
        this.stopped = true;
        reject(Array.isArray(why) ? new LiveError(why) : new ConnectionLost());
      };
      this.unsubscribe = client.subscribe<T>(payload, { next, error, complete: resolve });
    });
  }

  /** From now on nothing is taken. */
  stop(): void {
    this.stopped = true;
    // Not while a message is being taken: when the next one of the same tick says that the operation is over, graphql-ws
    // would count it as ended twice, and close the socket under all others.
    queueMicrotask(() => this.unsubscribe?.());
  }
}
