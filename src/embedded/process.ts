import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errorCode, errorText } from './error.js';

/** An account of this machine by name and numbers. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** What a finished program left: its exit was clean or not, and what it printed (both streams). */
interface RunResult {
  ok: boolean;
  output: string;
}

interface RunOptions {
  account: Account | null;
  timeoutMs: number;
  input?: string;
}

/** Runs a program to its end as the given account; one that cannot start or takes longer is not ok. */
export function run(file: string, args: string[], { account, timeoutMs, input = '' }: RunOptions): Promise<RunResult> {
  // The caller's directory may be closed to the account, and initdb fails in a directory it cannot read.
  const options = { ...spawnIds(account), cwd: '/', env: serverEnvironment(), timeout: timeoutMs };
  return new Promise<RunResult>((resolve) => {
    const child = execFile(file, args, { ...options, killSignal: 'SIGKILL', windowsHide: true }, (error, out, err) => {
      const reason = error?.killed
        ? `took longer than ${timeoutMs} ms`
        : error && out + err === ''
          ? error.message
          : '';
      resolve({ ok: error === null, output: [out, err, reason].filter(Boolean).join('\n') });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  }).catch((error: unknown) => ({ ok: false, output: errorText(error) }));
}

/** The options of `spawn` that make the child run as the account; none when it is the account we already are. */
export function spawnIds(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** The environment of every PostgreSQL program: ours without the variables that would change what it does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|NODE_|LD_|DYLD_)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** Names a process so that it is not taken for a later one with the same pid (which in containers is the rule). */
export function identityOf(pid: number): string {
  return `${pid} ${processStat(pid)?.started ?? ''}`.trim();
}

/** Whether the process that `identityOf` named is running still. */
export function isSameRunning(identity: string): boolean {
  const [pid = '', started] = identity.trim().split(' ');
  return isRunning(Number(pid)) && (started === undefined || processStat(Number(pid))?.started === started);
}

/** Whether any process has this pid; one that has ended and waits for its parent does not count. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  return processStat(pid)?.state !== 'Z';
}

/** @see proc_pid_stat(5): after the name in brackets come the state (3rd field) and much later the start time (22nd). */
function processStat(pid: number): { state: string; started: string } | null {
  if (process.platform !== 'linux') return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return null;
  }
}
