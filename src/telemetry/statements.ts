import { AsyncLocalStorage } from 'node:async_hooks';

/** The SQL statements that one piece of work sent, BEGIN and COMMIT among them. */
export interface StatementLog {
  count: number;
  /** Name of each prepared statement, or the first word of an unnamed one, in order; the first 100. */
  names: string[];
}

const running = new AsyncLocalStorage<StatementLog>();
const NAMES_KEPT = 100;

/** Runs the work and counts the statements that it sends, also from nested asynchronous calls. */
export function countingStatements<T>(log: StatementLog, work: () => T): T {
  return running.run(log, work);
}

/** Runs the work without counting: it is not part of what started it. */
export function uncounted<T>(work: () => T): T {
  return running.exit(work);
}

/** An empty log. */
export function statementLog(): StatementLog {
  return { count: 0, names: [] };
}

/** Called by the pool for each statement; does nothing outside of `countingStatements`. */
export function noteStatement(name: string): void {
  const log = running.getStore();
  if (!log) return;
  log.count += 1;
  if (log.names.length < NAMES_KEPT) log.names.push(name);
}
