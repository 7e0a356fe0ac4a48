import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '../../src/database/database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { migrateUp } from '../../src/database/migrate.js';

const HOME = '.scratch/test-postgres';
const MIGRATIONS = 'src/database/migrations';
const TEMPLATE_LOCK = 7_105_003;

/** A database of its own for one test file. */
export interface ScratchDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL of the tests (or joins the one that another worker has started)
 * and makes an empty, migrated database in it.
 */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const server = await startEmbeddedPostgres({ home: HOME });
  const template = await ensureTemplate(server);
  const name = `shop_${randomBytes(6).toString('hex')}`;
  await admin(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: urlOf(server, name),
    async drop() {
      await admin(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name}`));
      await server.stop();
    },
  };
}

function urlOf(server: EmbeddedPostgres, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

async function admin<T>(server: EmbeddedPostgres, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One migrated database for each state of the migrations; copies of it cost a few milliseconds. */
async function ensureTemplate(server: EmbeddedPostgres): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).toSorted()) hash.update(readFileSync(join(MIGRATIONS, file)));
  const template = `template_${hash.digest('hex').slice(0, 12)}`;
  await admin(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${template}_new`);
    await client.query(`CREATE DATABASE ${template}_new`);
    const database = await Database.open({ url: urlOf(server, `${template}_new`), poolSize: 2 });
    await migrateUp(database);
    await database.close();
    await client.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`);
  });
  return template;
}
