import { Injectable } from '@nestjs/common';
import {
  GraphQLError,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { Authenticator } from '../access/authenticator.js';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import { formatErrors } from '../graphql/error-format.js';
import { LiveHub, Membership } from '../live/live-hub.js';
import { OperationRules } from '../operations/operation-rules.js';
import { statementLog } from '../telemetry/statements.js';
import { clientAddress } from './client-address.js';
import { Connections } from './connections.js';
import { LiveOperation, SocketClose, type LiveSocket } from './live-socket.js';
import { OperationGate, refused, type AdmittedOperation } from './operation-gate.js';

/** What is remembered of a socket. */
export interface SocketExtra extends Record<PropertyKey, unknown> {
  live: LiveSocket;
}

type Socket = Context<Record<string, unknown>, SocketExtra>;
type Handlers = ServerOptions<Record<string, unknown>, SocketExtra>;

/** Everything about one operation of a socket; graphql-ws hands it from one handler to the next. */
interface SocketExecution extends ExecutionArgs {
  live: LiveSocket;
  id: string;
  admitted: AdmittedOperation;
  contextValue: ShopContext;
}

const LONGEST_ID = 128;

/** What happens to the messages of a socket: the same authentication, rules and error format as over HTTP. */
@Injectable()
export class SocketOperations {
  constructor(
    private readonly config: Config,
    private readonly authenticator: Authenticator,
    private readonly rules: OperationRules,
    private readonly gate: OperationGate,
    private readonly connections: Connections,
    private readonly hub: LiveHub,
  ) {}

  handlers(schema: GraphQLSchema): Handlers {
    return {
      schema,
      onConnect: (socket) => this.connect(socket),
      onSubscribe: (socket, id, payload) => this.prepare(schema, socket, id, payload),
      onNext: (_socket, _id, _payload, _args, result) => formatResult(result),
      onError: (_socket, _id, _payload, errors) => formatErrors(errors),
      onComplete: ({ extra: { live } }, id) => void live.underWay.delete(id),
      execute: (args: ExecutionArgs) => this.gate.execute(args),
      subscribe: (args: ExecutionArgs) => this.subscribe(schema, args as SocketExecution),
    };
  }

  private async connect({ connectionParams, extra: { live } }: Socket): Promise<boolean> {
    const access = await this.authenticator.authenticate(authorizationOf(connectionParams));
    // Answered with 4403 and not 4401: clients of graphql-ws then come back, with a fresh token.
    if (access.tokenProblem) return false;
    const { viewer } = access;
    if (viewer) {
      const refusal = this.connections.refusalOf(viewer.id);
      if (refusal !== null) {
        live.close(SocketClose.tryLater, refusal);
        return false;
      }
      live.whenClosed(this.connections.signedIn(viewer.id));
    }
    live.access = access;
    return true;
  }

  private prepare(
    schema: GraphQLSchema,
    { extra: { live } }: Socket,
    id: string,
    payload: SubscribePayload,
  ): SocketExecution | readonly GraphQLError[] {
    const most = this.config.subscriptionsPerSocket;
    if (live.underWay.size >= most) {
      return [refused(`At most ${most} operations run on one socket.`, 'RATE_LIMITED')];
    }
    if (id.length > LONGEST_ID) {
      return [refused(`Ids of operations have at most ${LONGEST_ID} characters.`, 'BAD_REQUEST')];
    }
    // A client may have completed it, but it has not ended: its answer would be taken for the answer to this one.
    if (live.underWay.has(id)) return [refused('An operation with this id is still under way.', 'BAD_REQUEST')];
    const admitted = this.gate.admit(schema, payload);
    if (!('document' in admitted)) return admitted;
    live.underWay.add(id);
    const { document, operationName, variables: variableValues } = admitted;
    return { schema, document, operationName, variableValues, live, id, admitted, contextValue: this.contextOf(live) };
  }

  private async subscribe(
    schema: GraphQLSchema,
    { live, id, admitted, contextValue }: SocketExecution,
  ): Promise<LiveOperation | ExecutionResult> {
    const operation = new LiveOperation();
    const query = { schema, ...admitted, context: contextValue };
    const joined = await this.hub.join(query, live.outlet(id, operation.fail));
    return joined instanceof Membership ? operation.follows(joined) : joined;
  }

  private contextOf(live: LiveSocket): ShopContext {
    return {
      viewer: live.access?.viewer ?? null,
      tokenProblem: null,
      address: this.addressOf(live),
      statements: this.rules.introspection ? statementLog() : null,
      startedAt: performance.now(),
    };
  }

  private addressOf({ request }: LiveSocket): string {
    return clientAddress(request, this.config.trustedProxies);
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
