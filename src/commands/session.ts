import type { INestApplicationContext } from '@nestjs/common';
import { loadConfig, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { migrateUp } from '../database/migrate.js';
import { PATIENT_TIMEOUTS, TIMEOUTS } from '../database/pool.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { ENTITIES } from '../entities.js';
import { placeOf } from './place.js';

/** An open database and what it stands on. */
export interface DatabaseSession {
  config: Config;
  database: Database;
  /** Where the data lie: the folder of the embedded database, or the server of DATABASE_URL. */
  place: string;
  close: () => Promise<void>;
}

/** Opens the database of the configuration, starting the embedded one when no other is named. Close it when done. */
export async function openDatabase(options: { patient: boolean }): Promise<DatabaseSession> {
  const config = loadConfig();
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ home: config.home }) : null;
  return openSession(config, embedded, options);
}

/** Opens the embedded database that was started, or else that of the configuration. */
export async function openSession(
  config: Config,
  embedded: EmbeddedPostgres | null,
  options: { patient: boolean },
): Promise<DatabaseSession> {
  try {
    const database = await Database.open({
      url: embedded?.url ?? config.databaseUrl ?? '',
      poolSize: config.databasePoolSize,
      entities: ENTITIES,
      timeouts: options.patient ? PATIENT_TIMEOUTS : TIMEOUTS,
    });
    const close = async (): Promise<void> => {
      await database.close();
      await embedded?.stop();
    };
    return { config, database, place: placeOf(config, embedded), close };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Runs work on the services of a whole shop that does not listen, on a migrated database. */
export async function withShop<T>(work: (shop: INestApplicationContext) => Promise<T>): Promise<T> {
  const { config, database, close } = await openDatabase({ patient: true });
  try {
    await migrateUp(database);
    const { createApp } = await import('../app.js');
    // Not a bare application context: the socket gateway needs an HTTP server, also one that never listens.
    const shop = await createApp(config, database);
    try {
      return await work(await shop.init());
    } finally {
      await shop.close();
    }
  } finally {
    await close();
  }
}
