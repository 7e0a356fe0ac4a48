import type { EntityManager } from 'typeorm';

/** Anything that answers SQL: the pool for reads, a transaction for writes. */
export interface Db {
  /**
   * Sends one statement, prepared under its name on each connection, and answers its rows in the statement's order.
   * @param name `room.method`, for example `products.byIds`
   * @throws Unavailable when PostgreSQL cannot be reached or does not answer in time
   */
  query<Row extends object>(name: string, sql: string, params?: readonly unknown[]): Promise<Row[]>;
}

declare const transactional: unique symbol;

/**
 * A running transaction. Statements that are asked for at once, as in `Promise.all`, take one round trip and are done in the
 * order in which they were asked for; when one fails those behind it are not done. Only `Database.transaction` makes one, so a write outside
 * of a transaction does not compile.
 */
export interface Tx extends Db {
  readonly [transactional]: true;
  /**
   * Sends a statement together with the next one, or with the end of the transaction. For what nobody needs an answer of:
   * when it fails, what is sent with it fails with its error, and the transaction is undone.
   */
  queue(name: string, sql: string, params?: readonly unknown[]): void;
  /**
   * Commits together with the statements that are asked for at the same time, as in `Promise.all`: when one of them fails,
   * nothing has happened. Nothing may be asked for afterwards, and nothing may go wrong any more.
   */
  end(): Promise<void>;
  /** TypeORM on the same connection, for plain inserts and updates of entities. */
  readonly manager: EntityManager;
  /** Runs once after this transaction has committed, in the order of registration; never when it rolls back. Must not throw. */
  afterCommit(work: () => void): void;
}
