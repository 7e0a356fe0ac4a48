import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { WireRequest } from '../peers/peer.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const STATUS_AT = 'HTTP/1.1 '.length;
const LENGTH = /\r\ncontent-length: *(\d+)\r\n/i;

/** A whole answer. */
export interface WireAnswer {
  status: number;
  /** All lines of the head behind the first one. */
  head: string;
  body: Buffer;
}

/** A request as the bytes that are sent, made once and sent often. */
export function bytesOf({ path, body, token }: WireRequest): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: keep-alive',
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * One connection that is kept, with one request at a time: much less work for the two cores than a client of Node, of which the
 * server would get less. Answers must tell their length.
 */
export class Lane {
  private readonly socket: Socket;
  private chunks: Buffer[] = [];
  private received = 0;
  /** Bytes of the whole answer under way; 0 while its head is not there. */
  private expected = 0;
  private bodyAt = 0;
  private take: ((answer: WireAnswer) => void) | null = null;
  private fail: (error: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The server has closed a connection.')));
  }

  static async open(port: number): Promise<Lane> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Lane(socket);
  }

  /** Sends one request. Exactly one of the two is called, the first within the event that brings the end of the answer. */
  send(request: Buffer, take: (answer: WireAnswer) => void, fail: (error: Error) => void): void {
    this.take = take;
    this.fail = fail;
    this.socket.write(request);
  }

  ask(request: Buffer): Promise<WireAnswer> {
    return new Promise((resolve, reject) => this.send(request, resolve, reject));
  }

  close(): void {
    this.fail = () => undefined;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.expected === 0) this.readHead();
    if (this.expected > 0 && this.received >= this.expected) this.finish();
  }

  private readHead(): void {
    const [first = Buffer.alloc(0), ...more] = this.chunks;
    const start = more.length === 0 ? first : Buffer.concat(this.chunks);
    const end = start.indexOf(HEAD_END);
    if (end < 0) return;
    const [, length] = LENGTH.exec(start.toString('latin1', 0, end + 2)) ?? [];
    if (length === undefined) {
      this.fail(new Error('An answer does not tell its length.'));
      return;
    }
    this.bodyAt = end + HEAD_END.length;
    this.expected = this.bodyAt + Number(length);
  }

  private finish(): void {
    const { chunks, bodyAt, expected, take } = this;
    const [first = Buffer.alloc(0)] = chunks;
    const whole = chunks.length === 1 ? first : Buffer.concat(chunks);
    this.chunks = [];
    this.received = 0;
    this.expected = 0;
    take?.({
      status: Number(whole.toString('latin1', STATUS_AT, STATUS_AT + 3)),
      get head() {
        return whole.toString('latin1', whole.indexOf('\r\n') + 2, bodyAt - HEAD_END.length);
      },
      body: whole.subarray(bodyAt, expected),
    });
  }
}
