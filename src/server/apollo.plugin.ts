import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { ERRORS_SHOWN } from '../graphql/error-format.js';
import type { ShopContext } from '../graphql/context.js';
import type { KeptAnswers } from '../answers/kept-answers.js';
import type { OperationRules } from '../operations/operation-rules.js';
import { refused } from './operation-gate.js';

/** Fits Apollo Server to this shop: limits before execution, standard status codes, figures for developers. */
export function shopPlugin(rules: OperationRules, answers: KeptAnswers): ApolloServerPlugin<ShopContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request: { variables } }) {
          if (operation) rules.check({ schema, document, definition: operation, variables: variables ?? {} });
          if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
            throw refused(
              'Subscriptions are answered over WebSocket, or to who accepts text/event-stream.',
              'BAD_REQUEST',
            );
          }
        },
        async willSendResponse(requestContext) {
          // Whoever has changed something reads it from then on, from every process.
          if (requestContext.operation?.operation === OperationTypeNode.MUTATION) await answers.settled();
          shortenErrors(requestContext);
          setStatus(requestContext);
          requestContext.response.http.headers.set('cache-control', 'no-store');
          addFigures(requestContext);
        },
      };
    },
  };
}

type Responding = GraphQLRequestContextWillSendResponse<ShopContext>;

function shortenErrors({ response: { body } }: Responding): void {
  if (body.kind !== 'single' || !body.singleResult.errors) return;
  body.singleResult.errors = body.singleResult.errors.slice(0, ERRORS_SHOWN);
}

/**
 * A well-formed answer is 200 for `application/json`; `application/graphql-response+json` tells a refused request by 4xx.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes
 */
function setStatus({ request, response }: Responding): void {
  const { body, http } = response;
  if (body.kind !== 'single' || body.singleResult.data !== undefined || http.status === 405) return;
  const modern = request.http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false;
  const internal = body.singleResult.errors?.some((error) => error.extensions?.['code'] === 'INTERNAL_SERVER_ERROR');
  http.status = internal ? 500 : modern ? 400 : 200;
}

function addFigures({ contextValue, response: { body } }: Responding): void {
  const { statements, startedAt } = contextValue;
  if (!statements || body.kind !== 'single') return;
  const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
  body.singleResult.extensions = {
    ...body.singleResult.extensions,
    sql: { statements: statements.count, names: statements.names },
    milliseconds,
  };
}
