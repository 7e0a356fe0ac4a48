import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Cluster } from '../cluster.ts';
import type { Program } from '../program.ts';
import { CATALOGUE } from './catalogue.ts';
import { CHANCE } from './chance.ts';
import { countsOf, draw } from './draw.ts';
import { sales } from './sales.ts';

const PREFIX = 'bench_data_';
const VERSION_LENGTH = 10;

/**
 * The data set of a scale as a database of the cluster that nobody changes, and that is copied to be used. It is made when it
 * is not there, or when the tables or the statements below have changed. Answers its name.
 */
export async function dataSet(program: Program, cluster: Cluster, scale: number): Promise<string> {
  const statements = statementsOf(scale);
  const family = `${PREFIX}${scale}_`;
  const name = `${family}${versionOf(program, statements)}`;
  const others = (await cluster.names()).filter((other) => other.startsWith(family));
  if (others.includes(name)) return name;
  const unfinished = `${PREFIX}unfinished`;
  await cluster.drop(unfinished);
  await cluster.create(unfinished);
  await migrate(program, cluster.urlOf(unfinished));
  await fill(cluster.urlOf(unfinished), statements);
  for (const other of others) await cluster.drop(other);
  await cluster.rename(unfinished, name);
  return name;
}

function statementsOf(scale: number): readonly string[] {
  const counts = countsOf(scale);
  const { users, books } = sales(counts);
  return [...CHANCE, ...draw(counts), users, ...CATALOGUE, ...books];
}

function versionOf({ folder }: Program, statements: readonly string[]): string {
  const migrations = join(folder, 'dist', 'database', 'migrations');
  const files = readdirSync(migrations)
    .filter((file) => file.endsWith('.js'))
    .toSorted();
  const hash = createHash('sha256').update(statements.join('\n'));
  for (const file of files) hash.update(readFileSync(join(migrations, file)));
  return hash.digest('hex').slice(0, VERSION_LENGTH);
}

async function migrate({ database: { Database }, migrate: { migrateUp }, pool }: Program, url: string): Promise<void> {
  const database = await Database.open({ url, poolSize: 2, timeouts: pool.PATIENT_TIMEOUTS });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
}

async function fill(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const [index, statement] of statements.entries()) {
      process.stderr.write(`\rMaking the data set: ${index + 1} of ${statements.length} `);
      await client.query(statement);
    }
    process.stderr.write('\rMaking the data set: sorting out   \n');
    await client.query('VACUUM (FREEZE, ANALYZE)');
  } finally {
    await client.end();
  }
}
