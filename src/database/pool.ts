import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { noteStatement } from '../telemetry/statements.js';
import { Exchange, parserOf } from './exchange.js';

/** How long each kind of waiting may last, in milliseconds. */
export interface Timeouts {
  /** Until a connection is there, new or from the pool. */
  connect: number;
  /** One statement, told to PostgreSQL. */
  statement: number;
  /** Waiting for one lock. */
  lock: number;
  /** A transaction that sends nothing. */
  idleInTransaction: number;
  /** One statement, as seen from here: also when PostgreSQL is frozen and tells nothing. */
  answer: number;
}

/** For requests. */
export const TIMEOUTS: Timeouts = {
  connect: 5_000,
  statement: 10_000,
  lock: 5_000,
  idleInTransaction: 15_000,
  answer: 15_000,
};

/** Time-outs of long work such as imports and migrations: one statement may take minutes. */
export const PATIENT_TIMEOUTS: Timeouts = {
  ...TIMEOUTS,
  statement: 600_000,
  lock: 60_000,
  idleInTransaction: 600_000,
  answer: 610_000,
};

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

/** Counts each statement where all of them pass: on the connection. */
class CountedClient extends pg.Client {
  // The overloads of pg's own query() all lead here; the arguments are passed on untouched.
  override query = ((...args: unknown[]) => {
    const [sent] = args;
    if (sent instanceof Exchange) for (const { label } of sent.statements) noteStatement(label);
    else noteStatement(nameOf(sent));
    return (pg.Client.prototype.query as (...given: unknown[]) => unknown).apply(this, args);
  }) as pg.Client['query'];
}

function nameOf(statement: unknown): string {
  if (typeof statement === 'string') return statement.trimStart().split(/\s/, 1)[0] ?? '';
  return (statement as { label?: string }).label ?? 'unnamed';
}

/** Options of a pool whose every wait is bounded, and that reads bigint columns as numbers (all of ours are below 2^53). */
export function poolOptions(url: string, size: number, timeouts: Timeouts): pg.PoolConfig {
  return {
    connectionString: url,
    max: size,
    Client: CountedClient,
    application_name: 'souk',
    // How much a name must look like mistyped words to be worth a closer look.
    options: '-c pg_trgm.word_similarity_threshold=0.3',
    keepAlive: true,
    connectionTimeoutMillis: timeouts.connect,
    query_timeout: timeouts.answer,
    statement_timeout: timeouts.statement,
    lock_timeout: timeouts.lock,
    idle_in_transaction_session_timeout: timeouts.idleInTransaction,
    types: {
      getTypeParser: ((oid: TypeId, format: 'text') =>
        format === 'text' ? parserOf(oid) : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  };
}

/**
 * The pool class given to TypeORM. A connection that breaks while it is lent out emits `error`, and an `error` nobody
 * listens to ends the process; listening from `connect` on, before anybody borrows it, leaves no moment without a listener.
 */
export class SafePool extends pg.Pool {
  constructor(config?: pg.PoolConfig) {
    super(config);
    this.on('connect', (client) => client.on('error', () => undefined));
  }

  // A callback that had to wait is called by whoever gives a connection back; bound, its statements still count for the
  // one who waited.
  override connect = ((callback?: ConnectCallback) => {
    const bound = callback && AsyncLocalStorage.bind(callback);
    return Reflect.apply(Reflect.get(pg.Pool.prototype, 'connect') as () => unknown, this, [bound]);
  }) as pg.Pool['connect'];
}

type ConnectCallback = (...result: unknown[]) => void;
