import type { ChildProcess } from 'node:child_process';
import { canHaveSocket } from './unix-socket.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { realpath } from 'node:fs/promises';
import { ensureCluster } from './cluster.js';
import { type Connection, choosePort, isPortFree, logIn, readConnection, writeConnection } from './connection.js';
import { EmbeddedPostgresError, errorCode, errorText } from './error.js';
import { withStartLock } from './lock.js';
import { lastLines, logEnd, loggedSince } from './log.js';
import { endUnguardedServer } from './postmaster.js';
import type { Share } from './share.js';
import type { Site } from './site.js';
import { openShare, startServer } from './watchdog.js';

const READY_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3;
const LOGIN_POLL_MS = 15;
const RESERVED = 3;
const TOO_MANY_CONNECTIONS = '53300';
/** What the server says when the processes of a killed one are still going, or its port is not free again. */
const PASSING_TROUBLE = /shared memory block|lock file "postmaster\.pid"|already in use|is still in use/;

/** Our place at a running server. */
export interface Seat {
  connection: Connection;
  share: Share;
  /** Ends when the server does; `null` when another process had started it. */
  watchdog: ChildProcess | null;
}

/** How to take a seat: `port` is the one the server must come back on (`null`: any), `signal` gives up. */
interface SeatOptions {
  port: number | null;
  signal: AbortSignal;
}

/** A trouble that is known to pass. */
class NotYet extends EmbeddedPostgresError {}

/** The server ended while it was starting; somebody may have killed it, so it is worth another attempt. */
class ServerEnded extends EmbeddedPostgresError {}

/**
 * Joins the server that runs on the site, or starts one (with a new database when there is none).
 * @throws EmbeddedPostgresError when that does not succeed within about a minute; then no server is left behind.
 */
export function takeSeat(site: Site, options: SeatOptions): Promise<Seat> {
  return withStartLock(site.home, options.signal, async () => {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (let attempt = 1, pause = 50; ; attempt += 1, pause = Math.min(pause * 2, 1_000)) {
      try {
        return (await adopt(site, options)) ?? (await start(site, options));
      } catch (error) {
        const mayPass = error instanceof NotYet || (error instanceof ServerEnded && attempt < START_ATTEMPTS);
        if (!mayPass || Date.now() > deadline) throw error;
        await sleep(pause, undefined, { signal: options.signal });
      }
    }
  });
}

/** Where somebody guards a server, none is ever started beside it, even when it does not answer us. */
async function adopt(site: Site, { signal }: SeatOptions): Promise<Seat | null> {
  const share = openShare(site);
  if (!share) return null;
  site.onLaunch();
  try {
    const connection = readConnection(site.home);
    if (!connection) throw new EmbeddedPostgresError(`${site.home} is in use, but its connection.json is missing.`);
    const isGone = () => !share.isGuarded();
    if (await isReady(site, connection, { isGone, signal })) return { connection, share, watchdog: null };
  } catch (error) {
    share.release();
    throw error;
  }
  share.release();
  return null;
}

async function start(site: Site, { port, signal }: SeatOptions): Promise<Seat> {
  await endUnguardedServer(site);
  const connection = await withFreePort(site, await ensureCluster(site), port);
  const logStart = logEnd(site.home);
  const { share, watchdog } = await startServer(site, serverArguments(site, connection.port));
  site.onLaunch();
  try {
    const isGone = () => watchdog.exitCode !== null || watchdog.signalCode !== null || watchdog.pid === undefined;
    if (await isReady(site, connection, { isGone, signal })) return { connection, share, watchdog };
    throw startFailure(site, loggedSince(site.home, logStart));
  } catch (error) {
    share.release();
    throw error;
  }
}

interface Waiting {
  isGone: () => boolean;
  signal: AbortSignal;
}

/** Resolves with true when a login works, and with false when the server is gone. */
async function isReady(site: Site, connection: Connection, { isGone, signal }: Waiting): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const problem = await loginProblem(site, connection);
    // Asked after the login: a server that is about to end may still have let us in.
    if (isGone()) return false;
    if (problem === null) return true;
    if (Date.now() > deadline) throw new EmbeddedPostgresError(notAnswering(site, connection, problem));
    await sleep(LOGIN_POLL_MS, undefined, { signal });
  }
}

async function loginProblem(site: Site, connection: Connection): Promise<string | null> {
  try {
    const served = await logIn(connection);
    return (await realpath(served)) === site.data ? null : `the server there works on ${served}`;
  } catch (error) {
    // Full of clients, so it serves: after a restart their pools may be faster than we are.
    return errorCode(error) === TOO_MANY_CONNECTIONS ? null : errorText(error);
  }
}

/** Pools hold the address, so a server that others rely on waits for its port; a fresh start takes another one. */
async function withFreePort(site: Site, connection: Connection, wanted: number | null): Promise<Connection> {
  if (await isPortFree(connection.port)) return connection;
  if (wanted === connection.port) throw new NotYet(`Port ${wanted} of the database is in use by another program.`);
  const moved = { ...connection, port: await choosePort() };
  site.log(`port ${connection.port} is in use by another program: the database moves to ${moved.port}`);
  writeConnection(site.home, moved);
  return moved;
}

function serverArguments({ data, connections }: Site, port: number): string[] {
  // A folder that nobody else may look into.
  const sockets = canHaveSocket(data) ? data : '';
  const reach = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${sockets}`,
    `superuser_reserved_connections=${RESERVED}`,
    `max_connections=${connections + RESERVED}`,
  ];
  // An acknowledged write survives a power cut, whatever postgresql.conf says.
  const durable = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
  const tuned = ['shared_buffers=128MB', 'random_page_cost=1.1', 'jit=off'];
  const logged = ['logging_collector=off', 'log_destination=stderr', 'log_timezone=UTC', 'timezone=UTC'];
  return ['-D', data, ...[...reach, ...durable, ...tuned, ...logged].flatMap((setting) => ['-c', setting])];
}

function startFailure(site: Site, log: string): EmbeddedPostgresError {
  const message = `The embedded PostgreSQL in ${site.home} ended while it was starting. ${lastLines(log)}`;
  return PASSING_TROUBLE.test(log) ? new NotYet(message) : new ServerEnded(message);
}

function notAnswering(site: Site, { port }: Connection, problem: string): string {
  return (
    `The embedded PostgreSQL in ${site.home} let nobody in on 127.0.0.1:${port} for ${READY_TIMEOUT_MS / 1000} s ` +
    `(${problem}). A container or machine that shares this directory may be using it. ${lastLines(loggedSince(site.home, 0))}`
  );
}
