import { createClient, MessageType, type Client } from 'graphql-ws';
import { BackOff } from './back-off.js';

const KEEP_ALIVE_MS = 10_000;
const NOBODY_SUBSCRIBES = 1000;
const TOKEN_REFUSED = 4403;

/** What is needed of a class of WebSockets; those of browsers, of Node and of `ws` have it. */
export type SocketClass = new (url: string, protocols: string) => PlainSocket;

interface PlainSocket {
  onmessage: unknown;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  close(): void;
}

/** Where the events come from, and who asks. */
export interface LiveSocketOptions {
  /** Of the API, such as `https://shop.example/graphql`. */
  url: string;
  /**
   * Asked before each connection: an access token, or `null` for nobody. With `fresh` the server has refused the last one
   * (expired, revoked): get another, even if it seems to hold. When this fails, it is asked again after a while.
   */
  accessToken?: (how: { fresh: boolean }) => Promise<string | null> | string | null;
  /** Where the platform has no WebSocket: that of `ws`, for example. */
  webSocketImpl?: SocketClass;
  /** After so many milliseconds the server is asked for a sign of life, and has as many for it; 10,000 by default. */
  keepAliveMs?: number;
  /** Told what was lost or has failed: a close event or an error. The next try follows by itself. */
  onLost?: (why: unknown) => void;
  /** Told that a connection that was lost has come back. */
  onReconnect?: () => void;
}

/** The standard client of graphql-ws, for a connection that always comes back. It is open while somebody subscribes. */
export class LiveSocket {
  readonly client: Client;
  readonly backOff = new BackOff();
  private readonly options: LiveSocketOptions;
  private readonly keepAliveMs: number;
  private socket: PlainSocket | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
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
      webSocketImpl: this.boundedSocket(Base),
      keepAlive: this.keepAliveMs,
      connectionAckWaitTimeout: this.keepAliveMs,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => this.backOff.wait(),
      connectionParams: () => this.authorization(),
      on: {
        connected: () => this.connected(),
        message: (message) => {
          if (message.type === MessageType.Next && message.payload.data) this.backOff.succeeded();
        },
        ping: (received) => {
          const silent = (): void => this.cut(new Error('The server gives no sign of life.'));
          if (!received) this.silence = setTimeout(silent, this.keepAliveMs);
        },
        pong: (received) => {
          if (received) clearTimeout(this.silence);
        },
        closed: (event) => this.closed(event as { code: number }),
      },
    });
  }

  /** Tells `onLost`. */
  lost(why: unknown): void {
    // Not at once: an error that is thrown there would keep graphql-ws from its work.
    queueMicrotask(() => this.options.onLost?.(why));
  }

  /** Closes for good, when nobody subscribes any more; resolves when it is closed. */
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

  /** Not every platform has a time limit for a handshake that nobody answers. */
  private boundedSocket(Base: SocketClass): SocketClass {
    const opened = (socket: PlainSocket): void => {
      this.socket = socket;
      const late = setTimeout(() => socket.close(), this.keepAliveMs);
      socket.addEventListener('open', () => clearTimeout(late));
      socket.addEventListener('close', () => {
        clearTimeout(late);
        if (this.socket === socket) this.socket = undefined;
      });
    };
    return class extends Base {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        opened(this);
      }
    };
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

  private connected(): void {
    this.backOff.connected();
    if (this.away) queueMicrotask(() => this.options.onReconnect?.());
    this.away = false;
  }

  private closed(event: { code: number }): void {
    const why = this.cause ?? event;
    this.cause = undefined;
    clearTimeout(this.silence);
    if (event.code === TOKEN_REFUSED) this.refused = true;
    if (event.code === NOBODY_SUBSCRIBES || this.disposed) return;
    this.away = true;
    this.lost(why);
  }
}
