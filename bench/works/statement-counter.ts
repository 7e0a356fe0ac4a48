import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const EXECUTE = 0x45;
const QUERY = 0x51;
const SYNC = 0x53;
const TYPE_AND_LENGTH = 5;

/** What went to PostgreSQL. */
export interface Statements {
  count: number;
  /** How often an answer was waited for. */
  roundTrips: number;
}

/**
 * Stands between a server and PostgreSQL and counts statements on the wire, the same way for every server: BEGIN, COMMIT and settings are
 * statements too. Nothing is measured while it stands there.
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export class StatementCounter {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly seen: Statements = { count: 0, roundTrips: 0 };
  private readonly target: URL;

  private constructor(target: string) {
    this.target = new URL(target);
    this.server = createServer((socket) => this.pass(socket));
  }

  static async start(databaseUrl: string): Promise<StatementCounter> {
    const counter = new StatementCounter(databaseUrl);
    counter.server.listen(0, '127.0.0.1');
    await once(counter.server, 'listening');
    return counter;
  }

  /** The address to give to the server. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    // A socket in the file system leads past us.
    url.searchParams.delete('host');
    return url.href;
  }

  /** Since the beginning. */
  now(): Statements {
    return { ...this.seen };
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(client: Socket): void {
    const database = connect(Number(this.target.port), this.target.hostname);
    const read = this.reader();
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      read(chunk);
      database.write(chunk);
    });
    database.on('data', (chunk: Buffer) => client.write(chunk));
  }

  /** The first message has no type. */
  private reader(): (chunk: Buffer) => void {
    let rest = Buffer.alloc(0);
    let typed = 0;
    return (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= TYPE_AND_LENGTH) {
        const end = typed + rest.readUInt32BE(typed);
        if (rest.length < end) return;
        if (typed === 1) this.note(rest[0] ?? 0);
        typed = 1;
        rest = rest.subarray(end);
      }
    };
  }

  private note(type: number): void {
    if (type === EXECUTE || type === QUERY) this.seen.count += 1;
    if (type === SYNC || type === QUERY) this.seen.roundTrips += 1;
  }
}
