import { JwtService } from '@nestjs/jwt';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { createApp, listen } from '../../src/app.js';
import { Role } from '../../src/access/role.js';
import { Config } from '../../src/config/config.js';
import { EventFeed } from '../../src/events/event-feed.js';
import type { LoggedEvent } from '../../src/events/event.js';
import { LiveMetrics } from '../../src/live/live-metrics.js';
import type { Account } from './accounts.js';
import { send, type Answer, type Shop } from './shop.js';

const DEADLINE_MS = 10_000;

/** One answer of an operation over WebSocket. */
export type LiveAnswer<T> = Pick<Answer<T>, 'data' | 'errors'>;

/** Rejects when the promise has not settled in time, and says what was waited for. */
export async function within<T>(what: string, promise: Promise<T>, milliseconds = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${milliseconds} ms for ${what}.`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves as soon as the condition holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + DEADLINE_MS; !(await holds());) {
    if (performance.now() > end) throw new Error(`Waited ${DEADLINE_MS} ms until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** How many subscriptions follow the events in this server. */
export function openStreams(shop: Pick<Shop, 'app'>): number {
  return shop.app.get(LiveMetrics, { strict: false }).groups.watchers;
}

/** Resolves when this server has told all events that were committed before. */
export async function settled({ app, database }: Pick<Shop, 'app' | 'database'>): Promise<void> {
  const feed = app.get(EventFeed, { strict: false });
  await until('all events are told', async () => {
    const [state] = await database.query<{ last: number | null }>(
      'test.settled',
      'SELECT CASE WHEN NOT EXISTS (SELECT FROM event_outbox) THEN last_pos END AS last FROM event_state',
    );
    return state?.last === feed.position;
  });
}

/** Reads the log as those do who are behind: so many events of a topic after a cursor, oldest first. */
export async function readEvents(
  { app }: Pick<Shop, 'app'>,
  { topic, after, count }: { topic: string; after: string; count: number },
): Promise<LoggedEvent[]> {
  const feed = app.get(EventFeed, { strict: false });
  const seen: LoggedEvent[] = [];
  for (let pos = await feed.resume(after); seen.length < count;) {
    await until('there are more events', () => feed.position > pos);
    const events = await feed.read(pos);
    seen.push(...events.filter((event) => event.topic === topic));
    pos = events.at(-1)?.pos ?? pos;
  }
  return seen;
}

/** What a subscription has been told and nobody has looked at yet. */
export class Stream<T = Answer['data']> {
  private readonly answers: LiveAnswer<T>[] = [];
  private awaken = (): void => undefined;
  private ended: unknown = null;

  /** Sink of the graphql-ws client. */
  readonly sink = {
    next: (answer: unknown): void => this.push(() => this.answers.push(answer as LiveAnswer<T>)),
    error: (error: unknown): void => this.push(() => (this.ended = { error })),
    complete: (): void => this.push(() => (this.ended ??= { error: null })),
  };

  /** Ends the subscription from this side. */
  stop = (): void => undefined;

  /** How many answers wait to be taken. */
  get waiting(): number {
    return this.answers.length;
  }

  /** The next answer; fails when the subscription ends first, or nothing comes in time. */
  async next(): Promise<LiveAnswer<T>> {
    const [answer] = await this.take(1);
    return answer as LiveAnswer<T>;
  }

  /** The next so many answers. */
  async take(count: number): Promise<LiveAnswer<T>[]> {
    while (this.answers.length < count) {
      if (this.ended) throw new Error(`The subscription has ended: ${JSON.stringify(this.ended)}`);
      await this.change(`answer ${this.answers.length + 1} of ${count}`);
    }
    return this.answers.splice(0, count);
  }

  /** Waits for the end and answers why: an array of GraphQL errors, a close event, or `null` when it was regular. */
  async end(): Promise<unknown> {
    while (!this.ended) await this.change('the end of the subscription');
    return (this.ended as { error: unknown }).error;
  }

  private push(change: () => void): void {
    change();
    this.awaken();
  }

  private change(what: string): Promise<void> {
    return within(what, new Promise<void>((resolve) => (this.awaken = resolve)));
  }
}

/** Somebody on a socket, through the standard client of graphql-ws. It never comes back by itself. */
export class LiveClient {
  private socket: WebSocket | undefined;
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(private readonly client: Client) {
    this.closed = new Promise((resolve) => client.on('closed', (event) => resolve(event as CloseEvent)));
    client.on('opened', (socket) => (this.socket = socket as WebSocket));
  }

  /** Connects, with the token of somebody or as nobody. */
  static async open(shop: Pick<Shop, 'socketUrl'>, by?: Pick<Account, 'token'>): Promise<LiveClient> {
    const client = createClient({
      url: shop.socketUrl,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => undefined,
      ...(by && { connectionParams: { authorization: `Bearer ${by.token}` } }),
    });
    const live = new LiveClient(client);
    const connected = new Promise<void>((resolve) => client.on('connected', () => resolve()));
    const refused = live.closed.then(({ code, reason }) => Promise.reject(new Error(`closed ${code} ${reason}`)));
    await within('the connection', Promise.race([connected, refused]));
    return live;
  }

  /** Starts a subscription. Resolves when the server follows the events for it, or has refused it. */
  async watch<T = Answer['data']>(query: string, variables: Record<string, unknown> = {}): Promise<Stream<T>> {
    const stream = new Stream<T>();
    stream.stop = this.client.subscribe({ query, variables }, stream.sink);
    // Operations of one socket are begun in order: when this one is answered, the subscription is in place.
    await this.ask('{ __typename }');
    return stream;
  }

  /** Sends a query or mutation. */
  async ask<T = Answer['data']>(query: string, variables: Record<string, unknown> = {}): Promise<LiveAnswer<T>> {
    const stream = new Stream<T>();
    this.client.subscribe({ query, variables }, stream.sink);
    return stream.next();
  }

  /** Errors that an operation is refused with, before it is executed or instead of that. */
  async refusals(
    query: string,
    variables: Record<string, unknown> = {},
    operationName?: string,
  ): Promise<Answer['errors']> {
    const stream = new Stream();
    this.client.subscribe({ query, variables, ...(operationName && { operationName }) }, stream.sink);
    const error = await stream.end();
    return error ? (error as Answer['errors']) : (await stream.next()).errors;
  }

  /** Cuts the connection as a broken network does. */
  cut(): void {
    this.socket?.terminate();
  }

  async close(): Promise<void> {
    await this.client.dispose();
    await within('the close of the socket', this.closed);
  }
}

/** A bare WebSocket, for what the standard client would never send. */
export class RawSocket {
  private constructor(
    readonly socket: WebSocket,
    readonly closed: Promise<{ code: number; reason: string }>,
    private readonly messages: Stream,
  ) {}

  /** Connects. @throws Error `refused 404` and the like when the server does not let it in */
  static async open(url: string, options: ClientOptions = {}, protocol = 'graphql-transport-ws'): Promise<RawSocket> {
    const socket = new WebSocket(url, protocol, options);
    const messages = new Stream();
    socket.on('message', (data: Buffer) => messages.sink.next(JSON.parse(data.toString())));
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    const opened = new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        reject(new Error(`refused ${statusCode}`));
      });
      socket.on('error', reject);
    });
    await within('the upgrade', opened);
    return new RawSocket(socket, closed, messages);
  }

  /** Connects and greets. */
  static async greeted(url: string, payload?: object): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    raw.send({ type: 'connection_init', payload });
    const answer = await raw.next();
    if (answer['type'] !== 'connection_ack') throw new Error(`Not greeted: ${JSON.stringify(answer)}`);
    return raw;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async next(): Promise<Answer['data']> {
    return this.messages.next();
  }

  /** How many messages wait to be taken. */
  get waiting(): number {
    return this.messages.waiting;
  }
}

/** The token of an account, but valid for so many seconds only. */
export function shortToken(shop: Shop, { uuid }: Account, seconds: number): { token: string } {
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  const claims = { sub: uuid, roles: [Role.USER], sid: uuid, exp };
  return { token: shop.app.get(JwtService, { strict: false }).sign(claims) };
}

/** One more server on the database of a shop, as after a restart or beside it. Close it before the shop. */
export async function anotherServer(shop: Shop): Promise<Shop> {
  const config = shop.app.get(Config, { strict: false });
  const app = await createApp(config, shop.database);
  const { graphql: url, subscriptions: socketUrl } = await listen(app, config);
  return {
    ...shop,
    app,
    url,
    socketUrl,
    send: (query, variables, token) => send(url, { query, variables }, token),
    close: () => app.close(),
  };
}

interface CloseEvent {
  code: number;
  reason: string;
}
