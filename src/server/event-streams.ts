import type { ServerResponse } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, OperationTypeNode, type ExecutionResult } from 'graphql';
import { Authenticator } from '../access/authenticator.js';
import { Revocations } from '../access/revocations.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { formatErrors } from '../graphql/error-format.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import type { Outlet } from '../live/live-answer.js';
import { LiveHub, Membership } from '../live/live-hub.js';
import { Connections } from './connections.js';
import { drained } from './drained.js';
import { executeCounted } from './execute-counted.js';
import { OperationGate, refused, type AdmittedOperation, type OperationRequest } from './operation-gate.js';
import { statementsOf } from './request-statements.js';

const EVENT_STREAM = 'text/event-stream';
const TICK_MS = 500;
const COMMENT_EVERY_TICKS = 24;

/** One open stream. */
interface OpenStream {
  viewer: Viewer | null;
  response: ServerResponse;
}

/**
 * Operations over server-sent events, for clients behind proxies that break WebSockets: a request that accepts
 * `text/event-stream` is answered by a stream of `next` events and one `complete`. The cursor is the id of the event, so
 * that `Last-Event-ID` resumes.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections mode
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Set<OpenStream>();
  private ticking: NodeJS.Timeout | null = null;
  private ticks = 0;

  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly authenticator: Authenticator,
    private readonly revocations: Revocations,
    private readonly gate: OperationGate,
    private readonly connections: Connections,
    private readonly hub: LiveHub,
  ) {}

  /** Takes the requests for streams before the API sees them. */
  serve(server: FastifyInstance): void {
    server.addHook('preHandler', async (request, reply) => {
      if (request.routeOptions.url !== GRAPHQL_PATH || !request.headers.accept?.includes(EVENT_STREAM)) return;
      await this.answer(request, reply);
    });
    this.revocations.onChange((userId) => this.endRevoked(userId));
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  // A client comes back to the next server, and goes on behind the last event.
  onModuleDestroy(): void {
    if (this.ticking) clearInterval(this.ticking);
    for (const { response } of this.streams) response.end();
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const access = await this.authenticator.authenticate(request.headers.authorization);
    const { viewer } = access;
    const refusal =
      this.connections.refusalFrom(request.ip) ?? (viewer === null ? null : this.connections.refusalOf(viewer.id));
    if (refusal !== null) {
      await reply
        .code(429)
        .header('retry-after', '10')
        .send({ errors: formatErrors([refused(refusal, 'RATE_LIMITED')]) });
      return;
    }
    const admitted = this.gate.admit(this.schemaHost.schema, operationOf(request));
    const stream = this.open(request, reply, viewer);
    const context: ShopContext = {
      ...access,
      address: request.ip,
      statements: statementsOf(request),
      startedAt: performance.now(),
    };
    await this.run(stream, admitted, { request, context });
  }

  private open(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null): OpenStream {
    reply.hijack();
    const response = reply.raw;
    const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined) as [string, string][];
    response.writeHead(200, {
      ...Object.fromEntries(headers),
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      // Proxies such as nginx would collect the events.
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    const stream = { viewer, response };
    const closed = this.connections.opened(request.ip);
    const signedOut = viewer === null ? null : this.connections.signedIn(viewer.id);
    this.streams.add(stream);
    response.once('close', () => {
      this.streams.delete(stream);
      closed();
      signedOut?.();
    });
    return stream;
  }

  private async run(
    { response }: OpenStream,
    admitted: AdmittedOperation | readonly GraphQLError[],
    { request, context }: { request: FastifyRequest; context: ShopContext },
  ): Promise<void> {
    const finish = (result: ExecutionResult): void =>
      void response.end(`${nextEvent(result)}event: complete\ndata:\n\n`);
    if (!('document' in admitted)) return finish({ errors: admitted });
    const { document, definition, operationName, variables } = admitted;
    const schema = this.schemaHost.schema;
    if (definition.operation === OperationTypeNode.MUTATION && request.method === 'GET') {
      return finish({ errors: [refused('Mutations are sent by POST.', 'BAD_REQUEST')] });
    }
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) {
      const args = { schema, document, operationName, variableValues: variables, contextValue: context };
      return finish(await executeCounted(args));
    }
    const last = request.headers['last-event-id'];
    const query = { schema, ...admitted, context, after: typeof last === 'string' && last !== '' ? last : null };
    const joined = await this.hub.join(query, outletOf(response, finish));
    if (!(joined instanceof Membership)) return finish(joined);
    response.once('close', () => joined.leave());
    if (response.closed) joined.leave();
    else joined.begin();
  }

  private tick(): void {
    this.ticks += 1;
    const now = Date.now() / 1_000;
    for (const { viewer, response } of this.streams) {
      if (viewer && viewer.expiresAt <= now) response.end();
      // Keeps proxies from closing a stream on which nothing happens, and finds out who has gone.
      else if (this.ticks % COMMENT_EVERY_TICKS === 0) response.write(':\n\n');
    }
  }

  private endRevoked(userId: string): void {
    for (const { viewer, response } of this.streams) {
      if (viewer?.id === userId && !this.revocations.holds(viewer)) response.end();
    }
  }
}

function outletOf(response: ServerResponse, finish: (result: ExecutionResult) => void): Outlet {
  return {
    send: (answer) => void response.write(answer.streamPart),
    get unsent() {
      return response.writableLength;
    },
    drained: (milliseconds) => drained(response, milliseconds),
    fail: (error) => finish({ errors: [new GraphQLError('', { originalError: error as Error })] }),
    giveUp: () => void response.destroy(),
  };
}

function nextEvent({ errors, ...result }: ExecutionResult): string {
  const formatted = errors ? { ...result, errors: formatErrors(errors) } : result;
  return `event: next\ndata: ${JSON.stringify(formatted)}\n\n`;
}

/** By POST in the body, by GET in the address, where variables are JSON. */
function operationOf({ method, body, query }: FastifyRequest): OperationRequest {
  if (method !== 'GET') return (body ?? {}) as OperationRequest;
  const { variables, ...named } = query as Record<string, string | undefined>;
  return { ...named, variables: variables === undefined ? undefined : parsed(variables) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
