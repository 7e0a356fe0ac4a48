import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Transaction } from './transaction.js';

/** What TypeORM's runner of queries needs of a connection. */
interface Connection {
  query(text: string, params?: readonly unknown[]): Promise<{ rows: object[]; rowCount: number; command: string }>;
}

/** TypeORM on the connection of a transaction, which it neither begins nor ends. */
export function managerOf(source: DataSource, transaction: Transaction): EntityManager {
  const runner = source.createQueryRunner();
  const connection: Connection = {
    async query(text, params) {
      const { rows, tag } = await transaction.raw('typeorm', text, params);
      const [command = '', ...counts] = tag.split(' ');
      return { rows, rowCount: Number(counts.at(-1) ?? 0), command };
    },
  };
  // Fields that its types keep to itself: it takes the connection as its own, in the middle of a transaction.
  const state = { databaseConnection: connection, isTransactionActive: true, transactionDepth: 1 };
  return source.createEntityManager(Object.assign<QueryRunner, object>(runner, state));
}
