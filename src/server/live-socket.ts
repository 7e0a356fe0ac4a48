import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AccessContext } from '../access/access.decorators.js';
import type { LiveAnswer, Outlet } from '../live/live-answer.js';
import type { Membership } from '../live/live-hub.js';
import type { MessageAllowance } from './message-allowance.js';
import { textFrame } from './text-frame.js';
import { drained } from './drained.js';

/** Close codes of this server beside those of `graphql-transport-ws`. @see RFC 6455 section 7.4.1 */
export const SocketClose = {
  /** Clients of graphql-ws come back. */
  restart: 1012,
  /** Too slow, or too many connections: try again later. */
  tryLater: 1013,
  /** Too many messages. */
  policy: 1008,
  /** The token has expired or was revoked: clients of graphql-ws come back, with a fresh one. */
  forbidden: 4403,
  internal: 4500,
} as const;

/** So much is collected for one system call. */
const TOGETHER_BYTES = 8 * 1024;

/** One WebSocket, and what is known of who holds it. */
export class LiveSocket {
  /** Set when `connection_init` was accepted. */
  access: AccessContext | null = null;
  /** Pings since the last answer to one. */
  unansweredPings = 0;
  /** Ids of the operations that have not ended, with everything that is to be sent of them. */
  readonly underWay = new Set<string>();
  /** The code with which this side has closed it. */
  closeCode: number | null = null;
  private readonly onClosed: (() => void)[] = [];
  private hasClosed = false;
  private isHeld = false;

  constructor(
    /** Counts up from one. */
    readonly number: number,
    readonly socket: WebSocket,
    readonly request: IncomingMessage,
    readonly allowance: MessageAllowance,
    /** What the WebSocket writes to. */
    private readonly wire: Duplex,
  ) {}

  close(code: number, reason: string): void {
    this.closeCode ??= code;
    this.socket.close(code, reason);
  }

  /** Closes it without waiting: the close frame itself would wait behind everything that is not read. */
  giveUp(): void {
    this.close(SocketClose.tryLater, 'Too slow');
    this.socket.terminate();
  }

  /** Calls back when it is closed, at once when it is already. */
  whenClosed(done: () => void): void {
    if (this.hasClosed) done();
    else this.onClosed.push(done);
  }

  /** It is closed: tells everybody who has asked for that. */
  closed(): void {
    this.hasClosed = true;
    for (const done of this.onClosed.splice(0)) done();
  }

  /** Bytes that wait until the client reads. */
  get unsent(): number {
    return this.wire.writableLength;
  }

  /** Reads nothing from a client who does not read either, else the answers to its messages would pile up. */
  hold(patienceMs: number): void {
    if (this.isHeld) return;
    this.isHeld = true;
    this.socket.pause();
    void this.taken(patienceMs).then((inTime) => {
      this.isHeld = false;
      if (inTime) this.socket.resume();
      else this.giveUp();
    });
  }

  /** Resolves when the client has taken everything; with `false` when it takes nothing for so long. */
  private async taken(patienceMs: number): Promise<boolean> {
    for (;;) {
      const before = this.unsent;
      if (await drained(this.wire, patienceMs)) return true;
      if (this.unsent >= before) return false;
    }
  }

  /** Where the answers of one operation go. `ended` is told why a live query ends by itself. */
  outlet(id: string, ended: (error: unknown) => void): Outlet {
    const { wire, socket } = this;
    const giveUp = (): void => this.giveUp();
    const idPart = Buffer.from(`${JSON.stringify(id)}}`);
    const uncork = (): void => wire.uncork();
    return {
      // Past the library, whose frames are written to the same wire at once: a frame of ours never comes into one of its.
      send: (answer: LiveAnswer) => {
        if (socket.readyState !== socket.OPEN) return;
        // Several answers at once go out by one system call: it costs more than everything else about a frame.
        if (wire.writableCorked === 0) {
          wire.cork();
          process.nextTick(uncork);
        }
        wire.write(textFrame(answer.socketPart, idPart));
        if (wire.writableLength >= TOGETHER_BYTES) wire.uncork();
      },
      get unsent() {
        return wire.writableLength;
      },
      drained: (milliseconds) => drained(wire, milliseconds),
      fail: ended,
      giveUp,
    };
  }
}

/**
 * A live query in the eyes of graphql-ws: an iterator that yields nothing, because the hub writes to the socket itself.
 * It ends when the client leaves or the socket is closed, and throws when the hub ends it.
 */
export class LiveOperation implements AsyncIterableIterator<never> {
  private membership: Membership | null = null;
  private settle: ((end: IteratorResult<never, undefined>) => void) | null = null;
  private reject: ((error: unknown) => void) | null = null;
  private failure: { error: unknown } | null = null;

  /** Ends it with an error. */
  readonly fail = (error: unknown): void => {
    this.failure = { error };
    this.membership?.leave();
    this.reject?.(error);
  };

  /** @param membership of the hub, not begun */
  follows(membership: Membership): this {
    this.membership = membership;
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<never, undefined>> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure.error);
      this.settle = resolve;
      this.reject = reject;
      this.membership?.begin();
    });
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.membership?.leave();
    const end = { value: undefined, done: true } as const;
    this.settle?.(end);
    return Promise.resolve(end);
  }
}
