import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, listen } from '../app.js';
import type { Config } from '../config/config.js';
import { migrateUp } from '../database/migrate.js';
import { banner } from './banner.js';
import { CommandError } from './command-error.js';
import { refuseDemoAccounts, seedFirstStart } from './seed.js';
import { openDatabase, type DatabaseSession } from './session.js';

const STOP_TIMEOUT_MS = 4_500;

/** Starts the server and keeps it until SIGINT or SIGTERM. */
export async function start(): Promise<void> {
  const session = await openDatabase({ patient: false });
  let app: NestFastifyApplication | null = null;
  try {
    await migrateUp(session.database);
    app = await createApp(session.config, session.database);
    await app.init();
    await refuseDemoAccounts(app, session.config);
    const demo = await seedFirstStart(app, session.config);
    const addresses = await listen(app, session.config).catch((error: unknown) => {
      throw portProblem(error, session.config) ?? error;
    });
    console.log(banner({ config: session.config, addresses, place: session.place, demo }));
    stopOnSignals(app, session);
  } catch (error) {
    await app?.close();
    await session.close();
    throw error;
  }
}

function portProblem(error: unknown, { host, port }: Config): CommandError | null {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return new CommandError(`Port ${port} is in use. Choose another one: PORT=4001 npm start`);
  if (code === 'EACCES')
    return new CommandError(`Port ${port} needs more rights than this user has. Choose one above 1023.`);
  if (code === 'EADDRNOTAVAIL') return new CommandError(`This machine has no address ${host}. Correct HOST.`);
  return null;
}

function stopOnSignals(app: NestFastifyApplication, session: DatabaseSession): void {
  let stopping = false;
  const stop = (): void => {
    // A second Ctrl-C is somebody who does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    void app
      .close()
      .then(() => session.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}
