import { migrateDown, migrateUp, migrationStatus } from '../database/migrate.js';
import { openDatabase, type DatabaseSession } from './session.js';

/** Lists every migration and whether it has run. */
export function showMigrations(): Promise<void> {
  return withDatabase(async ({ database }) => {
    for (const { name, done } of await migrationStatus(database))
      console.log(`${done ? 'done   ' : 'to come'}  ${name}`);
  });
}

/** Runs what has not run. */
export function migrateToNewest(): Promise<void> {
  return withDatabase(async ({ database }) => {
    const names = await migrateUp(database);
    console.log(names.length === 0 ? 'Nothing to do.' : names.map((name) => `done  ${name}`).join('\n'));
  });
}

/** Reverts the newest migration. */
export function revertNewest(): Promise<void> {
  return withDatabase(async ({ database }) => {
    const name = await migrateDown(database);
    console.log(name === null ? 'Nothing to revert.' : `reverted  ${name}`);
  });
}

async function withDatabase(work: (session: DatabaseSession) => Promise<void>): Promise<void> {
  const session = await openDatabase({ patient: true });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}
