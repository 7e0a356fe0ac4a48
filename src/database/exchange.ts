import pg from 'pg';
import type { Statement } from './statements.js';

/** What a statement was answered. */
export interface Answer {
  rows: object[];
  /** PostgreSQL's word for what it did, such as `INSERT 0 3` or `COMMIT`. */
  tag: string;
}

/** A column of an answer, and how its text is read. */
interface Column {
  name: string;
  parse: (text: string) => unknown;
}

/** What pg calls the field of a row description. */
interface FieldDescription {
  name: string;
  dataTypeID: Parameters<typeof pg.types.getTypeParser>[0];
}

// The columns of what is prepared on a connection, by its name there: described once, and not with every answer.
const prepared = new WeakMap<pg.Connection, Map<string, readonly Column[]>>();

/**
 * Several statements that are sent in one go and answered together, in their order. When one fails, PostgreSQL skips those
 * behind it. A query in the sense of pg: `client.query(exchange)` sends it.
 */
export class Exchange implements pg.Submittable {
  /** The answers, one for each statement. Rejects with the error of the first that failed. */
  readonly answers: Promise<Answer[]>;
  /** Called once at the end; pg hangs its time-out on it. */
  callback: (error: unknown, answers?: Answer[]) => void;
  private readonly answered: Answer[] = [];
  private known: Map<string, readonly Column[]> | null = null;
  private columns: readonly Column[] = [];
  private rows: object[] = [];
  private failure: { error: unknown } | null = null;

  constructor(readonly statements: readonly Statement[]) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer[]>();
    this.answers = promise;
    this.callback = (error, answers) => (answers ? resolve(answers) : reject(error));
  }

  submit(connection: pg.Connection): void {
    this.known = prepared.get(connection) ?? new Map();
    prepared.set(connection, this.known);
    connection.stream.cork();
    for (const statement of this.statements) this.write(connection, statement, this.known);
    connection.sync();
    connection.stream.uncork();
    this.expect();
  }

  handleRowDescription({ fields }: { fields: readonly FieldDescription[] }): void {
    this.columns = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    try {
      this.rows.push(rowOf(this.columns, fields));
    } catch (error) {
      this.failure ??= { error };
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const name = this.statements[this.answered.length]?.name;
    if (name !== undefined) this.known?.set(name, this.columns);
    this.answered.push({ rows: this.rows, tag: text });
    this.expect();
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handleReadyForQuery(): void {
    if (this.failure) this.callback(this.failure.error);
    else this.callback(null, this.answered);
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  private write(connection: pg.Connection, statement: Statement, known: ReadonlyMap<string, unknown>): void {
    const { name = '', text, values } = statement;
    const isKnown = known.has(name);
    if (!isKnown) {
      // It may have been prepared before in an exchange that failed.
      if (name !== '') connection.close({ type: 'S', name }, true);
      connection.parse({ name, text, types: [] }, true);
    }
    connection.bind({ statement: name, values }, true);
    if (!isKnown) connection.describe({ type: 'P', name: '' }, true);
    connection.execute({}, true);
  }

  /** Gets ready for the answer of the next statement. */
  private expect(): void {
    const name = this.statements[this.answered.length]?.name;
    this.columns = (name !== undefined && this.known?.get(name)) || [];
    this.rows = [];
  }
}

/** How a type is read: bigint as a number (all of ours are below 2^53). */
export function parserOf(type: FieldDescription['dataTypeID']): (text: string) => unknown {
  return type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, 'text');
}

function rowOf(columns: readonly Column[], fields: readonly (string | null)[]): object {
  const row: Record<string, unknown> = {};
  let index = 0;
  for (const { name, parse } of columns) {
    const text = fields[index++];
    row[name] = text == null ? null : parse(text);
  }
  return row;
}
