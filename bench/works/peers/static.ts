import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WireAnswer } from '../load/lane.ts';
import { ServerProcess } from '../server-process.ts';
import type { WireRequest } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('static-server.ts', import.meta.url));
// Node's server writes these by itself.
const OWN_HEADERS: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

/** An answer that was recorded. */
export interface Recorded {
  /** Body of the request. */
  request: string;
  headers: Record<string, string>;
  /** In base64. */
  body: string;
}

/** Writes what a server has answered into a file, for the server of static bytes. */
export function record(file: string, requests: readonly WireRequest[], answers: readonly WireAnswer[]): void {
  const recorded = answers.map(({ head, body }, index): Recorded => ({
    request: requests[index]?.body ?? '',
    headers: headersOf(head),
    body: body.toString('base64'),
  }));
  writeFileSync(file, JSON.stringify(recorded));
}

/** A plain server of Node that sends what is in the file: as fast as one process can answer over HTTP. */
export function startStatic(file: string): Promise<ServerProcess> {
  const env = { ...process.env, NODE_ENV: 'production' };
  return ServerProcess.start({ program: [PROGRAM, file], cwd: process.cwd(), env });
}

function headersOf(head: string): Record<string, string> {
  return Object.fromEntries(
    head
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
      .filter(([name]) => name !== '' && !OWN_HEADERS.has(name.toLowerCase())),
  );
}
