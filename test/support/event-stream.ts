import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Account } from './accounts.js';
import { within } from './live.js';
import type { Answer, Shop } from './shop.js';

/** One server-sent event, as a browser's `EventSource` would hand it over. */
export interface SentEvent {
  event: string;
  data: string;
  /** `undefined` when the event has none of its own. */
  id: string | undefined;
}

/** How a stream is asked for. */
export interface StreamRequest {
  query?: unknown;
  variables?: unknown;
  operationName?: unknown;
  by?: Pick<Account, 'token'>;
  /** POST unless told otherwise. */
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
}

/** A stream of server-sent events, read as the specification says. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export class EventStream {
  /** Everything that has been read, as it was sent. */
  text = '';
  /** Lines that are for nobody: the heartbeat. */
  comments = 0;
  /** Resolves when the connection has ended; `true` when the server has ended the answer as it should. */
  readonly ended: Promise<boolean>;
  private readonly events: SentEvent[] = [];
  private awaken = (): void => undefined;
  private rest = '';
  private hasEnded = false;

  private constructor(
    private readonly sent: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.read(text));
    response.on('error', () => undefined);
    this.ended = new Promise((resolve) => response.once('close', () => resolve(response.complete)));
    void this.ended.then(() => {
      this.hasEnded = true;
      this.awaken();
    });
  }

  /** Asks for an operation and answers as soon as the server has begun to. */
  static async open({ url }: Pick<Shop, 'url'>, options: StreamRequest): Promise<EventStream> {
    const { by, method = 'POST', headers, ...operation } = options;
    const address = new URL(url);
    if (method === 'GET') {
      for (const [name, value] of Object.entries(operation)) {
        if (value === undefined) continue;
        address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
      }
    }
    const sent = request(address, {
      method,
      agent: false,
      headers: {
        accept: 'text/event-stream',
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(by && { authorization: `Bearer ${by.token}` }),
        ...headers,
      },
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve);
      sent.on('error', reject);
    });
    sent.end(method === 'POST' ? JSON.stringify(operation) : undefined);
    return new EventStream(sent, await within('the stream', answered));
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** How many events wait to be taken. */
  get waiting(): number {
    return this.events.length;
  }

  /** The next so many events; fails when the stream ends first, or nothing comes in time. */
  async take(count: number): Promise<SentEvent[]> {
    while (this.events.length < count) {
      if (this.hasEnded) throw new Error(`The stream has ended: ${this.text.slice(-500)}`);
      await within(`event ${this.events.length + 1} of ${count}`, new Promise<void>((done) => (this.awaken = done)));
    }
    return this.events.splice(0, count);
  }

  /** The execution results of the next so many events, all of them `next`. */
  async results<T = Answer['data']>(count: number): Promise<Pick<Answer<T>, 'data' | 'errors'>[]> {
    return (await this.take(count)).map(({ event, data }) => {
      if (event !== 'next') throw new Error(`Not a result: ${event} ${data}`);
      return JSON.parse(data) as Answer<T>;
    });
  }

  /** Reads to the end and answers everything that had not been taken. */
  async remaining(): Promise<SentEvent[]> {
    await within('the end of the stream', this.ended);
    return this.events.splice(0);
  }

  /** Reads no more, as a program that hangs; nothing is lost. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  /** Cuts the connection as a broken network does. */
  cut(): void {
    this.sent.destroy();
  }

  private read(text: string): void {
    this.text += text;
    if (!text.includes('\n')) {
      this.rest += text;
      return;
    }
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.dispatch(block.split('\n'));
    this.awaken();
  }

  private dispatch(lines: readonly string[]): void {
    const fields = new Map<string, string[]>();
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]*):? ?([^]*)$/.exec(line) ?? [];
      if (name === '') this.comments += 1;
      else fields.set(name, [...(fields.get(name) ?? []), value]);
    }
    const data = fields.get('data');
    if (data)
      this.events.push({
        event: fields.get('event')?.at(-1) ?? 'message',
        data: data.join('\n'),
        id: fields.get('id')?.at(-1),
      });
  }
}

/** Sends an operation for a stream and answers its only result, after which the stream is complete. */
export async function askStream(
  shop: Pick<Shop, 'url'>,
  options: StreamRequest,
): Promise<Pick<Answer, 'data' | 'errors'>> {
  const stream = await EventStream.open(shop, options);
  const [result, complete, ...more] = await stream.remaining();
  expect({ complete, more }).toEqual({ complete: { event: 'complete', data: '', id: undefined }, more: [] });
  expect(result?.event).toBe('next');
  return JSON.parse(result?.data ?? '') as Answer;
}
