import type { ServerResponse } from 'node:http';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
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
import { OperationGate, refused, type AdmittedOperation, type OperationRequest } from './operation-gate.js';
import { statementsOf } from './request-statements.js';

const EVENT_STREAM = 'text/event-stream';
const TICK_MS = 500;
const COMMENT_EVERY_TICKS = 24;
const CLOSE_WAIT_MS = 1_000;
const RETRY_SECONDS = 10;
/** So many times between two comments nothing was taken: nobody is there. */
const MOST_STUCK = 3;

/** One open stream. */
interface OpenStream {
  viewer: Viewer | null;
  response: ServerResponse;
  membership: Membership | null;
  /** Bytes that were taken up to the last look. */
  taken: number;
  /** How many looks in a row have found that nothing was taken of what there was. */
  stuck: number;
}

/**
 * Operations over server-sent events, for clients behind proxies that break WebSockets: a request that accepts
 * `text/event-stream` is answered by a stream of `next` events and one `complete`. The cursor is the id of the event, so
 * that `Last-Event-ID` resumes.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md, distinct connections mode
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly logger = new Logger(EventStreams.name);
  private readonly streams = new Set<OpenStream>();
  private ticking: NodeJS.Timeout | null = null;
  private ticks = 0;
  private isClosing = false;

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
  async onModuleDestroy(): Promise<void> {
    if (this.ticking) clearInterval(this.ticking);
    this.isClosing = true;
    const open = [...this.streams];
    const closed = open.map(({ response }) => new Promise<void>((resolve) => response.once('close', resolve)));
    for (const stream of open) end(stream);
    // A client that does not read must not hold the shutdown up.
    const late = setTimeout(() => open.forEach(({ response }) => response.destroy()), CLOSE_WAIT_MS);
    await Promise.all(closed);
    clearTimeout(late);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const access = await this.authenticator.authenticate(request.headers.authorization);
    const { viewer } = access;
    const refusal = this.refusalOf(request, viewer);
    if (refusal) {
      if (refusal.status !== 415) reply.header('retry-after', RETRY_SECONDS);
      await reply.code(refusal.status).send({ errors: formatErrors([refusal.error]) });
      return;
    }
    // Gone already: there is nobody to answer, and nothing that would tell of the end.
    if (reply.raw.closed) {
      reply.hijack();
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

  private refusalOf(
    { ip, method, headers }: FastifyRequest,
    viewer: Viewer | null,
  ): { status: number; error: GraphQLError } | null {
    // Other types a page of anybody may send from its visitor's browser without being asked for CORS.
    if (method !== 'GET' && !headers['content-type']?.startsWith('application/json')) {
      return { status: 415, error: refused('Send the operation as application/json.', 'BAD_REQUEST') };
    }
    if (this.isClosing) return { status: 503, error: refused('The server is being restarted.', 'UNAVAILABLE') };
    const tooMany = this.connections.refusalFrom(ip) ?? (viewer && this.connections.refusalOf(viewer.id));
    return tooMany === null ? null : { status: 429, error: refused(tooMany, 'RATE_LIMITED') };
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
    const stream: OpenStream = { viewer, response, membership: null, taken: 0, stuck: 0 };
    const closed = this.connections.opened(request.ip);
    const signedOut = viewer === null ? null : this.connections.signedIn(viewer.id);
    this.streams.add(stream);
    response.on('error', (error) => this.logger.debug(`stream: ${error.message}`));
    response.once('close', () => {
      stream.membership?.leave();
      this.streams.delete(stream);
      closed();
      signedOut?.();
    });
    return stream;
  }

  private async run(
    stream: OpenStream,
    admitted: AdmittedOperation | readonly GraphQLError[],
    { request, context }: { request: FastifyRequest; context: ShopContext },
  ): Promise<void> {
    const finish = (result: ExecutionResult): void => end(stream, `${nextEvent(result)}event: complete\ndata:\n\n`);
    if (!('document' in admitted)) return finish({ errors: admitted });
    const { document, definition, operationName, variables } = admitted;
    const schema = this.schemaHost.schema;
    if (definition.operation === OperationTypeNode.MUTATION && request.method === 'GET') {
      return finish({ errors: [refused('Mutations are sent by POST.', 'BAD_REQUEST')] });
    }
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) {
      const args = { schema, document, operationName, variableValues: variables, contextValue: context };
      return finish(await this.gate.execute(args));
    }
    const last = request.headers['last-event-id'];
    const query = { schema, ...admitted, context, after: typeof last === 'string' && last !== '' ? last : null };
    const joined = await this.hub.join(query, outletOf(stream.response, finish));
    if (!(joined instanceof Membership)) return finish(joined);
    stream.membership = joined;
    if (stream.response.writableEnded || stream.response.closed) {
      joined.leave();
      return;
    }
    stream.response.write(this.placeOf(joined));
    joined.begin();
  }

  /** An id without an event: a browser that comes back goes on from there, also when nothing was for it so far. */
  private placeOf({ told }: Membership): string {
    return `id: ${this.hub.cursorAt(told)}\n\n`;
  }

  private tick(): void {
    this.ticks += 1;
    const now = Date.now() / 1_000;
    for (const stream of this.streams) {
      const { viewer } = stream;
      if (viewer && (viewer.expiresAt <= now || !this.revocations.holds(viewer))) end(stream);
      if (this.ticks % COMMENT_EVERY_TICKS === 0) this.look(stream);
    }
  }

  private look(stream: OpenStream): void {
    const { response, membership } = stream;
    const unsent = response.socket?.writableLength ?? 0;
    const taken = (response.socket?.bytesWritten ?? 0) - unsent;
    stream.stuck = unsent > 0 && taken === stream.taken ? stream.stuck + 1 : 0;
    stream.taken = taken;
    if (stream.stuck >= MOST_STUCK) response.destroy();
    // Keeps proxies from closing a stream on which nothing happens, and finds out who has gone.
    else if (!response.writableEnded) response.write(membership ? this.placeOf(membership) : ':\n\n');
  }

  private endRevoked(userId: string): void {
    for (const stream of this.streams) {
      const { viewer } = stream;
      if (viewer?.id === userId && !this.revocations.holds(viewer)) end(stream);
    }
  }
}

/** Sends the last words of a stream, if any. Nothing may be written behind them, also while a slow client still reads. */
function end({ response, membership }: OpenStream, last = ''): void {
  membership?.leave();
  if (!response.writableEnded) response.end(last);
}

function outletOf(response: ServerResponse, finish: (result: ExecutionResult) => void): Outlet {
  return {
    send: (answer) => {
      if (!response.writableEnded) response.write(answer.streamPart);
    },
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
  if (method !== 'GET') return body ?? {};
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
