import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { formatError } from '../graphql/error-format.js';
import type { OperationRules } from '../operations/operation-rules.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';

/**
 * Answers requests with a document that is too long before Apollo Server sees them:
 * it parses before any of its hooks may refuse, and keeps the text of what it has parsed.
 */
export function refuseLongDocuments(server: FastifyInstance, rules: OperationRules): void {
  server.addHook('preHandler', (request, reply, done) => {
    // The route and not the address: `/%67raphql` leads there too.
    if (request.routeOptions.url !== GRAPHQL_PATH) return done();
    try {
      rules.refuseLong(documentOf(request));
      return done();
    } catch (cause) {
      const error = new GraphQLError('', { originalError: cause instanceof Error ? cause : null });
      return reply.send({ errors: [formatError(error.toJSON(), error)] });
    }
  });
}

function documentOf({ body, query }: FastifyRequest): unknown {
  return (body as { query?: unknown } | null | undefined)?.query ?? (query as { query?: unknown }).query;
}
