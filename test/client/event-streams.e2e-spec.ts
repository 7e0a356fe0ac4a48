import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEventStreamClient, type LiveClient } from '../../client/live/live-client.js';
import type { LiveOptions } from '../../client/live/live-carrier.js';
import { until } from '../support/live.js';
import { Heard } from './heard.js';
import { Queue } from './scripted-server.js';

/** A request for a stream, and how to answer it. */
interface Request {
  headers: IncomingMessage['headers'];
  body: { query: string; variables?: { after?: string } };
  response: ServerResponse;
}

let server: Server;
let requests: Queue<Request>;
let client: LiveClient;
const lost: unknown[] = [];

beforeEach(async () => {
  requests = new Queue('a request');
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  lost.length = 0;
});

afterEach(async () => {
  await client?.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = (await request.toArray()).join('');
  requests.put({ headers: request.headers, body: JSON.parse(text) as Request['body'], response });
}

function connect(options: Partial<LiveOptions> = {}): LiveClient {
  const { port } = server.address() as AddressInfo;
  client = createEventStreamClient({
    url: `http://127.0.0.1:${port}/graphql`,
    onLost: (why) => lost.push(why),
    ...options,
  });
  return client;
}

/** The next request, with the stream begun. */
async function stream(): Promise<Request> {
  const request = await requests.next();
  request.response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return request;
}

const next = (result: object, id = ''): string => `${id}event: next\ndata: ${JSON.stringify(result)}\n\n`;
const event = (n: number): string => next({ data: { told: { n, place: `c${n}` } } }, `id: c${n}\n`);
const failure = (code: string): string => next({ errors: [{ message: code, extensions: { code } }] }) + complete;
const complete = 'event: complete\ndata:\n\n';

describe('a stream of server-sent events', () => {
  it('tells what comes in any pieces, and goes on behind the last event when it is cut', async () => {
    let reconnects = 0;
    const heard = new Heard(connect({ onReconnect: () => (reconnects += 1) }), { after: 'c0', ids: ['ä: b'] });
    const first = await stream();
    expect(first.headers).toMatchObject({ accept: 'text/event-stream', 'content-type': 'application/json' });
    expect(first.body.variables).toEqual({ after: 'c0', ids: ['ä: b'] });
    const bytes = Buffer.from(`:\n\n${event(1)}${event(2)}${event(3)}`);
    for (const [index] of bytes.entries()) {
      first.response.write(bytes.subarray(index, index + 1));
      if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('three are told', () => heard.events.length === 3);
    first.response.destroy();
    const second = await stream();
    expect(second.body).toEqual({ query: first.body.query, variables: { after: 'c3', ids: ['ä: b'] } });
    second.response.end(event(4) + event(5));
    const third = await stream();
    expect(third.body.variables?.after).toBe('c5');
    third.response.end(event(6) + complete);
    await until('it has ended', () => heard.ends.length > 0);
    expect([heard.numbers, heard.ends, lost.length, reconnects]).toEqual([[1, 2, 3, 4, 5, 6], ['complete'], 2, 2]);
  });

  it('begins where the log stands', async () => {
    const heard = new Heard(connect(), {});
    const asked = await stream();
    expect(asked.body.query).toBe('{ liveCursor }');
    asked.response.end(next({ data: { liveCursor: 'c7' } }) + complete);
    const { body, response } = await stream();
    expect(body.variables).toEqual({ after: 'c7' });
    response.write(event(8));
    await until('it is told', () => heard.events.length === 1);
  });

  it('is given up when the server says nothing, or something else, or does not answer', async () => {
    const heard = new Heard(connect({ keepAliveMs: 150 }));
    const first = await stream();
    first.response.write(event(1));
    const second = await requests.next();
    second.response.writeHead(503).end('{}');
    const third = await requests.next();
    const fourth = await stream();
    fourth.response.write(event(2));
    await until('it goes on', () => heard.events.length === 2);
    const asked = [first, second, third, fourth].map(({ body }) => body.variables?.after);
    expect([asked, heard.ends]).toEqual([['c0', 'c1', 'c1', 'c1'], []]);
    const silent = new Error('The server gives no sign of life.');
    expect(lost.slice(0, 3)).toEqual([silent, new Error('The server has answered 503.'), silent]);
  });

  it('asks for another token when one is refused, once', async () => {
    const asked: boolean[] = [];
    const heard = new Heard(connect({ accessToken: ({ fresh }) => `t${asked.push(fresh)}` }));
    const first = await stream();
    first.response.end(failure('UNAUTHENTICATED'));
    const second = await stream();
    expect([first.headers.authorization, second.headers.authorization]).toEqual(['Bearer t1', 'Bearer t2']);
    second.response.end(failure('UNAUTHENTICATED'));
    await until('it has ended', () => heard.ends.length > 0);
    expect([asked, heard.ends]).toEqual([[false, true], [expect.objectContaining({ code: 'UNAUTHENTICATED' })]]);
  });

  it('is read afresh, tried again or ended, as what it is refused with says', async () => {
    const heard = new Heard(connect());
    heard.refetch = () => 'c40';
    (await stream()).response.end(event(1) + failure('CURSOR_EXPIRED'));
    const second = await stream();
    expect(second.body.variables?.after).toBe('c40');
    second.response.end(event(41) + failure('UNAVAILABLE'));
    const third = await stream();
    expect(third.body.variables?.after).toBe('c41');
    third.response.end(failure('FORBIDDEN') + event(42));
    await until('it has ended', () => heard.ends.length > 0);
    expect([heard.numbers, heard.expiries]).toEqual([[1, 41], 1]);
    expect(heard.ends).toEqual([expect.objectContaining({ code: 'FORBIDDEN' })]);
  });

  it('is closed by who unsubscribes, and nothing more is told', async () => {
    const heard = new Heard(connect());
    heard.react = (n) => n === 2 && heard.unsubscribe();
    const { response } = await stream();
    const closed = new Promise((resolve) => response.on('close', resolve));
    response.write(event(1) + event(2) + event(3));
    await closed;
    expect([heard.numbers, heard.ends, lost]).toEqual([[1, 2], [], []]);
  });
});
