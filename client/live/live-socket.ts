import { createClient, MessageType, type Client, type Message } from 'graphql-ws';
import { BackOff } from './back-off.js';
import type { LiveCarrier, LiveOptions } from './live-carrier.js';
import { unavailable } from './live-error.js';

const KEEP_ALIVE_MS = 10_000;
/** Of `keepAliveMs`, for everything up to the server's word that it knows who asks. */
const GREETING_TIMES = 3;
const NOBODY_SUBSCRIBES = 1000;
const TOKEN_REFUSED = 4403;

/** What is needed of a class of WebSockets; those of browsers, of Node and of `ws` have it. */
export type SocketClass = new (url: string, protocols: string) => PlainSocket;

interface PlainSocket {
  onmessage: unknown;
  addEventListener(type: 'open' | 'close', listener: () => unknown): void;
  close(): void;
}

/** What a WebSocket needs beside that. */
export interface LiveSocketOptions extends LiveOptions {
  /** Where the platform has no WebSocket: that of `ws`, for example. */
  webSocketImpl?: SocketClass;
}

/** The standard client of graphql-ws, for a connection that always comes back. It is open while somebody subscribes. */
export class LiveSocket implements LiveCarrier {
  readonly client: Client;
  readonly backOff = new BackOff();
  private readonly options: LiveSocketOptions;
  private readonly keepAliveMs: number;
  private socket: PlainSocket | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private greeting: ReturnType<typeof setTimeout> | undefined;
  private cause: unknown;
  private refused = false;
  private away = false;
  private disposed = false;

  constructor(options: LiveSocketOptions) {
    this.options = options;
    this.keepAliveMs = options.keepAliveMs ?? KEEP_ALIVE_MS;
    const Base = options.webSocketImpl ?? globalThis.WebSocket;
    if (!Base) throw new Error('There is no WebSocket here: give one as webSocketImpl.');
    this.client = createClient({
      url: new URL(options.url).href.replace(/^http/, 'ws'),
      webSocketImpl: this.timedSocket(Base),
      keepAlive: this.keepAliveMs,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => this.backOff.wait(),
      connectionParams: () => this.authorization(),
      on: {
        connected: () => this.connected(),
        message: (message) => this.heard(message),
        ping: (received) => {
          if (!received) this.awaitSomething();
        },
        pong: (received) => {
          if (received) this.awaitNothing();
        },
        closed: (event) => this.closed(event as { code: number }),
      },
    });
  }

  lost(why: unknown): void {
    // Not at once: an error that is thrown there would keep graphql-ws from its work.
    queueMicrotask(() => this.options.onLost?.(why));
  }

  async dispose(): Promise<void> {
    const { socket } = this;
    this.disposed = true;
    // This fails when a connection was being made and will not be.
    Promise.resolve(this.client.dispose()).catch(() => undefined);
    if (!socket) return;
    const closed = new Promise<void>((resolve) => socket.addEventListener('close', resolve));
    socket.close();
    await closed;
  }

  /** Sockets with a limit for what has none everywhere: a handshake that nobody answers, a token that never comes. */
  private timedSocket(Base: SocketClass): SocketClass {
    const made = (socket: PlainSocket): void => this.made(socket);
    return class extends Base {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        made(this);
      }
    };
  }

  private made(socket: PlainSocket): void {
    let isOpen = false;
    const late = (): void => (isOpen ? this.cut(new Error('The server has not greeted.')) : socket.close());
    const greeting = setTimeout(late, this.keepAliveMs * GREETING_TIMES);
    this.socket = socket;
    this.greeting = greeting;
    socket.addEventListener('open', () => (isOpen = true));
    socket.addEventListener('close', () => {
      clearTimeout(greeting);
      if (this.socket === socket) this.socket = undefined;
    });
  }

  private async authorization(): Promise<Record<string, string>> {
    const { socket } = this;
    try {
      const token = await this.options.accessToken?.({ fresh: this.refused });
      this.refused = false;
      return token == null ? {} : { authorization: `Bearer ${token}` };
    } catch (error) {
      if (socket === this.socket) this.cut(error);
      return {};
    }
  }

  /** Gives up a connection that may never say that it is closed. What it might still tell is told by the next one. */
  private cut(why: unknown): void {
    this.cause = why;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- takes away the listener of graphql-ws
    if (this.socket) this.socket.onmessage = null;
    this.client.terminate();
  }

  private heard(message: Message): void {
    // The answer to a ping comes behind what was on its way: over a slow link that may take longer than a dead one is given.
    if (this.silence !== undefined) this.awaitSomething();
    if (message.type !== MessageType.Next) return;
    const { data, errors } = message.payload;
    if (data && unavailable(errors).length === 0) this.backOff.succeeded();
  }

  /** From now on the server has so long to say anything. */
  private awaitSomething(): void {
    this.awaitNothing();
    this.silence = setTimeout(() => this.cut(new Error('The server gives no sign of life.')), this.keepAliveMs);
  }

  private awaitNothing(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
  }

  private connected(): void {
    clearTimeout(this.greeting);
    this.backOff.connected();
    if (this.away) queueMicrotask(() => this.options.onReconnect?.());
    this.away = false;
  }

  private closed(event: { code: number }): void {
    const why = this.cause ?? event;
    this.cause = undefined;
    this.awaitNothing();
    clearTimeout(this.greeting);
    if (event.code === TOKEN_REFUSED) this.refused = true;
    if (event.code === NOBODY_SUBSCRIBES || this.disposed) return;
    this.away = true;
    this.lost(why);
  }
}
