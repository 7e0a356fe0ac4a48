import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { errorCode } from './error.js';
import { identityOf, isSameRunning } from './process.js';

/**
 * Notes that this process uses the database in `home`, and returns the note, a file. The notes only tell the one who
 * leaves last that it is the last; what keeps the server alive is the pipe of the watchdog.
 */
export function enroll(home: string): string {
  mkdirSync(directoryOf(home), { recursive: true, mode: 0o700 });
  removeOldNotes(home);
  const note = join(directoryOf(home), `${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(note, identityOf(process.pid), { flag: 'wx', mode: 0o644 });
  return note;
}

/** Takes the note back. */
export function resign(note: string): void {
  rmSync(note, { force: true });
}

/** Whether any running process has a note. */
export function hasUsers(home: string): boolean {
  return removeOldNotes(home) > 0;
}

/** Those of processes that have ended; says how many others there are. */
function removeOldNotes(home: string): number {
  const directory = directoryOf(home);
  if (!existsSync(directory)) return 0;
  const notes = readdirSync(directory).map((name) => join(directory, name));
  return notes.filter((note) => isCurrent(note)).length;
}

function isCurrent(note: string): boolean {
  const identity = readNote(note);
  if (identity === null) return false;
  // A note that is just being written is empty: its name holds the pid, too.
  const current = isSameRunning(identity === '' ? (basename(note).split('-')[0] ?? '') : identity);
  if (!current) resign(note);
  return current;
}

function readNote(note: string): string | null {
  try {
    return readFileSync(note, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function directoryOf(home: string): string {
  return join(home, 'users');
}
