import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, listen, type Addresses } from '../app.js';
import type { Config } from '../config/config.js';
import type { Database } from '../database/database.js';
import { migrateUp } from '../database/migrate.js';
import type { EmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { HttpDrain } from '../workers/http-drain.js';
import { onRetire, tellOpened, type WorkerPlace } from '../workers/worker-messages.js';
import { banner } from './banner.js';
import { CommandError } from './command-error.js';
import { connectionsOf } from './connections.js';
import { refuseDemoAccounts, seedFirstStart } from './seed.js';
import { openSession, type DatabaseSession } from './session.js';
import { releaseStartMemory } from './start-memory.js';

const STOP_TIMEOUT_MS = 4_500;
const DRAIN_TIMEOUT_MS = 35_000;

/** What a worker tells its primary. */
export interface WorkerReport {
  addresses: Addresses;
  /** Whether the demo accounts are there; only the first worker looks. */
  demo: boolean;
  /** How many connections PostgreSQL lets in. */
  connections: number;
}

interface OpenShop {
  app: NestFastifyApplication;
  addresses: Addresses;
  demo: boolean;
}

/** Serves in this process alone. @param embedded the database that was started; `null` for that of the configuration */
export async function serveAlone(config: Config, embedded: EmbeddedPostgres | null): Promise<void> {
  const session = await openSession(config, embedded, { patient: false });
  const { app, addresses, demo } = await open(session, { prepares: true });
  console.log(banner({ config, addresses, place: session.place, demo }));
  const end = ending(app, session);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(STOP_TIMEOUT_MS));
}

/** Serves as one of several workers. The primary says when it ends; Ctrl-C and a closed terminal are told to the primary. */
export async function serveAmong(config: Config, { prepares }: WorkerPlace): Promise<void> {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const session = await openSession(config, null, { patient: false });
  let drain: HttpDrain | null = null;
  const watch = (app: NestFastifyApplication): void => {
    drain = new HttpDrain(app.getHttpServer(), ({ headers }) => headers.accept?.includes('text/event-stream') ?? false);
  };
  const { app, addresses, demo } = await open(session, { prepares, watch });
  const end = ending(app, session);
  process.on('SIGTERM', () => end(STOP_TIMEOUT_MS));
  onRetire(() => end(DRAIN_TIMEOUT_MS, () => drain?.drain()));
  const report: WorkerReport = { addresses, demo, connections: await connectionsOf(session.database) };
  tellOpened(report);
}

interface Opening {
  /** Whether this process makes a first start complete. */
  prepares: boolean;
  /** Is given the server before it listens. */
  watch?: (app: NestFastifyApplication) => void;
}

/** Opens the shop on the port. What was opened is closed when that fails. */
async function open(session: DatabaseSession, { prepares, watch }: Opening): Promise<OpenShop> {
  const { config, database } = session;
  let app: NestFastifyApplication | null = null;
  try {
    app = await openApp(config, database);
    if (prepares) await refuseDemoAccounts(app, config);
    const demo = prepares && (await seedFirstStart(app, config));
    watch?.(app);
    const addresses = await listen(app, config).catch((error: unknown) => {
      throw portProblem(error, config) ?? error;
    });
    releaseStartMemory();
    return { app, addresses, demo };
  } catch (error) {
    await app?.close();
    await session.close();
    throw error;
  }
}

async function openApp(config: Config, database: Database): Promise<NestFastifyApplication> {
  await migrateUp(database);
  const app = await createApp(config, database);
  return app.init();
}

function portProblem(error: unknown, { host, port }: Config): CommandError | null {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return new CommandError(`Port ${port} is in use. Choose another one: PORT=4001 npm start`);
  if (code === 'EACCES')
    return new CommandError(`Port ${port} needs more rights than this user has. Choose one above 1023.`);
  if (code === 'EADDRNOTAVAIL') return new CommandError(`This machine has no address ${host}. Correct HOST.`);
  return null;
}

/** Makes what ends this process: first what `before` does, then the server, then the database; or by force when it is late. */
function ending(
  app: NestFastifyApplication,
  session: DatabaseSession,
): (timeoutMs: number, before?: () => Promise<void> | undefined) => void {
  let stopping = false;
  return (timeoutMs, before) => {
    // A second Ctrl-C is somebody who does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), timeoutMs).unref();
    void close(app, session, before).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
}

async function close(
  app: NestFastifyApplication,
  session: DatabaseSession,
  before?: () => Promise<void> | undefined,
): Promise<void> {
  await before?.();
  await app.close();
  await session.close();
}
