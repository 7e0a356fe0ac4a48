import type { ServerResponse } from 'node:http';
import { EventFeed } from '../../src/events/event-feed.js';
import { LiveHub } from '../../src/live/live-hub.js';
import { LiveMetrics } from '../../src/live/live-metrics.js';
import { Connections } from '../../src/server/connections.js';
import { EventStreams } from '../../src/server/event-streams.js';
import type { LiveSocket } from '../../src/server/live-socket.js';
import { SocketGateway } from '../../src/server/socket-gateway.js';
import { textFrame } from '../../src/server/text-frame.js';
import type { Shop } from './shop.js';

// Loopback connections hold some ten megabytes.
const CLOG_BYTES = 24 * 1024 * 1024;

/** What the live core holds in memory of those who are connected. */
export interface LiveInsides {
  groups: number;
  index: number;
  remembered: number;
  watchers: number;
  connections: number;
  addresses: number;
  users: number;
  sockets: number;
  streams: number;
}

/** The state when nobody is there. */
export const NOBODY_THERE: LiveInsides = {
  groups: 0,
  index: 0,
  remembered: 0,
  watchers: 0,
  connections: 0,
  addresses: 0,
  users: 0,
  sockets: 0,
  streams: 0,
};

/** Figures of a server's live queries. */
export const metricsOf = ({ app }: Pick<Shop, 'app'>): LiveMetrics => app.get(LiveMetrics, { strict: false });

export const hubOf = ({ app }: Pick<Shop, 'app'>): LiveHub => app.get(LiveHub, { strict: false });

/** The open sockets of a server, oldest first. */
export function socketsOf({ app }: Pick<Shop, 'app'>): LiveSocket[] {
  return [...app.get(SocketGateway, { strict: false })['sockets']];
}

/** The answers to the open streams of a server, oldest first. */
export function streamsOf({ app }: Pick<Shop, 'app'>): ServerResponse[] {
  return [...app.get(EventStreams, { strict: false })['streams']].map(({ response }) => response);
}

/** Fills the connection of a stream whose client does not read, beyond what the operating system holds. */
export function clog(response: ServerResponse | undefined): void {
  response?.write(Buffer.alloc(CLOG_BYTES, ' '));
}

/** The same for a socket: one message, a long text. */
export function clogSocket(live: LiveSocket | undefined): void {
  live?.['wire'].write(textFrame(Buffer.alloc(CLOG_BYTES, ' ').fill('"', 0, 1), Buffer.from('"')));
}

/** Who listens to the feed of a server. */
export function listenersOf({ app }: Pick<Shop, 'app'>): number {
  return app.get(EventFeed, { strict: false })['listeners'].size;
}

export function insidesOf(shop: Pick<Shop, 'app'>): LiveInsides {
  const hub = hubOf(shop);
  const metrics = metricsOf(shop);
  const connections = shop.app.get(Connections, { strict: false });
  expect(metrics.groups.count).toBe(hub['groups'].size);
  expect(metrics.connections).toBe(connections['open']);
  return {
    groups: hub['groups'].size,
    index: hub['index'].size,
    remembered: hub['memory'].size,
    watchers: metrics.groups.watchers,
    connections: connections['open'],
    addresses: connections['perAddress'].size,
    users: connections['perUser'].size,
    sockets: socketsOf(shop).length,
    streams: shop.app.get(EventStreams, { strict: false })['streams'].size,
  };
}

/** How often sockets were closed with a code. */
export async function closesWith({ app }: Pick<Shop, 'app'>, code: number): Promise<number> {
  const { values } = await app.get(LiveMetrics, { strict: false })['closes'].get();
  return values.find(({ labels }) => labels['code'] === code)?.value ?? 0;
}
