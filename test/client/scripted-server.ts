import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { within } from '../support/live.js';

/** An operation that a client has sent. */
interface Asked {
  id: string;
  query: string;
  variables?: Record<string, unknown>;
}

interface ClientMessage {
  type: string;
  id: string;
  payload?: Omit<Asked, 'id'>;
}

/** Things that come one after the other and are waited for. */
export class Queue<T> {
  private readonly things: T[] = [];
  private awaken: (() => void) | undefined;

  constructor(private readonly what: string) {}

  put(thing: T): void {
    this.things.push(thing);
    this.awaken?.();
  }

  async next(): Promise<T> {
    while (this.things.length === 0) await within(this.what, new Promise<void>((resolve) => (this.awaken = resolve)));
    return this.things.shift() as T;
  }
}

/** What `connection_init` is answered; a number is a close code. */
type Greeting = 'ack' | 'none' | number;

/** One connection of a client as the server sees it. What the server says is up to the test. */
export class Peer {
  /** What came with `connection_init`. */
  params: unknown;
  pings = 0;
  /** Leaves pings without an answer. */
  isDeaf = false;
  /** Close code. */
  readonly closed: Promise<number>;
  private readonly asked = new Queue<Asked>('an operation of the client');
  private readonly completed = new Queue<string>('the end of an operation by the client');

  constructor(
    readonly socket: WebSocket,
    private readonly wire: Duplex,
    private readonly greeting: Greeting,
  ) {
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString()) as ClientMessage));
  }

  /** Next operation of the client. */
  operation(): Promise<Asked> {
    return this.asked.next();
  }

  /** Id of the next operation that the client ends. */
  completion(): Promise<string> {
    return this.completed.next();
  }

  /** Sends messages in one piece: they arrive in the same tick. */
  send(...messages: object[]): void {
    this.wire.cork();
    for (const message of messages) this.socket.send(JSON.stringify(message));
    this.wire.uncork();
  }

  private hear({ type, id, payload }: ClientMessage): void {
    if (type === 'connection_init') {
      this.params = payload;
      if (this.greeting === 'ack') this.send({ type: 'connection_ack' });
      else if (this.greeting !== 'none') this.socket.close(this.greeting);
    } else if (type === 'ping') {
      this.pings += 1;
      if (!this.isDeaf) this.send({ type: 'pong' });
    } else if (type === 'subscribe' && payload) {
      this.asked.put({ ...payload, id });
    } else if (type === 'complete') {
      this.completed.put(id);
    }
  }
}

/** A server of the `graphql-transport-ws` protocol that says only what a test makes it say. */
export class ScriptedServer {
  /** Connections that it has taken. */
  readonly peers: Peer[] = [];
  /** Leaves handshakes without an answer. */
  isMute = false;
  greeting: Greeting = 'ack';
  private readonly wires = new Set<Duplex>();
  private readonly connected = new Queue<Peer>('a connection');
  private readonly sockets = new WebSocketServer({ noServer: true });

  private constructor(private readonly http: Server) {
    http.on('upgrade', (request, wire, head) => {
      this.wires.add(wire.on('error', () => undefined).once('close', () => this.wires.delete(wire)));
      if (this.isMute) return;
      this.sockets.handleUpgrade(request, wire, head, (socket) => {
        const peer = new Peer(socket, wire, this.greeting);
        this.peers.push(peer);
        this.connected.put(peer);
      });
    });
  }

  /** Listens on a port of its own. */
  static async start(port = 0): Promise<ScriptedServer> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
    return new ScriptedServer(http);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/graphql`;
  }

  /** The next connection. */
  peer(): Promise<Peer> {
    return this.connected.next();
  }

  /** The next connection, and the subscription that the client sends there first. */
  async resumed(): Promise<{ peer: Peer; id: string; after: unknown }> {
    const peer = await this.peer();
    const { id, variables } = await peer.operation();
    return { peer, id, after: variables?.['after'] };
  }

  /** How many connections are open, with those in a handshake. */
  get connections(): number {
    return this.wires.size;
  }

  /** Ends at once, as a process that is killed. */
  async stop(): Promise<void> {
    for (const wire of this.wires) wire.destroy();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
