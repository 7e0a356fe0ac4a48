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

/** A running transaction. Only `Database.transaction` makes one, so a write outside of a transaction does not compile. */
export interface Tx extends Db {
  readonly [transactional]: true;
  /** TypeORM on the same connection, for plain inserts and updates of entities. */
  readonly manager: EntityManager;
  /** Runs once after this transaction has committed, in the order of registration; never when it rolls back. Must not throw. */
  afterCommit(work: () => void): void;
}
