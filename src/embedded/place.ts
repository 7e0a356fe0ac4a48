import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, errorText } from './error.js';
import { type Account, run } from './process.js';

const ROOT_HOMES = '/var/lib/souk';
const PROBE_TIMEOUT_MS = 10_000;
const ANYONE_MAY_ENTER = 0o111;

/** Where the database lies, and as whom it runs (`null`: as ourselves). */
interface Place {
  home: string;
  account: Account | null;
}

/**
 * Creates the home and says where it really is: as root it moves below /var/lib/souk when the account of the database
 * cannot reach the wanted place. `home` is absolute and free of symlinks, so that equal homes have equal names.
 * @throws EmbeddedPostgresError when the directory cannot be made.
 */
export async function placeHome(wanted: string, log: (line: string) => void): Promise<Place> {
  const home = resolve(wanted);
  const account = databaseAccount(join(home, 'data'));
  try {
    if (!account) {
      makeOwnHome(home);
    } else if (!(await openHome(home, account))) {
      return await placeElsewhere(home, log);
    }
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(`The database directory ${home} cannot be made: ${errorText(error)}.`);
  }
  return { home: realpathSync(home), account };
}

/** Creates a directory and lets everybody pass through it and the new ones above it, whatever the umask says. */
export function makeReachable(directory: string): void {
  const old = nearestExisting(dirname(directory));
  mkdirSync(directory, { recursive: true });
  for (let level = directory; level !== old; level = dirname(level)) {
    const { mode } = statSync(level);
    if ((mode & ANYONE_MAY_ENTER) !== ANYONE_MAY_ENTER) chmodSync(level, (mode & 0o7777) | ANYONE_MAY_ENTER);
  }
}

/** The uid that a file or directory belongs to; `null` when there is none. */
export function ownerOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}

/** A file that root made in the home of somebody else goes to that one, who would be locked out by it later. */
export function giveToOwnerOf(home: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(home);
  if (uid !== 0) lchownSync(file, uid, gid);
}

/**
 * The account PostgreSQL has to run as because we are root, which it refuses; `null` when we are not root.
 * Data that already belongs to somebody keeps its owner; else it is `postgres`, or `nobody` where that is missing.
 * @throws EmbeddedPostgresError when this machine has none of them: initdb needs an account with a name.
 */
function databaseAccount(dataDirectory: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = listAccounts();
  const owner = ownerOf(dataDirectory);
  const found =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    accounts.find(({ name }) => name === 'postgres') ??
    accounts.find(({ name }) => name === '_postgres') ??
    accounts.find(({ name }) => name === 'nobody');
  if (found) return found;
  throw new EmbeddedPostgresError(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody". ' +
      'Start Souk as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function makeOwnHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (process.getuid === undefined) return;
  const dataOwner = ownerOf(join(home, 'data'));
  if (!canWrite(home)) throw belongsToOther(home, ownerOf(home));
  if (dataOwner !== null && dataOwner !== process.getuid()) throw belongsToOther(home, dataOwner);
}

function canWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function belongsToOther(home: string, uid: number | null): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The database directory ${home} belongs to another account (uid ${uid}) and is closed to this one. ` +
      'Start Souk as that account, or choose another directory.',
  );
}

async function openHome(home: string, account: Account): Promise<boolean> {
  if (!(await canEnter(nearestExisting(dirname(home)), account))) return false;
  makeReachable(home);
  return canEnter(home, account);
}

async function placeElsewhere(wanted: string, log: (line: string) => void): Promise<Place> {
  const home = join(ROOT_HOMES, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  const account = databaseAccount(join(home, 'data'));
  if (account && !(await openHome(home, account))) {
    await refuseWithoutSwitch(account);
    throw new Error(`the account "${account.name}" can reach neither it nor ${home}`);
  }
  log(`PostgreSQL does not run as root, and "${account?.name}" cannot reach ${wanted}: the database is in ${home}`);
  return { home: realpathSync(home), account };
}

async function refuseWithoutSwitch(account: Account): Promise<void> {
  const result = await run('/bin/sh', ['-c', ':'], { account, timeoutMs: PROBE_TIMEOUT_MS });
  if (result.ok) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and this root may not start programs as "${account.name}" (${result.output}). ` +
      'Start Souk as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function canEnter(directory: string, account: Account): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { account, timeoutMs: PROBE_TIMEOUT_MS })).ok;
}

function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(dirname(directory));
}

function listAccounts(): Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name, , uid, gid]) => name !== undefined && /^\d+$/.test(uid ?? '') && /^\d+$/.test(gid ?? ''))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
