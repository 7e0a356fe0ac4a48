// Loaded into a server that is measured: on SIGUSR2 it collects its garbage and prints what is left. Nothing else is changed.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let count = 0;

process.on('SIGUSR2', () => {
  collect();
  // What finalizers have let go of.
  setImmediate(() => {
    collect();
    count += 1;
    process.stderr.write(`memory ${count} ${JSON.stringify(process.memoryUsage())}\n`);
  });
});
