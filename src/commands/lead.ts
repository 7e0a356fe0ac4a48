import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { RateLimiterClusterMaster } from 'rate-limiter-flexible';
import type { Config } from '../config/config.js';
import { SETTINGS } from '../config/settings.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { createLogger } from '../telemetry/logger.js';
import { connectionsFor, fittingWorkers, wantedWorkers } from '../workers/worker-count.js';
import { WorkerGroup } from '../workers/worker-group.js';
import { placeVariable } from '../workers/worker-messages.js';
import { WorkerEnded } from '../workers/worker-process.js';
import { banner } from './banner.js';
import { placeOf } from './place.js';
import type { WorkerReport } from './serve.js';

const STOP_TIMEOUT_MS = 8_000;
const TOLD = 1;

/**
 * Starts the database and then the workers, and keeps them until SIGINT or SIGTERM; SIGHUP replaces them one by one.
 * @param environment of this process before `.env` was read: a new worker reads it again
 */
export async function lead(config: Config, environment: NodeJS.ProcessEnv): Promise<void> {
  // Keeps the counters of attempts that the workers share.
  void new RateLimiterClusterMaster();
  const counterKey = randomBytes(16).toString('hex');
  const connections = connectionsFor(wantedWorkers(config), config);
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ home: config.home, connections }) : null;
  const group = new WorkerGroup<WorkerReport>({
    fork: (number, prepares) =>
      cluster.fork({
        ...forgotten(environment),
        ...placeVariable({ number, prepares, counterKey }),
        ...(embedded && { [SETTINGS.databaseUrl.env]: embedded.url }),
      }),
    sizeBy: (report) => fittingWorkers(report.connections, config),
    log: createLogger(config),
  });
  try {
    const { addresses, demo } = await group.open();
    console.log(banner({ config, addresses, place: placeOf(config, embedded), demo, workers: group.size }));
  } catch (error) {
    await close(group, embedded);
    // It has said why.
    if (!(error instanceof WorkerEnded && error.end === TOLD)) throw error;
    process.exitCode = 1;
    return;
  }
  heedSignals(group, embedded);
}

/** What `.env` has added to our environment, as absent. */
function forgotten(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const added = Object.keys(process.env).filter((name) => !(name in environment));
  return Object.fromEntries(added.map((name) => [name, undefined]));
}

function heedSignals(group: WorkerGroup<WorkerReport>, embedded: EmbeddedPostgres | null): void {
  let stopping = false;
  const stop = (): void => {
    // A second Ctrl-C is somebody who does not want to wait; the workers end with us.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    void close(group, embedded).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  const hadTerminal = isatty(0) && hasTerminal();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  process.on('SIGHUP', () => {
    // The same signal tells that the terminal was closed.
    if (hadTerminal && !hasTerminal()) stop();
    else void group.restart();
  });
}

async function close(group: WorkerGroup<WorkerReport>, embedded: EmbeddedPostgres | null): Promise<void> {
  await group.close();
  await embedded?.stop();
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
