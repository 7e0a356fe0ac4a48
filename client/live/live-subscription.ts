import { print, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { LiveCarrier } from './live-carrier.js';
import { cursorReader } from './live-document.js';
import { LiveError, unavailable } from './live-error.js';
import { ConnectionLost, LiveRun, type Take } from './live-run.js';

/** Who is told what happens; nothing after unsubscribing. */
export interface LiveSink<T> {
  /**
   * Each event once, in order; `errors` say why a part of it is null. Its `cursor` is where a later subscription goes on: keep it
   * with what you have done for the event. When this throws, the subscription ends with that error.
   */
  next: (data: T, event: { cursor: string; errors?: readonly GraphQLFormattedError[] }) => void;
  /** The end because of the operation: a `LiveError` of the server, never because of the network. */
  error: (why: unknown) => void;
  /** The end because there is nothing more to tell. */
  complete?: () => void;
  /**
   * The events behind the last cursor are not there any more: they were too old, or the database was restored. Read the data
   * afresh and answer the `liveCursor` that was read with it. When this fails, it is called again after a while.
   */
  cursorExpired: () => Promise<string> | string;
}

/** Variables of a subscription that can go on behind a cursor. */
export interface Resumable {
  after?: string | null;
}

/** One subscription that goes on behind its last event, until it is stopped or the server ends it. */
export class LiveSubscription<T> {
  private readonly carrier: LiveCarrier;
  private readonly sink: LiveSink<T>;
  private readonly cursorOf: (data: unknown) => string;
  private readonly query: string;
  /** The very object that graphql-ws sends again after it has reconnected. */
  private readonly variables: Resumable & Record<string, unknown>;
  private run: { stop(): void } | undefined;
  private expired = false;
  private stopped = false;

  constructor(carrier: LiveCarrier, document: DocumentNode, variables: Resumable, sink: LiveSink<T>) {
    this.carrier = carrier;
    this.sink = sink;
    this.cursorOf = cursorReader(document);
    this.query = print(document);
    this.variables = { ...variables };
  }

  /** Resolves at the end. Rejects with nothing but what the sink throws then. */
  async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.begin();
        break;
      } catch (why) {
        if (this.stopped) return;
        if (!this.mayComeBack(why)) return this.sink.error(why);
        await this.carrier.backOff.wait();
      }
    }
    if (!this.stopped) this.sink.complete?.();
  }

  /** From now on nothing is told. */
  stop(): void {
    this.stopped = true;
    this.run?.stop();
  }

  private async begin(): Promise<void> {
    if (this.expired) this.variables.after = await this.sink.cursorExpired();
    this.expired = false;
    // Without a place to go on from, what happens before the first event would be lost with the connection.
    return this.variables.after == null ? this.tellFromNow() : this.tell();
  }

  private tell(): Promise<void> {
    const { query, variables } = this;
    return this.execute<T>({ query, variables }, (data, errors) => {
      // It is asked for again: behind its cursor nobody would be told what is missing here.
      const missing = unavailable(errors);
      if (missing.length > 0) throw new LiveError(missing);
      const cursor = this.cursorOf(data);
      variables.after = cursor;
      this.sink.next(data, { cursor, errors });
    });
  }

  private tellFromNow(): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = this.execute<{ liveCursor: string }>({ query: '{ liveCursor }' }, ({ liveCursor }) => {
        const { run } = this;
        this.variables.after = liveCursor;
        // Before the query is over: the socket is closed when nothing is under way.
        resolve(this.tell());
        run?.stop();
      });
      asked.then(resolve, reject);
    });
  }

  private async execute<R>(payload: SubscribePayload, take: Take<R>): Promise<void> {
    if (this.stopped) return;
    const run = new LiveRun<R>(this.carrier.client, payload, take);
    this.run = run;
    await run.done;
  }

  /** Whether what was lost, or is not to be had now, may be there at the next try. */
  private mayComeBack(why: unknown): boolean {
    const code = why instanceof LiveError && why.code;
    if (this.expired || code === 'UNAVAILABLE') this.carrier.lost(why);
    else if (code === 'CURSOR_EXPIRED' || code === 'CURSOR_INVALID') this.expired = true;
    else return why instanceof ConnectionLost;
    return true;
  }
}
