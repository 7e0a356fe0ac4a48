import type { FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import type { BackOff } from './back-off.js';

/** Where the events come from, and who asks. */
export interface LiveOptions {
  /** Of the API, such as `https://shop.example/graphql`. */
  url: string;
  /**
   * Asked before each connection: an access token, or `null` for nobody. With `fresh` the server has refused the last one
   * (expired, revoked): get another, even if it seems to hold. When this fails, it is asked again after a while.
   */
  accessToken?: (how: { fresh: boolean }) => Promise<string | null> | string | null;
  /**
   * Milliseconds without a word after which the server is taken for lost: 30,000 by default. A WebSocket asks for a word after
   * 10,000, and waits as long for it or for anything else that comes.
   */
  keepAliveMs?: number;
  /** Told what was lost or has failed: a close event or an error. The next try follows by itself. */
  onLost?: (why: unknown) => void;
  /** Told that a connection that was lost has come back. */
  onReconnect?: () => void;
}

/** What an operation was answered. */
export type Answer<T> = FormattedExecutionResult<T, unknown>;

/** Sends operations; the client of graphql-ws does. */
export interface LiveSender {
  /** Errors of the operation come as an array; everything else that `error` is told is a loss of the connection. */
  subscribe<T>(payload: SubscribePayload, sink: Sink<Answer<T>>): () => void;
}

/** Takes operations to the server and brings the answers. */
export interface LiveCarrier {
  readonly client: LiveSender;
  readonly backOff: BackOff;
  /** Tells `onLost`. */
  lost(why: unknown): void;
  /** Closes for good, when nobody subscribes any more; resolves when everything is closed. */
  dispose(): Promise<void>;
}
