import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** So long a connection may wait for its next request before it is closed unasked. */
const IDLE_MS = 10_000;

/**
 * Lets an HTTP server end without a failed request: it stops listening, each connection is closed behind its next answer,
 * and only who asks nothing for ten seconds is closed unasked. An idle connection that were closed at once could carry a
 * request that is on its way.
 */
export class HttpDrain {
  private readonly server: Server;
  private readonly streams: (request: IncomingMessage) => boolean;
  private readonly sockets = new Set<Socket>();
  private isDraining = false;
  private wake: () => void = () => undefined;

  /** @param streams whether a request is for a stream, which nobody waits for */
  constructor(server: Server, streams: (request: IncomingMessage) => boolean) {
    this.server = server;
    this.streams = streams;
    server.on('connection', (socket: Socket) => this.opened(socket));
    server.on('upgrade', (_request, socket: Socket) => this.left(socket));
    server.prependListener('request', (request, response) => this.asked(request, response));
  }

  /** Stops listening; resolves when every request that has come, or comes meanwhile, is answered, or nobody asks any more. */
  async drain(): Promise<void> {
    this.isDraining = true;
    // Not the method of the HTTP server, which also closes idle connections.
    NetServer.prototype.close.call(this.server);
    if (this.sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, IDLE_MS);
      this.wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  private opened(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.left(socket));
  }

  private left(socket: Socket): void {
    this.sockets.delete(socket);
    if (this.isDraining && this.sockets.size === 0) this.wake();
  }

  private asked(request: IncomingMessage, response: ServerResponse): void {
    if (this.isDraining) response.shouldKeepAlive = false;
    if (this.streams(request)) this.left(request.socket);
  }
}
