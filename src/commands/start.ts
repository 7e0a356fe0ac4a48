import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, listen } from '../app.js';
import { migrateUp } from '../database/migrate.js';
import { banner } from './banner.js';
import { seedFirstStart } from './seed.js';
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
    const demo = await seedFirstStart(app, session.config);
    const addresses = await listen(app, session.config);
    console.log(banner({ config: session.config, addresses, place: session.place, demo }));
    stopOnSignals(app, session);
  } catch (error) {
    await app?.close();
    await session.close();
    throw error;
  }
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
      .then(() => process.exit(0), (error: unknown) => {
        console.error(error);
        process.exit(1);
      });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}
