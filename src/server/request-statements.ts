import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countingStatements, statementLog, type StatementLog } from '../telemetry/statements.js';

const logs = new WeakMap<FastifyRequest, StatementLog>();

/** Counts the SQL statements of every request from here on; for development and tests. */
export function countRequestStatements(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const log = statementLog();
    logs.set(request, log);
    // Everything that follows in this request runs inside the callback.
    countingStatements(log, done);
  });
}

/** The log of a request, `null` when statements are not counted. */
export function statementsOf(request: FastifyRequest): StatementLog | null {
  return logs.get(request) ?? null;
}
