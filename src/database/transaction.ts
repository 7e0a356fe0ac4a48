import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { Db } from './db.js';
import { Exchange, type Answer } from './exchange.js';
import { isSurvived } from './pg-error.js';
import type { Statement, Statements } from './statements.js';

/** A statement that waits to be sent, and who waits for its answer. */
interface Waiting {
  statement: Statement;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

const BEGIN = 'START TRANSACTION';
const nobody = (): void => undefined;

/**
 * Statements of one transaction, on one connection. What is asked for at the same time (before anything is awaited, as in
 * `Promise.all`) is sent in one go and done in that order; the first go begins the transaction, the last one ends it.
 */
export class Transaction implements Db {
  readonly committed: (() => void)[] = [];
  private waiting: Waiting[] = [];
  private underWay: Promise<void> | null = null;
  private begun = false;
  private over = false;
  private ending: Promise<void> | null = null;
  private broken: { error: unknown } | null = null;
  private entities: EntityManager | null = null;

  constructor(
    private readonly client: pg.PoolClient,
    private readonly statements: Statements,
    private readonly makeManager: (transaction: Transaction) => EntityManager,
  ) {}

  get manager(): EntityManager {
    return (this.entities ??= this.makeManager(this));
  }

  async query<Row extends object>(name: string, sql: string, params: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.send(this.statements.of(name, sql, params));
    return rows as Row[];
  }

  queue(name: string, sql: string, params: readonly unknown[] = []): void {
    // What is sent with it fails with it.
    this.enqueue({ statement: this.statements.of(name, sql, params), resolve: nobody, reject: nobody });
  }

  afterCommit(work: () => void): void {
    this.committed.push(work);
  }

  /** The same as `query`, with the whole answer and a text that is not prepared. */
  raw(label: string, text: string, params: readonly unknown[] = []): Promise<Answer> {
    return this.send({ ...this.statements.of(label, text, params), name: undefined });
  }

  end(): Promise<void> {
    this.ending ??= this.commitOnce();
    return this.ending;
  }

  /** Ends the transaction. @throws Error when a statement had failed, whoever has caught that; then nothing was changed */
  async commit(): Promise<void> {
    if (this.begun) await this.end();
  }

  private async commitOnce(): Promise<void> {
    const end = this.send(this.statements.of('COMMIT', 'COMMIT', []));
    this.over = true;
    const { tag } = await end;
    if (tag !== 'COMMIT') throw new Error('A transaction was to be committed in which a statement had failed.');
  }

  /** Undoes what was done, if anything was, and gives the connection back as far as it can still be used. */
  async rollback(): Promise<void> {
    // Nobody waits for these any more; on a connection that others get next they would be changes of their own.
    const left = this.waiting.splice(0);
    this.over = true;
    await this.underWay;
    if (!this.begun || this.broken || left.some(({ statement }) => statement.text === BEGIN)) return;
    await this.exchange([
      { statement: this.statements.of('ROLLBACK', 'ROLLBACK', []), resolve: nobody, reject: nobody },
    ]);
  }

  /** Gives the connection back to the pool, or ends it when it cannot be used any more. */
  release(): void {
    if (this.broken) this.client.release(this.broken.error instanceof Error ? this.broken.error : true);
    else this.client.release();
  }

  private send(statement: Statement): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.enqueue({ statement, resolve, reject });
      this.underWay ??= this.flush();
    });
  }

  private enqueue(waiting: Waiting): void {
    if (this.over) throw new Error('The transaction is over.');
    if (!this.begun) {
      this.begun = true;
      this.waiting.push({ statement: this.statements.of('START', BEGIN, []), resolve: nobody, reject: nobody });
    }
    this.waiting.push(waiting);
  }

  /** Sends what somebody waits for, with all that stands before it, until nothing is left. Never rejects. */
  private async flush(): Promise<void> {
    for (;;) {
      // Whatever follows from the last answers without waiting for others is asked for by then.
      await new Promise((resolve) => process.nextTick(resolve));
      if (this.waiting.every(({ resolve }) => resolve === nobody)) break;
      await this.exchange(this.waiting.splice(0));
    }
    this.underWay = null;
  }

  private async exchange(all: readonly Waiting[]): Promise<void> {
    try {
      const exchange = new Exchange(all.map(({ statement }) => statement));
      this.client.query(exchange);
      const answers = await exchange.answers;
      for (const [index, answer] of answers.entries()) all[index]?.resolve(answer);
    } catch (error) {
      if (!isSurvived(error)) this.broken ??= { error };
      for (const { reject } of all) reject(error);
    }
  }
}
