/**
 * A worker that is open within milliseconds and answers its process id, for the tests of what leads workers: run by Node 24
 * itself, which strips the types. With BROKEN=1 in its environment it ends instead of opening.
 */
import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import type { AddressInfo } from 'node:net';

// Node does not look for x.ts when x.js is imported.
registerHooks({
  resolve: (name, context, next) => {
    const ours = /^\.\.?\//.test(name) && !context.parentURL?.includes('/node_modules/');
    return next(ours ? name.replace(/\.js$/, '.ts') : name, context);
  },
});

if (process.env['BROKEN'] === '1') process.exit(3);
const { HttpDrain } = await import('../../src/workers/http-drain.js');
const { onRetire, ownPlace, tellOpened } = await import('../../src/workers/worker-messages.js');

const server = createServer((request, response) => {
  const streams = request.headers.accept === 'text/event-stream';
  if (streams) response.write(String(process.pid));
  // Later, so that requests are under way when the worker is asked to end.
  else setTimeout(() => response.end(String(process.pid)), 3);
});
const drain = new HttpDrain(server, ({ headers }) => headers.accept === 'text/event-stream');
process.on('SIGTERM', () => process.exit(0));
onRetire(() => void drain.drain().then(() => process.exit(0)));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  tellOpened({ port, pid: process.pid, place: ownPlace() });
});
