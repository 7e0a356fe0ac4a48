import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.js';
import { isRunning, run } from './process.js';
import type { Site } from './site.js';

const FAST_END_MS = 30_000;
const IMMEDIATE_END_MS = 10_000;
const POLL_MS = 15;

/** The pid that the server on this data directory noted; it may have ended since. `null` when there is no note. */
export function postmasterPid(dataDirectory: string): number | null {
  try {
    return Number.parseInt(readFileSync(pidFile(dataDirectory), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** Resolves with whether the process ended in time, looking every 15 ms; `giveUp` ends the wait at once. */
export async function hasEnded(pid: number, timeoutMs: number, giveUp = (): boolean => false): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline || giveUp()) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * Ends a server that nobody guards: it is on its way out, or its watchdog was killed. Only for the holder of the lock.
 * @throws EmbeddedPostgresError when it does not end.
 */
export async function endUnguardedServer(site: Site): Promise<void> {
  const pid = postmasterPid(site.data);
  if (pid === null || !isRunning(pid)) return;
  if (!(await isPostmaster(pid, site.data))) {
    // The pid went to another program, and the server would take that for a server of its own and refuse to start.
    rmSync(pidFile(site.data), { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  if (await hasEnded(pid, FAST_END_MS)) return;
  process.kill(pid, 'SIGQUIT');
  if (await hasEnded(pid, IMMEDIATE_END_MS)) return;
  throw new EmbeddedPostgresError(
    `The database server in ${site.home} (pid ${pid}) does not end. End it, then try again.`,
  );
}

async function isPostmaster(pid: number, dataDirectory: string): Promise<boolean> {
  const command = process.platform === 'linux' ? linuxCommand(pid) : await printedCommand(pid);
  return command.includes('postgres') && command.includes(dataDirectory);
}

function linuxCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function printedCommand(pid: number): Promise<string> {
  const result = await run('ps', ['-p', String(pid), '-o', 'command='], { account: null, timeoutMs: 5_000 });
  return result.ok ? result.output : '';
}

function pidFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}
