import type { Sink, SubscribePayload } from 'graphql-ws';
import { BackOff } from './back-off.js';
import type { Answer, LiveCarrier, LiveOptions, LiveSender } from './live-carrier.js';
import { unavailable } from './live-error.js';

/** More than two of the server's signs of life, which come every twelve seconds. */
const SILENCE_MS = 30_000;

/** A request under way. */
interface Request {
  signal: AbortSignal;
  /** The server has said something. */
  heard: () => void;
}

interface StreamEvent {
  event?: string;
  data?: string;
}

/** Operations over server-sent events, where a proxy breaks WebSockets: a request for each. */
export class EventStreams implements LiveCarrier {
  readonly backOff = new BackOff();
  readonly client: LiveSender = { subscribe: (payload, sink) => this.subscribe(payload, sink) };
  private readonly options: LiveOptions;
  private refused = false;
  private away = false;

  constructor(options: LiveOptions) {
    this.options = options;
  }

  lost(why: unknown): void {
    this.away = true;
    queueMicrotask(() => this.options.onLost?.(why));
  }

  /** Nothing is open when nobody subscribes. */
  dispose(): Promise<void> {
    return Promise.resolve();
  }

  private subscribe<T>(payload: SubscribePayload, sink: Sink<Answer<T>>): () => void {
    const request = new AbortController();
    const { signal } = request;
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const silent = (): void => request.abort(new Error('The server gives no sign of life.'));
    let silence: ReturnType<typeof setTimeout> | undefined;
    let unsubscribed = false;
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(silent, this.options.keepAliveMs ?? SILENCE_MS);
    };
    const fail = (why: unknown): void => {
      if (!unsubscribed) this.lost(why);
      sink.error(why);
    };
    heard();
    Promise.race([this.follow(payload, sink, { signal, heard }), aborted])
      .finally(() => clearTimeout(silence))
      .then(() => sink.complete(), fail);
    return () => {
      unsubscribed = true;
      request.abort();
    };
  }

  /** Resolves when the server has completed the operation. Rejects when the connection is lost. */
  private async follow<T>(payload: SubscribePayload, sink: Sink<Answer<T>>, request: Request): Promise<void> {
    const fresh = this.refused;
    const token = (await this.options.accessToken?.({ fresh })) ?? null;
    this.refused = false;
    const answer = await this.post(payload, token, request.signal);
    for await (const { event, data = '' } of eventsOf(answer, request.heard)) {
      if (event === 'complete') return;
      if (event !== 'next') continue;
      const result = JSON.parse(data) as Answer<T>;
      if (token !== null && !fresh && result.errors?.[0]?.extensions?.['code'] === 'UNAUTHENTICATED') {
        this.refused = true;
        throw new Error('The server has refused the token.');
      }
      if (result.data && unavailable(result.errors).length === 0) this.backOff.succeeded();
      sink.next(result);
    }
    throw new Error('The server has ended the stream.');
  }

  private async post(payload: SubscribePayload, token: string | null, signal: AbortSignal): Promise<ReadableStream> {
    const answer = await fetch(this.options.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(payload),
      signal,
    });
    if (!answer.ok || !answer.body) throw new Error(`The server has answered ${answer.status}.`);
    this.backOff.connected();
    if (this.away) queueMicrotask(() => this.options.onReconnect?.());
    this.away = false;
    return answer.body;
  }
}

/** The events of a stream. */
async function* eventsOf(body: ReadableStream, heard: () => void): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      heard();
      const blocks = (text + read.value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s)));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
