import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { giveToOwnerOf } from './place.js';

/** The role and the database of the shop in the embedded server. */
export const ROLE = 'souk';

const HOST = '127.0.0.1';
const LOGIN_TIMEOUT_MS = 5_000;
/**
 * Below the ports that systems give to outgoing connections (from 32768): one of those could be taken while the
 * database is down, even by a pool that is trying to reach it.
 */
const PORTS = { from: 20_000, to: 30_000 };

/** What is kept in the home to reach the server again. */
export interface Connection {
  port: number;
  password: string;
}

/** The connection kept in the home; `null` when there is none or it is damaged. */
export function readConnection(home: string): Connection | null {
  try {
    const kept: Partial<Connection> | null = JSON.parse(readFileSync(connectionFile(home), 'utf8'));
    if (!kept || !Number.isInteger(kept.port) || typeof kept.password !== 'string') return null;
    return { port: Number(kept.port), password: kept.password };
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps the connection in the home, readable for its owner only; complete or not at all, also after a power cut. */
export function writeConnection(home: string, connection: Connection): void {
  const unfinished = `${connectionFile(home)}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(unfinished, `${JSON.stringify(connection)}\n`, { flag: 'wx', mode: 0o600, flush: true });
    giveToOwnerOf(home, unfinished);
    renameSync(unfinished, connectionFile(home));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** The address of the database for node-postgres and TypeORM. */
export function connectionUrl({ port, password }: Connection, socketFolder: string | null = null): string {
  const way = socketFolder === null ? '' : `?host=${encodeURIComponent(socketFolder)}`;
  return `postgres://${ROLE}:${password}@${HOST}:${port}/${ROLE}${way}`;
}

/** A new connection: a random password of 32 bytes and a port that is free now. */
export async function newConnection(): Promise<Connection> {
  return { port: await choosePort(), password: randomBytes(32).toString('hex') };
}

/** A free port of the loopback address. */
export async function choosePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isPortFree(port)) return port;
  }
  throw new EmbeddedPostgresError(`No free port was found on ${HOST} between ${PORTS.from} and ${PORTS.to}.`);
}

/** Whether a server could listen on this port of the loopback address now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Logs in once and says which data directory the server there works on. @throws the error of node-postgres. */
export async function logIn(connection: Connection): Promise<string> {
  const client = new pg.Client({
    connectionString: connectionUrl(connection),
    connectionTimeoutMillis: LOGIN_TIMEOUT_MS,
    query_timeout: LOGIN_TIMEOUT_MS,
    // Whatever PGSSLMODE says: the server is on this machine and has no certificate.
    ssl: false,
    application_name: 'souk starter',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory ?? '';
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connectionFile(home: string): string {
  return join(home, 'connection.json');
}
