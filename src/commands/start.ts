import { loadConfig, type Config } from '../config/config.js';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { ownPlace } from '../workers/worker-messages.js';
import { wantedWorkers } from '../workers/worker-count.js';

/** Starts the server and keeps it until SIGINT or SIGTERM: in this process, or in several that this one leads. */
export async function start(): Promise<void> {
  const environment = { ...process.env };
  const config = loadConfig();
  const place = ownPlace();
  if (place) return (await import('./serve.js')).serveAmong(config, place);
  if (wantedWorkers(config) > 1) return (await import('./lead.js')).lead(config, environment);
  return startAlone(config);
}

/** The code of the server is loaded, which lets nothing else happen in this process, while the database starts. */
async function startAlone(config: Config): Promise<void> {
  const { promise: launched, resolve: onLaunch } = Promise.withResolvers<void>();
  const embedded = config.databaseUrl === null ? startEmbeddedPostgres({ home: config.home, onLaunch }) : null;
  // What fails is told where it is waited for.
  await (embedded && Promise.race([launched, embedded.catch(() => undefined)]));
  const { serveAlone } = await import('./serve.js');
  return serveAlone(config, await embedded);
}
