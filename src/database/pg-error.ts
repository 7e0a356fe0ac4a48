import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';

interface PgFields {
  code?: string;
  constraint?: string;
}

/** The fields of PostgreSQL's error report, whether the error came from pg or through TypeORM. */
function fieldsOf(error: unknown): PgFields {
  if (error instanceof QueryFailedError) return error.driverError;
  return typeof error === 'object' && error !== null ? error : {};
}

/** Name of the constraint that refused a row, or `null` when the error is of another kind. */
export function violatedConstraint(error: unknown): string | null {
  const { code, constraint } = fieldsOf(error);
  return code?.startsWith('23') && constraint ? constraint : null;
}

/** Whether the transaction lost against another one and may simply be run again: deadlock or serialization failure. */
export function isRetryable(error: unknown): boolean {
  const { code } = fieldsOf(error);
  return code === '40P01' || code === '40001';
}

// ENOENT: the socket of a server that has stopped.
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// Connection exceptions, too many connections, shutdown and start-up of the server, statement or lock time-out.
const UNREACHABLE_STATES = /^(08...|53300|57P0[1-4]|57014|55P03)$/;
const SQL_STATE = /^[0-9A-Z]{5}$/;
// Connection exceptions, wrong passwords, time-outs of idle sessions and transactions, too many connections, shutdown.
const SESSION_ENDS = /^(08...|28...|25P0[34]|53300|57P0.)$/;
// node-postgres has no codes for these.
const UNREACHABLE_MESSAGES =
  /^(Connection terminated|timeout e|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** Whether a statement took longer than it may, by PostgreSQL or as seen from here. */
export function isTimeout(error: unknown): boolean {
  const { code } = fieldsOf(error);
  return code === '57014' || (error instanceof Error && error.message === 'Query read timeout');
}

/** Whether the connection broke under the statement, or had been broken when it was lent out. */
export function isDisconnected(error: unknown): boolean {
  const { code } = fieldsOf(error);
  if (code !== undefined) return code === 'ECONNRESET' || code === 'EPIPE' || code === '57P01';
  return error instanceof Error && error.message.startsWith('Connection terminated unexpectedly');
}

// Division by zero.
const GUARD_FAILED = '22012';

/** SQL of a number that cannot be had unless the condition is true: then the statement, and its transaction, fails. */
export function insistOn(condition: string): string {
  return `1 / (${condition})::integer`;
}

/** Whether something that a statement has insisted on was not true. */
export function isInsistence(error: unknown): boolean {
  return fieldsOf(error).code === GUARD_FAILED;
}

/** Whether the connection is still good: PostgreSQL has refused the statement, and not the session. */
export function isSurvived(error: unknown): boolean {
  const { code } = fieldsOf(error);
  return code !== undefined && SQL_STATE.test(code) && !SESSION_ENDS.test(code);
}

/** Whether PostgreSQL could not be reached or did not answer in time, as opposed to having refused the statement. */
export function isUnreachable(error: unknown): boolean {
  const { code } = fieldsOf(error);
  if (code !== undefined) return UNREACHABLE_CODES.has(code) || UNREACHABLE_STATES.test(code);
  // TypeORM gives a connection back by itself when it breaks, and then says only this.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  return error instanceof Error && UNREACHABLE_MESSAGES.test(error.message);
}
