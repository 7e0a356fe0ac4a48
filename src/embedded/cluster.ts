import { chownSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Connection, newConnection, readConnection, ROLE, writeConnection } from './connection.js';
import { EmbeddedPostgresError, errorText } from './error.js';
import { ownerOf } from './place.js';
import { run } from './process.js';
import type { Site } from './site.js';

const MAJOR_VERSION = '18';
const PROGRAM_TIMEOUT_MS = 120_000;
const SUPERUSER = 'postgres';
const UNFINISHED = 'data.new-';

/**
 * Makes sure that the data directory can be served, and says how to log in; creates both on the first start.
 * Only for the holder of the start lock, while no server runs.
 * @throws EmbeddedPostgresError when the data is of another version of PostgreSQL, or cannot be created.
 */
export async function ensureCluster(site: Site): Promise<Connection> {
  removeUnfinished(site);
  const kept = readConnection(site.home);
  const connection = kept ?? (await newConnection());
  if (!kept) writeConnection(site.home, connection);
  if (!existsSync(versionFile(site))) {
    await createCluster(site, connection);
    return connection;
  }
  refuseOtherVersion(site);
  await handOver(site);
  if (!kept) await replacePassword(site, connection);
  return connection;
}

/** The initdb of a starter that was killed may still be at work there; then a later start removes the rest. */
function removeUnfinished(site: Site): void {
  for (const name of readdirSync(site.home).filter((entry) => entry.startsWith(UNFINISHED))) {
    try {
      rmSync(join(site.home, name), { recursive: true, force: true });
    } catch (error) {
      site.log(`${join(site.home, name)} is left of an earlier start and cannot be removed yet: ${errorText(error)}`);
    }
  }
}

/** Built beside its place and renamed when complete, so that a start that is killed leaves nothing half-made. */
async function createCluster(site: Site, { password }: Connection): Promise<void> {
  site.log(`creating a database in ${site.home}`);
  const unfinished = join(site.home, UNFINISHED + randomBytes(4).toString('hex'));
  try {
    await initialize(site, unfinished);
    await runSingleUser(site, unfinished, [
      `CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD '${password}'`,
      `GRANT pg_monitor TO ${ROLE}`,
      `CREATE DATABASE ${ROLE} OWNER ${ROLE}`,
    ]);
    moveIntoPlace(site, unfinished);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The superuser gets a password that nobody knows: the shop never needs its rights, and the role cannot take them. */
async function initialize(site: Site, directory: string): Promise<void> {
  const passwordFile = `${directory}.password`;
  writeFileSync(passwordFile, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    mkdirSync(directory, { mode: 0o700 });
    if (site.account) {
      chownSync(passwordFile, site.account.uid, site.account.gid);
      chownSync(directory, site.account.uid, site.account.gid);
    }
    const who = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    // The rules of the builtin provider are the same on every platform; those of ICU and of the C library are not.
    const language = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const args = ['-D', directory, ...who, ...language, '--data-checksums', '--no-instructions'];
    const { account } = site;
    const result = await run(site.binaries.initdb, args, { account, timeoutMs: PROGRAM_TIMEOUT_MS });
    if (!result.ok) throw new EmbeddedPostgresError(`The database cannot be created in ${site.home}: ${result.output}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Statements as the superuser, without a server: nothing listens while the role has no password yet. */
async function runSingleUser(site: Site, directory: string, statements: string[]): Promise<void> {
  const args = [
    '--single',
    '-D',
    directory,
    '-c',
    'exit_on_error=on',
    '-c',
    'log_min_error_statement=panic',
    SUPERUSER,
  ];
  const { account } = site;
  const input = `${statements.join('\n')}\n`;
  const result = await run(site.binaries.postgres, args, { account, timeoutMs: PROGRAM_TIMEOUT_MS, input });
  if (!result.ok) throw new EmbeddedPostgresError(`The database in ${site.home} cannot be set up: ${result.output}`);
}

async function replacePassword(site: Site, { password }: Connection): Promise<void> {
  site.log(`connection.json was missing or damaged in ${site.home}: the role ${ROLE} gets a new password`);
  await runSingleUser(site, site.data, [`ALTER ROLE ${ROLE} PASSWORD '${password}'`]);
}

function moveIntoPlace(site: Site, finished: string): void {
  try {
    renameSync(finished, site.data);
  } catch {
    throw new EmbeddedPostgresError(`${site.data} is not a PostgreSQL directory. Move it away and start again.`);
  }
  if (process.platform === 'win32') return;
  // Without it a power cut could undo the rename, and with it every row written since.
  const home = openSync(site.home, 'r');
  fsyncSync(home);
  closeSync(home);
}

/** Data that was restored or copied by root belongs to root, and PostgreSQL insists on owning it. */
async function handOver({ account, data }: Site): Promise<void> {
  if (!account || ownerOf(data) === account.uid) return;
  const args = ['-hR', `${account.uid}:${account.gid}`, data];
  const result = await run('chown', args, { account: null, timeoutMs: PROGRAM_TIMEOUT_MS });
  if (!result.ok) throw new EmbeddedPostgresError(`${data} cannot be given to "${account.name}": ${result.output}`);
}

function refuseOtherVersion(site: Site): void {
  const version = readFileSync(versionFile(site), 'utf8').trim();
  if (version === MAJOR_VERSION) return;
  throw new EmbeddedPostgresError(
    `The data in ${site.data} was written by PostgreSQL ${version}, and this Souk brings PostgreSQL ${MAJOR_VERSION}. ` +
      `Export it with the programs of PostgreSQL ${version} (start them on that directory, then pg_dump), move the ` +
      'directory away, start Souk on an empty one and load the export; or set DATABASE_URL.',
  );
}

function versionFile(site: Site): string {
  return join(site.data, 'PG_VERSION');
}
