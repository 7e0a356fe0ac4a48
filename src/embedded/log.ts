import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { giveToOwnerOf } from './place.js';

const LIMIT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 64 * 1024;
const SHOWN_LINES = 12;

/** The file that the server writes its log to. */
export function logFile(home: string): string {
  return join(home, 'postgres.log');
}

/** Opens the log for a new server to append to, and empties it when it has grown past 10 MB. Returns the open file. */
export function openLog(home: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  // Not through a symlink: root must not write to wherever the owner of the home points. Windows has no such flag.
  const log = openSync(logFile(home), O_WRONLY | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0), 0o600);
  giveToOwnerOf(home, logFile(home));
  if (fstatSync(log).size > LIMIT_BYTES) ftruncateSync(log);
  return log;
}

/** Where the log ends now, in bytes. */
export function logEnd(home: string): number {
  return statSync(logFile(home), { throwIfNoEntry: false })?.size ?? 0;
}

/** What was logged since the log ended at `start`, at most the last 64 KiB of it. */
export function loggedSince(home: string, start: number): string {
  const end = logEnd(home);
  const from = Math.max(end < start ? 0 : start, end - TAIL_BYTES);
  if (end === from) return '';
  const log = openSync(logFile(home), 'r');
  try {
    const tail = Buffer.alloc(end - from);
    return tail.toString('utf8', 0, readSync(log, tail, 0, tail.length, from));
  } finally {
    closeSync(log);
  }
}

/** The end of a log for an error message. */
export function lastLines(log: string): string {
  const lines = log.trim().split('\n').slice(-SHOWN_LINES);
  return `The last lines of its log:\n${lines.join('\n')}`;
}
