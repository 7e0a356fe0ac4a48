/**
 * A process that uses the embedded database, for the tests: run by Node 24 itself, which strips the types.
 * Prints one JSON line per event; the line `stop` on its standard input makes it leave, the end of input makes it exit.
 */
import { registerHooks } from 'node:module';
import { createInterface } from 'node:readline';

// Node does not look for x.ts when x.js is imported.
registerHooks({
  resolve: (name, context, next) => {
    const ours = /^\.\.?\//.test(name) && !context.parentURL?.includes('/node_modules/');
    return next(ours ? name.replace(/\.js$/, '.ts') : name, context);
  },
});

const print = (event: object) => void process.stdout.write(`${JSON.stringify(event)}\n`);
const { startEmbeddedPostgres } = await import('../../src/embedded/embedded-postgres.js');

try {
  const home = process.argv[2] ?? '';
  const database = await startEmbeddedPostgres({ home, log: (line) => print({ log: line }) });
  print({ ready: { url: database.url, home: database.home, adopted: database.adopted } });
  const commands = createInterface({ input: process.stdin });
  commands.on('close', () => process.exit());
  commands.on('line', (line) => {
    if (line === 'stop') void database.stop().then(() => print({ stopped: true }));
  });
} catch (error) {
  print({ failed: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  process.exitCode = 1;
}
