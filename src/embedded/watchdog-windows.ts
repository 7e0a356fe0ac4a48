import { spawn } from 'node:child_process';
import { logFile } from './log.js';
import { isRunning } from './process.js';
import { postmasterPid } from './postmaster.js';
import type { Share, StartedServer } from './share.js';
import type { Site } from './site.js';

/**
 * Without named pipes in the file system only the starter keeps the server alive: this ends it when its standard input,
 * a pipe of the starter, closes. Others that use the database then start it again. pg_ctl drops the rights of an
 * administrator, with which the server refuses to start.
 */
const WATCHDOG = `
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const [pgCtl, data, log, options] = process.argv.slice(1);
const ctl = (...args) => spawnSync(pgCtl, [...args, '-D', data], { stdio: 'ignore', windowsHide: true }).status ?? 1;
const pid = () => { try { return parseInt(readFileSync(data + '/postmaster.pid', 'utf8'), 10); } catch { return 0; } };
if (ctl('start', '-w', '-l', log, '-o', options) !== 0) process.exit(1);
const server = pid();
setInterval(() => { if (pid() !== server) process.exit(0); }, 500);
process.stdin.on('end', () => process.exit(pid() === server ? ctl('stop', '-m', 'fast', '-w') : 0)).resume();
`;

/** Takes part in the server that runs on this home, without keeping it alive; `null` when none is running. */
export function openWindowsShare(site: Site): Share | null {
  const pid = postmasterPid(site.data);
  if (pid === null || !isRunning(pid)) return null;
  return { isGuarded: () => isRunning(pid), release: () => undefined };
}

/** Starts a server that ends when this process releases its share or ends itself. */
export function startWindowsServer(site: Site, serverArguments: string[]): StartedServer {
  const [, , ...settings] = serverArguments;
  const args = ['-e', WATCHDOG, site.binaries.pgCtl, site.data, logFile(site.home), settings.join(' ')];
  const watchdog = spawn(process.execPath, args, {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', (error) => site.log(`the watchdog of the database: ${error.message}`));
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  const share = {
    isGuarded: () => watchdog.exitCode === null && isRunning(postmasterPid(site.data) ?? 0),
    release: () => void watchdog.stdin.end(),
  };
  return { share, watchdog };
}
