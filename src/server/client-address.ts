import type { IncomingMessage } from 'node:http';

/**
 * Address of the client behind so many proxies of ours, as Fastify finds it for HTTP: each proxy has added whom it saw to
 * the end of `X-Forwarded-For`; what stands before those is the client's own claim.
 */
export function clientAddress({ headers, socket }: IncomingMessage, trustedProxies: number): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const hops = [...forwarded.map((hop) => hop.trim()).filter(Boolean), socket.remoteAddress ?? ''];
  return hops.at(-1 - trustedProxies) ?? hops[0] ?? '';
}
