import { mock } from 'node:test';
import { parse } from 'graphql';
import { WebSocket as WsWebSocket } from 'ws';
import { BackOff } from '../../client/live/back-off.js';
import { createLiveClient, type LiveClient } from '../../client/live/live-client.js';
import { LiveError } from '../../client/live/live-error.js';
import type { LiveSocketOptions } from '../../client/live/live-socket.js';
import { until } from '../support/live.js';
import { complete, event, EVENTS, failure, Heard, refusal, without } from './heard.js';
import { ScriptedServer } from './scripted-server.js';

let server: ScriptedServer;
const clients: LiveClient[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  await server.stop();
});

function connect(options: Partial<LiveSocketOptions> = {}): LiveClient {
  const client = createLiveClient({ url: server.url, ...options });
  clients.push(client);
  return client;
}

const offline = new Error('offline');

describe('what the server refuses', () => {
  it.each([
    ['CURSOR_EXPIRED', failure],
    ['CURSOR_INVALID', failure],
    ['CURSOR_EXPIRED', refusal],
  ])('as %s is read afresh, and the subscription goes on from there', async (code, refuse) => {
    const heard = new Heard(connect());
    heard.refetch = () => (heard.expiries === 1 ? Promise.reject(offline) : Promise.resolve('c40'));
    const first = await server.peer();
    const { id } = await first.operation();
    first.send(event(id, 1), ...refuse(id, code), event(id, 2));
    const { peer, id: other, after } = await server.resumed();
    expect([after, heard.expiries, heard.numbers]).toEqual(['c40', 2, [1]]);
    peer.send(event(other, 41));
    await until('it goes on', () => heard.events.length === 2);
    peer.socket.close(4500);
    expect((await server.resumed()).after).toBe('c41');
    expect([heard.numbers, heard.expiries, heard.ends]).toEqual([[1, 41], 2, []]);
  });

  it.each([
    ['an error', failure],
    ['an answer', refusal],
    ['a part of an event', (id: string) => [without(id, 2, ['INTERNAL_SERVER_ERROR', 'UNAVAILABLE'])]],
  ])('for the moment is asked again, when it comes as %s', async (_form, refuse) => {
    const lost: unknown[] = [];
    const succeeded = mock.method(BackOff.prototype, 'succeeded');
    const heard = new Heard(connect({ onLost: (why) => lost.push(why) }));
    const first = await server.peer();
    const { id } = await first.operation();
    first.send(event(id, 1), ...refuse(id, 'UNAVAILABLE'));
    const { peer, id: other, after } = await server.resumed();
    peer.send(event(other, 2));
    await until('it goes on', () => heard.events.length === 2);
    expect(succeeded.mock.callCount()).toBe(2);
    succeeded.mock.restore();
    expect([after, heard.numbers, heard.ends]).toEqual(['c1', [1, 2], []]);
    expect(lost).toEqual([expect.objectContaining({ code: 'UNAVAILABLE' })]);
  });

  it.each([
    ['an error', failure],
    ['an answer', refusal],
  ])('for good ends the subscription, when it comes as %s', async (_form, refuse) => {
    const heard = new Heard(connect());
    const peer = await server.peer();
    const { id } = await peer.operation();
    peer.send(event(id, 1), ...refuse(id, 'FORBIDDEN'), event(id, 2));
    await until('it has ended', () => heard.ends.length > 0);
    expect(await peer.closed).toBe(1000);
    expect(heard.numbers).toEqual([1]);
    expect(heard.ends).toEqual([new LiveError([{ message: 'FORBIDDEN', extensions: { code: 'FORBIDDEN' } }])]);
    expect(server.peers).toHaveLength(1);
  });

  it('in part is told with the event', async () => {
    const parts: unknown[] = [];
    connect().subscribe(
      EVENTS,
      { after: 'c0' },
      {
        next: (data, { cursor, errors }) => parts.push([data, cursor, errors]),
        error: (why) => parts.push(why),
        cursorExpired: () => 'never',
      },
    );
    const peer = await server.peer();
    const { id } = await peer.operation();
    const data = { told: { n: null, place: 'c1' } };
    peer.send({ type: 'next', id, payload: { data, errors: [{ message: 'No version' }] } });
    await until('it is told', () => parts.length > 0);
    expect(parts).toEqual([[data, 'c1', [{ message: 'No version' }]]]);
  });
});

describe('the end', () => {
  it('comes when the server has nothing more to tell', async () => {
    const heard = new Heard(connect());
    const { peer, id } = await server.resumed();
    peer.send(event(id, 1), complete(id));
    expect(await peer.closed).toBe(1000);
    expect([heard.numbers, heard.ends]).toEqual([[1], ['complete']]);
  });

  it('comes at once and silently for who unsubscribes, also from within an event, and for nobody else', async () => {
    const client = connect();
    const [heard, other] = [new Heard(client), new Heard(client)];
    heard.react = (n) => n === 2 && heard.unsubscribe();
    const peer = await server.peer();
    const [{ id }, { id: otherId }] = [await peer.operation(), await peer.operation()];
    peer.send(event(id, 1), event(id, 2), event(id, 3), complete(id), event(otherId, 1));
    await until('the other is told', () => other.events.length === 1);
    peer.send(event(id, 4), event(otherId, 2));
    await until('the other is told more', () => other.events.length === 2);
    expect([heard.numbers, heard.ends, other.ends]).toEqual([[1, 2], [], []]);
    other.unsubscribe();
    expect(await peer.completion()).toBe(otherId);
    expect(await peer.closed).toBe(1000);
    expect(server.peers).toHaveLength(1);
  });

  it('comes with the error of who was told, and the next event is not told', async () => {
    const client = connect();
    const [heard, other] = [new Heard(client), new Heard(client)];
    const mistake = new Error('a mistake on the page');
    heard.react = () => {
      throw mistake;
    };
    const peer = await server.peer();
    const [{ id }, { id: otherId }] = [await peer.operation(), await peer.operation()];
    peer.send(event(id, 1), event(id, 2), event(otherId, 1));
    expect(await peer.completion()).toBe(id);
    await until('the other is told', () => other.events.length === 1);
    expect([heard.numbers, heard.ends, other.ends]).toEqual([[1], [mistake], []]);
    expect(server.peers).toHaveLength(1);
  });

  it('comes when an event has no cursor', async () => {
    const heard = new Heard(connect());
    const { peer, id } = await server.resumed();
    peer.send({ type: 'next', id, payload: { data: { told: { n: 1 } } } });
    expect(await peer.closed).toBe(1000);
    expect(heard.events).toEqual([]);
    expect(heard.ends).toEqual([new Error('Events cannot be resumed: it needs the cursor with each event.')]);
  });
});

it.each([
  ['{ liveCursor }', 'This document cannot be resumed: it needs exactly one operation, a subscription.'],
  ['subscription A { a { cursor } } subscription B { b { cursor } }', 'exactly one operation, a subscription.'],
  ['subscription Now { a { cursor } }', 'Now cannot be resumed: it needs the argument after: $after.'],
  ['subscription ($from: Cursor) { a(after: $from) { cursor } }', 'the argument after: $after.'],
  ['subscription ($after: Cursor) { a(after: $after) { id } }', 'the field cursor of the event.'],
  ['subscription ($after: Cursor) { a(after: $after) { b { cursor } } }', 'the field cursor of the event.'],
  ['subscription ($after: Cursor) { a(after: $after) { cursor: id } }', 'the field cursor of the event.'],
])('%s is no live document', async (text, words) => {
  const sink = { next: () => undefined, error: () => undefined, cursorExpired: () => 'never' };
  expect(() => connect().subscribe(parse(text), {}, sink)).toThrow(words);
  expect(server.connections).toBe(0);
});

describe('dispose', () => {
  it('resolves when the socket is closed', async () => {
    const sockets: WsWebSocket[] = [];
    class KnownWebSocket extends WsWebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        sockets.push(this);
      }
    }
    const client = connect({ webSocketImpl: KnownWebSocket });
    const heard = new Heard(client);
    await server.resumed();
    await client.dispose();
    expect(sockets.map(({ readyState }) => readyState)).toEqual([WsWebSocket.CLOSED]);
    expect(heard.ends).toEqual([]);
  });

  /** How many timers or connections this process has. */
  const countOf = (kind: 'Timeout' | 'TCPSocketWrap'): number =>
    process.getActiveResourcesInfo().filter((active) => active === kind).length;

  let lost = 0;

  it.each<[string, Partial<LiveSocketOptions>, () => Promise<unknown>]>([
    ['while events come', {}, () => server.resumed().then(({ peer, id }) => peer.send(event(id, 1)))],
    ['while a token is awaited', { accessToken: () => new Promise(() => undefined) }, () => server.peer()],
    [
      'between two connections',
      {},
      async () => {
        await server.resumed();
        await server.stop();
        await until('it is noticed', () => lost > 0);
      },
    ],
  ])('leaves neither sockets nor timers %s', async (_when, options, reach) => {
    const [timers, connections] = [countOf('Timeout'), countOf('TCPSocketWrap')];
    const client = connect({ ...options, keepAliveMs: 60_000, onLost: () => (lost += 1) });
    const heard = new Heard(client);
    await reach();
    await client.dispose();
    await until('no connection is left', () => server.connections === 0 && countOf('TCPSocketWrap') <= connections);
    expect(countOf('Timeout')).toBeLessThanOrEqual(timers);
    expect(heard.ends).toEqual([]);
    expect(() => new Heard(client)).toThrow('This client was disposed of.');
  });
});
