import { WebSocket } from 'ws';
import { now } from './clock.ts';

const GREETING_MS = 10_000;
/** So much of a message tells what it is. */
const HEAD_LENGTH = 200;

/** One socket of the protocol with as many subscriptions as wanted, for what is asked of few sockets: events are only counted. */
export class PlainSocket {
  /** Close code, and when it was closed on the shared clock; `null` while it is open. */
  end: { code: number; at: number } | null = null;
  /** Answers that came with data. */
  events = 0;
  private readonly socket: WebSocket;
  private answered: () => void = () => undefined;
  private refused: (why: Error) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.hear(data));
    socket.on('close', (code) => (this.end = { code, at: now() }));
    socket.on('error', () => undefined);
  }

  /** Connects and greets, with a token or as nobody. @throws Error when it is not let in */
  static async open(url: string, token?: string): Promise<PlainSocket> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const plain = new PlainSocket(socket);
    const greeted = new Promise<void>((resolve, reject) => {
      socket.once('message', () => resolve());
      socket.once('close', (code) => reject(new Error(`A socket was closed with ${code}.`)));
      setTimeout(() => reject(new Error('A socket was not greeted.')), GREETING_MS).unref();
    });
    socket.once('open', () => {
      plain.say({ type: 'connection_init', payload: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    });
    await greeted;
    return plain;
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.say({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** Resolves when the server has begun everything that was said before. @throws Error when it has refused something, or says nothing */
  async begun(): Promise<void> {
    const answer = new Promise<void>((resolve, reject) => {
      this.answered = resolve;
      this.refused = reject;
      setTimeout(() => reject(new Error('A socket is not answered.')), GREETING_MS).unref();
    });
    this.say({ type: 'ping' });
    await answer;
  }

  /** Reads nothing any more. */
  stall(): void {
    this.socket.pause();
  }

  /** Breaks it without a word. */
  cut(): void {
    this.socket.terminate();
  }

  private hear(data: Buffer): void {
    const text = data.toString('latin1', 0, HEAD_LENGTH);
    if (text.includes('"data":{')) this.events += 1;
    else if (text.startsWith('{"type":"pong"')) this.answered();
    else if (text.includes('"error')) this.refused(new Error(`A subscription was refused: ${text}`));
  }

  private say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}
