import { Socket } from 'node:net';
import pg from 'pg';
import type { Db } from './db.js';
import { poolOptions, TIMEOUTS } from './pool.js';

/** What a connection outside of the pool is for. */
export interface OwnConnectionOptions {
  /** Shown in `pg_stat_activity`. */
  name: string;
  /** PostgreSQL ends the session, and with it the session's locks, when nothing was sent for so long. */
  idleMs?: number;
  /** How long a statement waits for a lock; 2,500 unless told otherwise. */
  lockMs?: number;
  /** What it commits may be forgotten in a crash, and waits for no disk: NOTIFY is a commit too. */
  forgetful?: boolean;
}

const ANSWER_MS = 5_000;
/** A farewell that has not been answered by then is not waited for. */
const FAREWELL_MS = 1_000;

/**
 * One connection outside of the pool, for what belongs to a session: advisory locks that outlive a transaction, and
 * LISTEN. It never comes back by itself; whoever holds it opens the next one.
 */
export class OwnConnection implements Db {
  /** Resolves when the connection is gone, whoever ended it. */
  readonly lost: Promise<void>;
  /** The statement that was sent last, whatever came of it. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: pg.Client,
    private readonly socket: Socket,
  ) {
    this.lost = new Promise((resolve) => client.once('end', () => resolve()));
  }

  /** Connects. @throws what pg throws when nothing answers in time */
  static async open(url: string, { name, idleMs, lockMs, forgetful }: OwnConnectionOptions): Promise<OwnConnection> {
    const { Client: _counted, max: _max, ...options } = poolOptions(url, 1, TIMEOUTS);
    const socket = new Socket();
    const client = new pg.Client({
      ...options,
      stream: () => socket,
      application_name: name,
      statement_timeout: ANSWER_MS,
      query_timeout: ANSWER_MS,
      lock_timeout: lockMs ?? ANSWER_MS / 2,
      options: [
        ...(idleMs === undefined ? [] : [`-c idle_session_timeout=${idleMs}`]),
        ...(forgetful ? ['-c synchronous_commit=off'] : []),
      ].join(' '),
    });
    // An error that nobody listens to ends the process; `lost` tells.
    client.on('error', () => undefined);
    await client.connect();
    return new OwnConnection(client, socket);
  }

  /** Sends one statement, behind those that were sent before: a connection has one at a time. */
  async query<Row extends object>(name: string, text: string, params: readonly unknown[] = []): Promise<Row[]> {
    const turn = this.last.then(() => this.client.query<Row>({ name, text, values: params as unknown[] }));
    this.last = turn.catch(() => undefined);
    const { rows } = await turn;
    return rows;
  }

  /** Sends several statements without parameters in one go; they are one transaction. */
  async script(text: string): Promise<void> {
    await this.client.query(text);
  }

  /** Calls the listener for each notification on a channel, with its payload. */
  async listen(channel: string, listener: (payload: string) => void): Promise<void> {
    this.client.on('notification', (message) => {
      if (message.channel === channel) listener(message.payload ?? '');
    });
    await this.client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** Ends the session. Takes a second at most, whatever has become of the other side. */
  async close(): Promise<void> {
    const late = setTimeout(() => this.socket.destroy(), FAREWELL_MS);
    await this.client.end().catch(() => this.socket.destroy());
    await this.lost;
    clearTimeout(late);
  }
}
