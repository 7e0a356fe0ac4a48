import { spawn } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './error.js';
import { openLog } from './log.js';
import { giveToOwnerOf } from './place.js';
import { run, serverEnvironment, spawnIds } from './process.js';
import type { Share, StartedServer } from './share.js';
import type { Site } from './site.js';
import { openWindowsShare, startWindowsServer } from './watchdog-windows.js';

/**
 * Runs the server (all arguments) and ends it when the last process that uses the database is gone, however it went:
 * its standard input is a named pipe that each of them keeps open for writing, and the kernel reports the end when the
 * last one has closed it. Every line in it is a sign of life, and makes the reader see whether the server is there still.
 * When the server has ended, the group of the watchdog (which the children of a server are not in) ends with it.
 */
const WATCHDOG = `
trap '' INT TERM HUP
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
(
  while read -r line <&3; do kill -0 "$server" || exit; done
  exec 3<&-
  kill -INT "$server"
  seconds=0
  while [ "$seconds" -lt 60 ] && kill -0 "$server"; do sleep 1; seconds=$((seconds + 1)); done
  kill -QUIT "$server"
) 2>/dev/null &
exec 3<&- </dev/null
wait "$server"
kill -KILL 0
`;

/** Takes a share in the server that runs on this home; `null` when none is running, or it is ending. */
export function openShare(site: Site): Share | null {
  if (process.platform === 'win32') return openWindowsShare(site);
  try {
    return pipeShare(openSync(pipeFile(site.home), constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    if (['ENXIO', 'ENOENT'].includes(errorCode(error))) return null;
    throw error;
  }
}

/** Starts a server under a watchdog of its own, in a session of its own: Ctrl-C in our terminal does not reach it. */
export async function startServer(site: Site, serverArguments: string[]): Promise<StartedServer> {
  if (process.platform === 'win32') return startWindowsServer(site, serverArguments);
  const { reader, share } = await createPipe(site.home);
  const log = openLog(site.home);
  try {
    const args = ['-c', WATCHDOG, 'souk-watchdog', site.binaries.postgres, ...serverArguments];
    const watchdog = spawn('/bin/sh', args, {
      ...spawnIds(site.account),
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
      stdio: [reader, log, log],
    });
    watchdog.on('error', (error) => site.log(`the watchdog of the database: ${error.message}`));
    watchdog.unref();
    return { share, watchdog };
  } catch (error) {
    share.release();
    throw error;
  } finally {
    closeSync(reader);
    closeSync(log);
  }
}

/**
 * A new pipe for each server: nothing that is left of an earlier one can be mistaken for its guard. Our own end is open
 * before the watchdog is born, so it sees us go even when that happens in the middle of the start.
 */
async function createPipe(home: string): Promise<{ reader: number; share: Share }> {
  const file = pipeFile(home);
  rmSync(file, { force: true });
  const made = await run('mkfifo', ['-m', '600', file], { account: null, timeoutMs: 10_000 });
  if (!made.ok) {
    throw new EmbeddedPostgresError(
      `${home} is on a file system without named pipes (${made.output.trim()}). Choose another directory.`,
    );
  }
  giveToOwnerOf(home, file);
  const opener = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writer = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    return { reader: openSync(file, constants.O_RDONLY), share: pipeShare(writer) };
  } finally {
    closeSync(opener);
  }
}

function pipeShare(writer: number): Share {
  let open = true;
  return {
    isGuarded: () => open && canWrite(writer),
    release: () => {
      if (open) closeSync(writer);
      open = false;
    },
  };
}

function canWrite(writer: number): boolean {
  try {
    writeSync(writer, '\n');
    return true;
  } catch (error) {
    // A full pipe still has its reader, though a slow one.
    return errorCode(error) === 'EAGAIN';
  }
}

function pipeFile(home: string): string {
  return join(home, 'users.fifo');
}
