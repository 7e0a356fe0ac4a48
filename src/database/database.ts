import 'reflect-metadata';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Unavailable } from '../errors/request-errors.js';
import type { Db, Tx } from './db.js';
import { MIGRATIONS } from './migrations.js';
import { claiming } from './once.js';
import { OwnConnection, type OwnConnectionOptions } from './own-connection.js';
import { isDisconnected, isRetryable, isUnreachable } from './pg-error.js';
import { tooOld } from './server-version.js';
import { SafePool, TIMEOUTS, poolOptions, type Timeouts } from './pool.js';

/** Which database, with how many connections, and how patiently. */
export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** Tables known to TypeORM. */
  entities?: readonly (abstract new () => object)[];
  timeouts?: Timeouts;
}

const ATTEMPTS = 4;
const STATEMENT_TEXTS_KEPT = 500;
const CHARACTERS_KEPT = 2_000_000;

/** PostgreSQL is there but too old, or cannot be used at all. */
export class DatabaseError extends Error {}

/** The one door to PostgreSQL: reads go through `query`, writes through `transaction`. Injectable by this class. */
export class Database implements Db {
  private readonly names = new StatementNames();

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
    try {
      return await send<Row>(this.pool, this.names.of(name, sql), params);
    } catch (error) {
      if (!isDisconnected(error)) throw asUnavailable(error);
      // The server has restarted and the pool has not noticed; this is a read, so it may be sent again.
      return send<Row>(this.pool, this.names.of(name, sql), params).catch((again: unknown) => {
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
    const runner = this.source.createQueryRunner();
    try {
      const client = (await runner.connect()) as pg.PoolClient;
      await runner.startTransaction();
      try {
        const transaction = new Transaction(runner.manager, client, this.names);
        const result = await work(transaction as unknown as Tx);
        await runner.commitTransaction();
        for (const then of transaction.committed) then();
        return result;
      } catch (error) {
        // A connection that is gone has rolled back already; its error must not hide the first one.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
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

/** Statements of one transaction, sent on its own connection. */
class Transaction implements Db {
  readonly committed: (() => void)[] = [];

  constructor(
    readonly manager: EntityManager,
    private readonly client: pg.PoolClient,
    private readonly names: StatementNames,
  ) {}

  query<Row extends object>(name: string, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    return send(this.client, this.names.of(name, sql), params);
  }

  afterCommit(work: () => void): void {
    this.committed.push(work);
  }
}

/** A statement as it is sent. */
interface Statement {
  text: string;
  /** What it is called in figures. */
  label: string;
  /** What it is prepared as; not at all without it. */
  name: string | undefined;
}

/** Gives each statement text its own prepared name: a statement composed from filters has several texts under one name. */
class StatementNames {
  private readonly byText = new Map<string, string>();
  private readonly seenOnce = new LRUCache<string, true>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: (_, sql) => sql.length,
  });

  of(label: string, text: string): Statement {
    return { text, label, name: this.byText.get(text) ?? this.newName(label, text) };
  }

  // What is sent once is not worth a place. Beyond so many, texts are sent unprepared: PostgreSQL keeps every prepared plan
  // for the life of a connection.
  private newName(label: string, text: string): string | undefined {
    if (this.byText.size >= STATEMENT_TEXTS_KEPT) return undefined;
    if (!this.seenOnce.has(text)) {
      this.seenOnce.set(text, true);
      return undefined;
    }
    const unique = `${label}#${this.byText.size}`;
    this.byText.set(text, unique);
    return unique;
  }
}

async function send<Row extends object>(
  to: pg.Pool | pg.PoolClient,
  statement: Statement,
  params: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await to.query<Row>({ ...statement, values: params as unknown[] });
  return rows;
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
