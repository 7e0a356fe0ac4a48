import { Injectable } from '@nestjs/common';
import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import { CloseCode, type Context, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { AccessContext } from '../access/access.decorators.js';
import { Authenticator } from '../access/authenticator.js';
import { Config } from '../config/config.js';
import { statementLog } from '../telemetry/statements.js';
import { clientAddress } from './client-address.js';
import type { ShopContext } from '../graphql/context.js';
import { ERRORS_SHOWN, formatError } from '../graphql/error-format.js';
import { executeCounted, subscribeFresh } from './event-executions.js';
import { MAX_TOKENS } from '../operations/limits.js';
import { OperationRules } from '../operations/operation-rules.js';

/** What is remembered of a socket. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  access?: AccessContext;
  expiry?: NodeJS.Timeout;
}

type Socket = Context<Record<string, unknown>, Extra & Partial<SocketExtra>>;
type Handlers = ServerOptions<Record<string, unknown>, Extra & Partial<SocketExtra>>;

const MAX_OPERATIONS_PER_SOCKET = 50;

/** What happens to the messages of a socket: the same authentication, rules and error format as over HTTP. */
@Injectable()
export class SocketOperations {
  constructor(
    private readonly config: Config,
    private readonly authenticator: Authenticator,
    private readonly rules: OperationRules,
  ) {}

  handlers(schema: GraphQLSchema): Handlers {
    return {
      schema,
      onConnect: (socket) => this.connect(socket),
      onClose: ({ extra }) => clearTimeout(extra.expiry),
      onSubscribe: (socket, _id, payload) => this.prepare(schema, socket, payload),
      onNext: (_socket, _id, _payload, _args, result) => formatResult(result),
      onError: (_socket, _id, _payload, errors) => formatErrors(errors),
      execute: executeCounted,
      subscribe: subscribeFresh,
    };
  }

  private async connect({ connectionParams, extra }: Socket): Promise<boolean> {
    const access = await this.authenticator.authenticate(authorizationOf(connectionParams));
    // Answered with 4403 and not 4401: clients of graphql-ws then come back, with a fresh token.
    if (access.tokenProblem) return false;
    extra.access = access;
    if (access.viewer) {
      const left = access.viewer.expiresAt * 1_000 - Date.now();
      extra.expiry = setTimeout(() => extra.socket.close(CloseCode.Forbidden, 'Token expired'), left);
      extra.expiry.unref();
    }
    return true;
  }

  private prepare(
    schema: GraphQLSchema,
    { extra, subscriptions }: Socket,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    try {
      if (Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
        return [refused(`At most ${MAX_OPERATIONS_PER_SOCKET} operations run on one socket.`, 'RATE_LIMITED')];
      }
      this.rules.refuseLong(payload.query);
      const document = parseDocument(payload.query);
      const problems = validate(schema, document, [...this.rules.validationRules], {
        maxErrors: ERRORS_SHOWN,
        hideSuggestions: !this.rules.introspection,
      });
      if (problems.length > 0) return problems.map((problem) => coded(problem, 'GRAPHQL_VALIDATION_FAILED'));
      const definition = getOperationAST(document, payload.operationName);
      if (!definition) return [refused('Which operation? Send its operationName.', 'OPERATION_RESOLUTION_FAILURE')];
      const variables = payload.variables ?? {};
      this.rules.check({ schema, document, definition, variables });
      const contextValue = this.contextOf(extra);
      return { schema, document, operationName: payload.operationName, variableValues: variables, contextValue };
    } catch (error) {
      return [
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error }),
      ];
    }
  }

  private contextOf({ access, request }: Socket['extra']): ShopContext {
    return {
      viewer: access?.viewer ?? null,
      tokenProblem: null,
      address: clientAddress(request, this.config.trustedProxies),
      statements: this.rules.introspection ? statementLog() : null,
      startedAt: performance.now(),
    };
  }
}

/** Browsers cannot set headers on a WebSocket: the token comes in the payload of connection_init, under the header's name. */
function authorizationOf(params: Socket['connectionParams']): string | undefined {
  const headers = params?.['headers'];
  const named = { ...(typeof headers === 'object' ? headers : {}), ...params } as Record<string, unknown>;
  const value = named['Authorization'] ?? named['authorization'];
  return typeof value === 'string' ? value : undefined;
}

function formatResult({ errors, ...result }: ExecutionResult): FormattedExecutionResult {
  return errors ? { ...result, errors: formatErrors(errors) } : result;
}

function formatErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.slice(0, ERRORS_SHOWN).map((error) => formatError(error.toJSON(), error));
}

function parseDocument(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    throw coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}

function refused(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
