import { Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getVariableValues } from 'graphql';
import { Authenticator } from '../access/authenticator.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { Planner, type Plan } from '../plans/planner.service.js';
import { answerType } from './answer-type.js';
import { OperationGate } from './operation-gate.js';
import { statementsOf } from './request-statements.js';

/**
 * Answers queries that PostgreSQL can answer whole, and passes its text through. Whatever is not plainly such a query goes on
 * to Apollo Server: other operations, other transports, every refusal and every error.
 */
@Injectable()
export class PlannedRequests {
  constructor(
    private readonly config: Config,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly authenticator: Authenticator,
    private readonly gate: OperationGate,
    private readonly planner: Planner,
    private readonly database: Database,
  ) {}

  serve(server: FastifyInstance): void {
    if (this.config.plannedQueries === 'off') return;
    server.addHook('preHandler', async (request, reply) => {
      if (request.routeOptions.url !== GRAPHQL_PATH || request.method !== 'POST' || reply.sent) return;
      await this.answer(request, reply);
    });
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const startedAt = performance.now();
    const contentType = answerType(request.headers.accept);
    if (contentType === null) return;
    const plan = await this.planOf(request);
    if (plan === null) return;
    const data = await this.dataOf(plan);
    if (data === null) return;
    const log = statementsOf(request);
    const figures = log && {
      sql: { statements: log.count, names: log.names },
      milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
    };
    void reply
      .header('content-type', contentType)
      .header('cache-control', 'no-store')
      .send(figures ? `{"data":${data},"extensions":${JSON.stringify(figures)}}\n` : `{"data":${data}}\n`);
  }

  private async planOf({ body, headers }: FastifyRequest): Promise<Plan | null> {
    if (typeof body !== 'object' || body === null || !('query' in body) || 'extensions' in body) return null;
    if (!headers['content-type']?.startsWith('application/json')) return null;
    const { schema } = this.schemaHost;
    const admitted = this.gate.admit(schema, body);
    if (!('document' in admitted)) return null;
    const { document, definition, variables } = admitted;
    const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, { maxErrors: 1 });
    if (!coerced) return null;
    const { viewer, tokenProblem } = await this.authenticator.authenticate(headers.authorization);
    if (tokenProblem) return null;
    return this.planner.plan({ schema, document, definition, variables: coerced, viewer });
  }

  private async dataOf({ sql, params }: Plan): Promise<string | null> {
    try {
      const [row] = await this.database.query<{ data: string }>('plan', sql, params);
      return row?.data ?? null;
    } catch {
      // The resolvers meet it again and tell it.
      return null;
    }
  }
}
