import { mock } from 'node:test';
import { createLiveClient } from '../../client/live/live-client.js';
import type { LiveClient } from '../../client/live/live-client.js';
import { event, Heard } from './heard.js';

/** A WebSocket without a network: the test says what comes, and when. */
class SilentSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static readonly made: SilentSocket[] = [];
  readyState = SilentSocket.OPEN;
  readonly protocol = 'graphql-transport-ws';
  onopen: () => unknown = () => undefined;
  onmessage: ((message: { data: string }) => unknown) | null = null;
  onclose: unknown;
  onerror: unknown;
  /** What the client has said. */
  readonly said: { type: string; id?: string }[] = [];

  constructor() {
    SilentSocket.made.push(this);
  }

  addEventListener(): void {
    // The client of graphql-ws is told by properties; who else listens is told nothing here.
  }

  send(text: string): void {
    this.said.push(JSON.parse(text) as { type: string });
  }

  close(): void {
    this.readyState = SilentSocket.CLOSED;
  }

  /** Something has come. */
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  get pings(): number {
    return this.said.filter(({ type }) => type === 'ping').length;
  }
}

const SILENT = new Error('The server gives no sign of life.');

let client: LiveClient;
let lost: unknown[];

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  lost = [];
  SilentSocket.made.length = 0;
  client = createLiveClient({
    url: 'http://localhost/graphql',
    webSocketImpl: SilentSocket,
    onLost: (why) => lost.push(why),
  });
});

afterEach(async () => {
  await Promise.race([client.dispose(), passing()]);
  mock.timers.reset();
});

/** Everything has happened that waits for nothing but its turn. */
const passing = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Goes on in time by milliseconds. */
async function pass(milliseconds: number): Promise<void> {
  mock.timers.tick(milliseconds);
  await passing();
}

async function subscribed(): Promise<{ heard: Heard; socket: SilentSocket; id: string }> {
  const heard = new Heard(client);
  await passing();
  const [socket] = SilentSocket.made as [SilentSocket];
  await socket.onopen();
  socket.says({ type: 'connection_ack' });
  await passing();
  const id = socket.said.find(({ type }) => type === 'subscribe')?.id ?? '';
  return { heard, socket, id };
}

it('a server that has said nothing for 10 s after a ping is taken for lost', async () => {
  const { heard, socket } = await subscribed();
  await pass(9_999);
  expect(socket.pings).toBe(0);
  await pass(1);
  expect(socket.pings).toBe(1);
  await pass(9_999);
  expect(lost).toEqual([]);
  await pass(1);
  expect([lost, heard.ends]).toEqual([[SILENT], []]);
});

it('a server that goes on saying something is there, however late the answer to a ping', async () => {
  const { heard, socket, id } = await subscribed();
  await pass(10_000);
  for (let n = 1; n <= 5; n += 1) {
    await pass(9_999);
    socket.says(event(id, n));
  }
  expect([socket.pings, lost, heard.numbers]).toEqual([1, [], [1, 2, 3, 4, 5]]);
  await pass(9_999);
  expect(lost).toEqual([]);
  await pass(1);
  expect([lost, heard.ends]).toEqual([[SILENT], []]);
});

it('what comes while no answer is awaited begins no wait', async () => {
  const { socket, id } = await subscribed();
  await pass(10_000);
  socket.says({ type: 'pong' });
  socket.says(event(id, 1));
  await pass(10_000);
  expect([socket.pings, lost]).toEqual([2, []]);
});
