import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer, type Server as ProtocolServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { Revocations } from '../access/revocations.js';
import { Config } from '../config/config.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { clientAddress } from './client-address.js';
import { Connections } from './connections.js';
import { LiveSocket, SocketClose } from './live-socket.js';
import { MessageAllowance } from './message-allowance.js';
import { SocketOperations, type SocketExtra } from './socket-operations.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
const INIT_WAIT_MS = 10_000;
const CLOSE_WAIT_MS = 1_000;
const TICK_MS = 500;
/** Sockets are pinged every twelve seconds, not all in the same tick. */
const PING_EVERY_TICKS = 24;
/** A ping waits behind what a slow client has not read, and such a client has 30 seconds. */
const PINGS = { most: 1, mostWhenSlow: 3 };
/** From a client who does not read so much, nothing more is taken. */
const HIGH_BYTES = 256 * 1024;
const PATIENCE_MS = 30_000;

/**
 * Subscriptions (and queries) over WebSocket on the path of the API, by the `graphql-transport-ws` protocol.
 * An own server and not Nest's: that one has no limits, skips validation rules and error masking, and keeps loaders for ever.
 */
@Injectable()
export class SocketGateway implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SocketGateway.name);
  private readonly server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // What one message begins or ends is done before the next one is looked at.
    allowSynchronousEvents: false,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  private readonly sockets = new Set<LiveSocket>();
  private protocol: ProtocolServer<SocketExtra> | null = null;
  private opened = 0;
  private ticks = 0;
  private ticking: NodeJS.Timeout | null = null;
  private stopWatching: () => void = () => undefined;

  constructor(
    private readonly config: Config,
    private readonly http: HttpAdapterHost,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly operations: SocketOperations,
    private readonly connections: Connections,
    private readonly revocations: Revocations,
  ) {}

  onApplicationBootstrap(): void {
    this.protocol = makeServer<Record<string, unknown>, SocketExtra>({
      ...this.operations.handlers(this.schemaHost.schema),
      connectionInitWaitTimeout: INIT_WAIT_MS,
    });
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.stopWatching = this.revocations.onChange((userId) => this.closeRevoked(userId));
    this.ticking = setInterval(() => this.tick(), TICK_MS);
  }

  // This early because the HTTP server, which Nest's own GraphQL module closes next, waits for all of its connections.
  async onModuleDestroy(): Promise<void> {
    this.protocol = null;
    this.stopWatching();
    if (this.ticking) clearInterval(this.ticking);
    const closed = [...this.sockets].map((socket) => new Promise<void>((resolve) => socket.whenClosed(resolve)));
    for (const socket of this.sockets) socket.close(SocketClose.restart, 'Service Restart');
    // A peer that never answers the close frame must not hold the shutdown up.
    const late = setTimeout(() => this.sockets.forEach(({ socket }) => socket.terminate()), CLOSE_WAIT_MS);
    await Promise.all(closed);
    clearTimeout(late);
  }

  private upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void {
    wire.on('error', (error) => this.logger.debug(`socket: ${error.message}`));
    const refusal = this.refusalOf(request);
    if (refusal) {
      // Else a client that leaves its half open would keep the connection for ever.
      wire.once('finish', () => wire.destroy());
      wire.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.server.handleUpgrade(request, wire, head, (socket) => this.open(socket, request, wire));
  }

  private refusalOf(request: IncomingMessage): string | null {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== GRAPHQL_PATH) return '404 Not Found';
    if (!this.protocol) return '503 Service Unavailable';
    if (!this.mayConnectFrom(request)) return '403 Forbidden';
    return null;
  }

  // Browsers do not apply CORS to WebSockets: without this check any page could open one from its visitor's browser.
  private mayConnectFrom(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    if (origin === undefined || this.config.corsOrigins === '*') return true;
    if (URL.canParse(origin) && new URL(origin).host === host) return true;
    return this.config.corsOrigins.split(',').includes(origin);
  }

  private open(socket: WebSocket, request: IncomingMessage, wire: Duplex): void {
    socket.on('error', (error) => this.logger.debug(`socket: ${error.message}`));
    const address = clientAddress(request, this.config.trustedProxies);
    const refusal = this.connections.refusalFrom(address);
    if (refusal) {
      this.refuse(socket, refusal);
      return;
    }
    const allowance = new MessageAllowance(this.config.socketMessagesPerSecond);
    const live = new LiveSocket((this.opened += 1), socket, request, allowance, wire);
    live.whenClosed(this.connections.opened(address));
    this.sockets.add(live);
    // One for each slow live query, and some of the library.
    wire.setMaxListeners(0);
    socket.on('pong', () => (live.unansweredPings = 0));
    this.speak(live);
  }

  // After the handshake, because before it there is no code that a browser would show to a program.
  private refuse(socket: WebSocket, reason: string): void {
    this.connections.closedWith(SocketClose.tryLater);
    socket.close(SocketClose.tryLater, reason);
    setTimeout(() => socket.terminate(), CLOSE_WAIT_MS).unref();
  }

  /** Connects a socket with the protocol. */
  private speak(live: LiveSocket): void {
    const { socket } = live;
    const gone = this.protocol?.opened(
      {
        protocol: socket.protocol,
        send: (data) => new Promise((resolve) => socket.send(data, () => resolve())),
        close: (code, reason) => live.close(code ?? SocketClose.internal, reason ?? ''),
        onMessage: (take) => socket.on('message', (data: Buffer) => void this.receive(live, data, take)),
      },
      { live },
    );
    socket.once('close', (code, reason) => {
      this.sockets.delete(live);
      this.connections.closedWith(live.closeCode ?? code);
      live.closed();
      void gone?.(code, reason.toString());
    });
  }

  private async receive(live: LiveSocket, data: Buffer, take: (message: string) => Promise<void>): Promise<void> {
    // Who is being closed, perhaps because the token was revoked, may still send.
    if (live.socket.readyState !== live.socket.OPEN) return;
    if (!live.allowance.take()) {
      live.close(SocketClose.policy, 'Too many messages');
      return;
    }
    if (live.unsent > HIGH_BYTES) live.hold(PATIENCE_MS);
    try {
      await take(data.toString());
    } catch (error) {
      this.logger.error(error);
      live.close(SocketClose.internal, 'Internal server error');
    }
  }

  private tick(): void {
    this.ticks += 1;
    const now = Date.now() / 1_000;
    for (const live of this.sockets) {
      const { viewer } = live.access ?? {};
      if (viewer && viewer.expiresAt <= now) live.close(SocketClose.forbidden, 'Token expired');
      // Closed at once when it is told; this is for what was told while the socket was greeted.
      else if (viewer && !this.revocations.holds(viewer)) live.close(SocketClose.forbidden, 'Token revoked');
      if ((this.ticks + live.number) % PING_EVERY_TICKS === 0) this.ping(live);
    }
  }

  private ping(live: LiveSocket): void {
    if (live.unansweredPings >= (live.unsent > 0 ? PINGS.mostWhenSlow : PINGS.most)) {
      live.socket.terminate();
      return;
    }
    live.unansweredPings += 1;
    live.socket.ping();
  }

  private closeRevoked(userId: string): void {
    for (const live of this.sockets) {
      const { viewer } = live.access ?? {};
      if (viewer?.id === userId && !this.revocations.holds(viewer)) live.close(SocketClose.forbidden, 'Token revoked');
    }
  }
}
