import { connect, type Socket } from 'node:net';
import { hasEvent } from './deliveries.ts';
import { CLOSE, clientFrame, FrameReader, PING, PONG, TEXT } from './frames.ts';

/** A server of the shop. */
export interface Target {
  host: string;
  port: number;
  path: string;
}

/** What subscribers share. */
export interface Surroundings {
  /** What one of them asks for. */
  queryOf(subscriber: number): string;
  /** A server to go to; `null` while none runs. */
  target(): Target | null;
  /** Has it begun as soon as not too many others are on their way in. */
  enter(begin: () => void): void;
  /** One that had begun is in, or has given up. */
  entered(): void;
  /** An event has come; answers its cursor. */
  received(subscriber: number, data: Buffer, start: number, end: number): string;
  /** Something worth counting. */
  noticed(what: string): void;
}

/** How a subscriber leaves: it completes its subscription and closes, only closes, or is cut off. */
export type Departure = 'complete' | 'close' | 'cut';

const SOCKETS_PER_ADDRESS = 50;
const READ_BUFFER = Buffer.alloc(256 * 1024);
const PATIENCE_MS = 10_000;
const JITTER_MS = 200;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const HEAD_END = '\r\n\r\n';
const MESSAGE = { init: { type: 'connection_init' }, pong: { type: 'pong' }, complete: { id: '1', type: 'complete' } };
const GONE_FOR_GOOD = new Set(['CURSOR_INVALID', 'CURSOR_EXPIRED']);

/**
 * One subscription on a socket of its own, by graphql-transport-ws over bare TCP: as little work for each message as can be.
 * It comes back whenever it loses its socket, and goes on after the last cursor that it has seen.
 */
export class Subscriber {
  /** Subscribed, as far as a client can know. */
  isIn = false;
  /** It has not been reading at some time. */
  wasStalled = false;
  private socket: Socket | null = null;
  private reader = new FrameReader();
  private head: string | null = '';
  private entering = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private over = false;
  readonly index: number;
  /** The one product that it watches; `null` for all. */
  readonly product: string | null;
  /** Cursor of the last event that it has seen. */
  after: string;
  private readonly around: Surroundings;

  constructor(index: number, product: string | null, after: string, around: Surroundings) {
    this.index = index;
    this.product = product;
    this.after = after;
    this.around = around;
  }

  /** Comes in, or back, after a moment. Nothing happens when it has a socket or is on its way. */
  come(): void {
    if (this.socket || this.entering || this.over || this.around.target() === null) return;
    this.entering = true;
    const pause = this.failures > 0 ? Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS) : 0;
    this.timer = setTimeout(() => this.around.enter(() => this.connect()), pause + Math.random() * JITTER_MS);
  }

  /** Breaks its socket without a word. It comes back. */
  cut(): void {
    this.socket?.resetAndDestroy();
  }

  /** Reads nothing any more, but keeps its socket. */
  stall(): void {
    this.wasStalled = true;
    this.socket?.pause();
  }

  /** Reads again. */
  unstall(): void {
    this.socket?.resume();
  }

  /** Leaves for good. */
  leave(how: Departure): void {
    this.over = true;
    clearTimeout(this.timer);
    if (how === 'cut') return this.cut();
    if (how === 'complete') this.say(MESSAGE.complete);
    this.socket?.end(clientFrame(CLOSE, Buffer.from([0x03, 0xe8])));
  }

  private connect(): void {
    const target = this.around.target();
    if (!target || this.over) return this.done();
    const { host, port, path } = target;
    this.reader = new FrameReader();
    this.head = '';
    const onread = { buffer: READ_BUFFER, callback: (length: number): boolean => this.read(length) };
    const socket = connect({ host, port, localAddress: addressOf(this.index), noDelay: true, onread });
    this.socket = socket;
    this.timer = setTimeout(() => this.cut(), PATIENCE_MS);
    socket.on('connect', () => socket.write(upgrade(host, port, path)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.lost());
  }

  private lost(): void {
    this.around.noticed(this.isIn ? 'lost a socket' : 'could not come in');
    this.failures = this.isIn ? 0 : this.failures + 1;
    this.socket = null;
    this.isIn = false;
    this.done();
    this.come();
  }

  /** It is in, or has failed: another one may try. */
  private done(): void {
    clearTimeout(this.timer);
    if (!this.entering) return;
    this.entering = false;
    this.around.entered();
  }

  private read(length: number): boolean {
    try {
      const chunk = READ_BUFFER.subarray(0, length);
      const rest = this.head === null ? chunk : this.readHead(chunk);
      if (rest) this.reader.read(rest, this.take);
    } catch (error) {
      this.around.noticed(String(error));
      this.cut();
    }
    return true;
  }

  /** Answers what follows the answer to the upgrade; `null` while that is not there. */
  private readHead(chunk: Buffer): Buffer | null {
    const before = this.head?.length ?? 0;
    this.head += chunk.toString('latin1');
    const end = this.head?.indexOf(HEAD_END) ?? -1;
    if (end < 0) return null;
    const status = this.head?.slice('HTTP/1.1 '.length, this.head.indexOf('\r\n')) ?? '';
    this.head = null;
    if (!status.startsWith('101')) throw new Error(`refused: ${status}`);
    this.say(MESSAGE.init);
    return Buffer.from(chunk.subarray(end + HEAD_END.length - before));
  }

  private readonly take = (opcode: number, data: Buffer, start: number, end: number): void => {
    if (opcode === TEXT && hasEvent(data, start, end)) this.after = this.around.received(this.index, data, start, end);
    else if (opcode === TEXT) this.hear(JSON.parse(data.toString('utf8', start, end)) as Message);
    else if (opcode === PING) this.socket?.write(clientFrame(PONG, data.subarray(start, end)));
    else if (opcode === CLOSE) this.close(data.subarray(start, end));
  };

  private hear({ type, payload }: Message): void {
    if (type === 'connection_ack') this.subscribe();
    else if (type === 'ping') this.say(MESSAGE.pong);
    else if (type === 'next' || type === 'error') this.refused(payload);
    else if (type === 'complete') this.cut();
  }

  private subscribe(): void {
    const { product, after } = this;
    const variables = { after, ...(product !== null && { products: [product] }) };
    this.say({ id: '1', type: 'subscribe', payload: { query: this.around.queryOf(this.index), variables } });
    this.isIn = true;
    this.failures = 0;
    this.done();
  }

  private refused(payload: unknown): void {
    const text = JSON.stringify(payload);
    const code = /"code":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 200);
    this.around.noticed(`error ${code}`);
    // Whoever comes back with a cursor that is no good would only be refused again.
    this.over ||= GONE_FOR_GOOD.has(code);
    this.failures += 1;
    this.cut();
  }

  private close(payload: Buffer): void {
    this.around.noticed(`closed with ${payload.length >= 2 ? payload.readUInt16BE(0) : 'no code'}`);
    this.socket?.end(clientFrame(CLOSE, payload.subarray(0, 2)));
  }

  private say(message: object): void {
    this.socket?.write(clientFrame(TEXT, Buffer.from(JSON.stringify(message))));
  }
}

interface Message {
  type: string;
  payload?: unknown;
}

/** Many addresses of the loopback network, so that no limit of one address is met. */
function addressOf(index: number): string {
  const address = Math.floor(index / SOCKETS_PER_ADDRESS) + 1;
  return `127.1.${address >> 8}.${address & 0xff}`;
}

function upgrade(host: string, port: number, path: string): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: c291ay1iZW5jaC1saXZlIQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
  ];
  return lines.join('\r\n') + HEAD_END;
}
