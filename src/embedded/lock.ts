import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { identityOf, isSameRunning } from './process.js';

const WAIT_MS = 60_000;
const POLL_MS = 15;
/** Between creating and filling the file its owner needs far less than this. */
const EMPTY_IS_STALE_MS = 2_000;

/**
 * Does `work` while no other process (nor another caller in this one) starts, joins or repairs the database in `home`.
 * A lock whose process has ended is removed.
 * @throws EmbeddedPostgresError when another process still holds it after 60 s.
 */
export async function withStartLock<T>(home: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const file = join(home, 'start.lock');
  const content = `${identityOf(process.pid)}\n${randomBytes(8).toString('hex')}\n`;
  const deadline = Date.now() + WAIT_MS;
  while (!tryLock(file, content)) {
    if (Date.now() > deadline) throw stillHeld(file);
    await sleep(POLL_MS, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    if (readLock(file) === content) rmSync(file, { force: true });
  }
}

function tryLock(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const holder = readLock(file);
  if (holder !== null && isStale(file, holder)) removeStale(file, holder);
  return false;
}

function isStale(file: string, holder: string): boolean {
  if (holder !== '') return !isSameRunning(holder.split('\n')[0] ?? '');
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - written > EMPTY_IS_STALE_MS;
}

/** Moved away before it is deleted: another process may have replaced the stale lock by its own since we read it. */
function removeStale(file: string, holder: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readLock(aside) !== holder) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errorCode(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readLock(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function stillHeld(file: string): EmbeddedPostgresError {
  const pid = readLock(file)?.split(/\s/)[0] ?? 'unknown';
  return new EmbeddedPostgresError(
    `Another process (pid ${pid}) has been starting the embedded database for more than ${WAIT_MS / 1000} s. ` +
      `Wait for it or end it; when it is no Souk process, delete ${file} and start again.`,
  );
}
