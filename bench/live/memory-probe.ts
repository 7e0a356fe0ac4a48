// Loaded into a server that is measured: on SIGUSR2 it collects its garbage and prints what is left, how much of what it
// has sent waits in its sockets, and how many timers run. Nothing else is changed.
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let count = 0;

function mostUnsent(): number {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles: (this: void) => unknown[] };
  const sockets = handles().filter((handle) => handle instanceof Socket);
  return Math.max(0, ...sockets.map(({ writableLength }) => writableLength));
}

process.on('SIGUSR2', () => {
  collect();
  // What finalizers have let go of.
  setImmediate(() => {
    collect();
    count += 1;
    const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const told = { ...process.memoryUsage(), unsent: mostUnsent(), timers };
    process.stderr.write(`memory ${count} ${JSON.stringify(told)}\n`);
  });
});
