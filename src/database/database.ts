import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Unavailable } from '../errors/request-errors.js';
import type { Db, Tx } from './db.js';
import { managerOf } from './entity-manager.js';
import { Exchange } from './exchange.js';
import { MIGRATIONS } from './migrations.js';
import { claiming } from './once.js';
import { OwnConnection, type OwnConnectionOptions } from './own-connection.js';
import { isDisconnected, isRetryable, isSurvived, isUnreachable } from './pg-error.js';
import { tooOld } from './server-version.js';
import { SafePool, TIMEOUTS, poolOptions, type Timeouts } from './pool.js';
import { Statements, type Statement } from './statements.js';
import { Transaction } from './transaction.js';

/** Which database, with how many connections, and how patiently. */
export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Tables known to TypeORM. */
  entities?: readonly (abstract new () => object)[];
  timeouts?: Timeouts;
}

const ATTEMPTS = 4;

/** PostgreSQL is there but too old, or cannot be used at all. */
export class DatabaseError extends Error {}

/** The one door to PostgreSQL: reads go through `query`, writes through `transaction`. Injectable by this class. */
export class Database implements Db {
  private readonly statements = new Statements();

  private constructor(
    readonly source: DataSource,
    private readonly pool: pg.Pool,
    private readonly url: string,
  ) {}

  /**
   * Connects and checks the server's version.
   * @throws DatabaseError when nothing answers or the server is older than PostgreSQL 18
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      driver: { ...pg, Pool: SafePool },
      entities: [...(options.entities ?? [])],
      migrations: MIGRATIONS,
      migrationsTableName: 'migrations',
      installExtensions: false,
      synchronize: false,
      extra: poolOptions(options.url, options.poolSize, options.timeouts ?? TIMEOUTS),
    });
    try {
      await source.initialize();
    } catch (error) {
      throw new DatabaseError(`PostgreSQL does not answer at ${withoutPassword(options.url)}: ${describe(error)}`);
    }
    const database = new Database(source, (source.driver as unknown as { master: pg.Pool }).master, options.url);
    await database.refuseOldServer();
    return database;
  }

  async query<Row extends object>(name: string, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const statement = this.statements.of(name, sql, params);
    try {
      return await this.read<Row>(statement);
    } catch (error) {
      if (!isDisconnected(error)) throw asUnavailable(error);
      // The server has restarted and the pool has not noticed; this is a read, so it may be sent again.
      return this.read<Row>(statement).catch((again: unknown) => {
        throw asUnavailable(again);
      });
    }
  }

  /**
   * Runs the work in one transaction (READ COMMITTED) and answers what it answers. Anything thrown rolls back.
   * Work that lost a deadlock or serialization conflict is run again, so it must do nothing outside of the transaction.
   * The first one of a mutation that commits is what `@idempotent` makes once: it must be the one that makes the change.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return claiming(work, async (whole) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.attempt(whole);
        } catch (error) {
          if (isUnreachable(error)) throw asUnavailable(error);
          if (!isRetryable(error)) throw error;
          if (attempt >= ATTEMPTS)
            throw new Unavailable('Too many want the same thing right now. Try again in a moment.');
        }
      }
    });
  }

  /** A connection of one's own, which is not counted in the pool. The caller closes it. @throws Unavailable */
  async connect(options: OwnConnectionOptions): Promise<OwnConnection> {
    try {
      return await OwnConnection.open(this.url, options);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Closes all connections of the pool; statements under way are waited for. */
  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const transaction = new Transaction(client, this.statements, (of) => managerOf(this.source, of));
    try {
      const result = await work(transaction as unknown as Tx);
      await transaction.commit();
      for (const then of transaction.committed) then();
      return result;
    } catch (error) {
      await transaction.rollback();
      throw error;
    } finally {
      transaction.release();
    }
  }

  private async read<Row extends object>(statement: Statement): Promise<Row[]> {
    const client = await this.pool.connect();
    const exchange = new Exchange([statement]);
    try {
      client.query(exchange);
      const [answer] = await exchange.answers;
      client.release();
      return (answer?.rows ?? []) as Row[];
    } catch (error) {
      client.release(!isSurvived(error));
      throw error;
    }
  }

  private async refuseOldServer(): Promise<void> {
    const [server] = await this.query<{ number: number; text: string }>(
      'database.version',
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`,
    );
    const problem = server ? tooOld(server) : 'PostgreSQL does not tell its version.';
    if (problem === null) return;
    await this.close();
    throw new DatabaseError(problem);
  }
}

function asUnavailable(error: unknown): unknown {
  return isUnreachable(error) ? new Unavailable() : error;
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  return `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`;
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
