/** Sends bytes that it was given, by the bytes that it is asked with. Argument: a file of [body of the request, head, body] in JSON. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Recorded } from './static.ts';

const [, , file = ''] = process.argv;
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded[];
const answers = new Map(
  recorded.map(({ request, headers, body }) => [request, { headers, body: Buffer.from(body, 'base64') }]),
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const answer = answers.get((chunks.length === 1 ? first : Buffer.concat(chunks)).toString());
    if (answer) response.writeHead(200, answer.headers).end(answer.body);
    else response.writeHead(404, { 'content-length': 0 }).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`));
