import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { useServer } from 'graphql-ws/use/ws';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { Config } from '../config/config.js';
import { networkOf } from '../access/client-network.js';
import { clientAddress } from './client-address.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { SocketOperations, type SocketExtra } from './socket-operations.js';

const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_SOCKETS = 10_000;
const MAX_SOCKETS_PER_ADDRESS = 200;
const PING_EVERY_MS = 12_000;
const INIT_WAIT_MS = 10_000;

/** Close code at shutdown: clients of graphql-ws come back. @see RFC 6455 section 7.4.1 */
const RESTARTING = 1012;

/**
 * Subscriptions (and queries) over WebSocket on the path of the API, by the `graphql-transport-ws` protocol.
 * An own server and not Nest's: that one has no limits, skips validation rules and error masking, and keeps loaders for ever.
 */
@Injectable()
export class SocketGateway implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SocketGateway.name);
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });
  private readonly perAddress = new Map<string, number>();

  constructor(
    private readonly config: Config,
    private readonly http: HttpAdapterHost,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly operations: SocketOperations,
  ) {}

  onApplicationBootstrap(): void {
    useServer<Record<string, unknown>, SocketExtra>(
      { ...this.operations.handlers(this.schemaHost.schema), connectionInitWaitTimeout: INIT_WAIT_MS },
      this.sockets,
      PING_EVERY_MS,
    );
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  // This early because the HTTP server, which Nest's own GraphQL module closes next, waits for all of its connections.
  async onModuleDestroy(): Promise<void> {
    for (const socket of this.sockets.clients) socket.close(RESTARTING, 'Service Restart');
    await new Promise<void>((resolve) => {
      this.sockets.close(() => resolve());
      // A peer that never answers the close frame must not hold the shutdown up.
      setTimeout(() => this.terminateAll(), 1_000).unref();
    });
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => this.logger.debug(`socket: ${error.message}`));
    const refusal = this.refusalOf(request);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (client) => {
      this.count(client, this.addressOf(request));
      this.sockets.emit('connection', client, request);
      // graphql-ws prints whatever a client sends wrong as an error of the server; ws has closed the socket by then.
      client.removeAllListeners('error').on('error', (error) => this.logger.debug(`socket: ${error.message}`));
    });
  }

  private refusalOf(request: IncomingMessage): string | null {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== GRAPHQL_PATH) return '404 Not Found';
    if (!this.mayConnectFrom(request)) return '403 Forbidden';
    if (this.sockets.clients.size >= MAX_SOCKETS) return '503 Service Unavailable';
    if ((this.perAddress.get(this.addressOf(request)) ?? 0) >= MAX_SOCKETS_PER_ADDRESS) return '429 Too Many Requests';
    return null;
  }

  private addressOf(request: IncomingMessage): string {
    return networkOf(clientAddress(request, this.config.trustedProxies));
  }

  // Browsers do not apply CORS to WebSockets: without this check any page could open one from its visitor's browser.
  private mayConnectFrom(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    if (origin === undefined || this.config.corsOrigins === '*') return true;
    if (URL.canParse(origin) && new URL(origin).host === host) return true;
    return this.config.corsOrigins.split(',').includes(origin);
  }

  private count(client: WebSocket, address: string): void {
    this.perAddress.set(address, (this.perAddress.get(address) ?? 0) + 1);
    client.once('close', () => {
      const left = (this.perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.perAddress.set(address, left);
      else this.perAddress.delete(address);
    });
  }

  private terminateAll(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }
}
