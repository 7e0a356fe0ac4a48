import { WebSocket as WsWebSocket } from 'ws';
import { createLiveClient, type LiveClient } from '../../client/live/live-client.js';
import type { LiveSocketOptions } from '../../client/live/live-socket.js';
import { until } from '../support/live.js';
import { event, Heard } from './heard.js';
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

describe('a lost connection', () => {
  it('is made again, and the subscription goes on behind the last event that was told', async () => {
    const lost: unknown[] = [];
    let reconnects = 0;
    const heard = new Heard(connect({ onLost: (why) => lost.push(why), onReconnect: () => (reconnects += 1) }), {
      after: 'c0',
      ids: ['a'],
    });
    const first = await server.peer();
    const asked = await first.operation();
    expect(asked).toMatchObject({ variables: { after: 'c0', ids: ['a'] } });
    first.send(event(asked.id, 1), event(asked.id, 2));
    await until('two are told', () => heard.events.length === 2);
    first.socket.terminate();
    const second = await server.peer();
    const again = await second.operation();
    expect(again).toMatchObject({ query: asked.query, variables: { after: 'c2', ids: ['a'] } });
    second.send(event(again.id, 3));
    await until('the third is told', () => heard.events.length === 3);
    expect(heard.events).toEqual([
      [1, 'c1'],
      [2, 'c2'],
      [3, 'c3'],
    ]);
    expect([heard.ends, lost.length, reconnects]).toEqual([[], 1, 1]);
    expect(lost[0]).toMatchObject({ code: 1006 });
  });

  it('loses nothing that happens before the first event, also for who did not say where to begin', async () => {
    const heard = new Heard(connect(), {});
    const first = await server.peer();
    const now = await first.operation();
    expect(now).toMatchObject({ query: '{ liveCursor }' });
    first.send({ type: 'next', id: now.id, payload: { data: { liveCursor: 'c7' } } });
    expect((await first.operation()).variables).toEqual({ after: 'c7' });
    first.socket.terminate();
    const { peer, id, after } = await server.resumed();
    expect(after).toBe('c7');
    peer.send(event(id, 8));
    await until('it is told', () => heard.events.length === 1);
    expect(heard.events).toEqual([[8, 'c8']]);
  });

  it.each([1000, 1001, 1008, 1011, 1012, 1013, 4400, 4409, 4429, 4500])(
    'comes back after close code %i',
    async (code) => {
      const client = connect();
      const both = [new Heard(client), new Heard(client)];
      const first = await server.peer();
      const [one, two] = [await first.operation(), await first.operation()];
      first.send(event(one.id, 1), event(two.id, 1));
      await until('both are told', () => both.every(({ events }) => events.length === 1));
      first.socket.close(code);
      const second = await server.peer();
      const again = [await second.operation(), await second.operation()];
      expect(again.map(({ variables }) => variables)).toEqual([{ after: 'c1' }, { after: 'c1' }]);
      second.send(...again.map(({ id }) => event(id, 2)));
      await until('both are told more', () => both.every(({ events }) => events.length === 2));
      expect(both.map(({ numbers, ends }) => [numbers, ends])).toEqual([
        [[1, 2], []],
        [[1, 2], []],
      ]);
      expect(server.peers).toHaveLength(2);
    },
  );

  it('comes back to a server that was away for a while', async () => {
    const heard = new Heard(connect());
    const port = Number(new URL(server.url).port);
    const { peer, id } = await server.resumed();
    peer.send(event(id, 1));
    await until('it is told', () => heard.events.length === 1);
    await server.stop();
    await new Promise((resolve) => setTimeout(resolve, 300));
    server = await ScriptedServer.start(port);
    const back = await server.resumed();
    expect(back.after).toBe('c1');
    back.peer.send(event(back.id, 2));
    await until('it goes on', () => heard.events.length === 2);
    expect([heard.numbers, heard.ends]).toEqual([[1, 2], []]);
  });
});

describe.each([
  ['of Node', undefined],
  ['of ws', WsWebSocket],
])('a network that is dead, with the WebSocket %s', (_whose, webSocketImpl) => {
  it('is noticed, and what it still brings later is not told twice', async () => {
    const lost: unknown[] = [];
    const heard = new Heard(connect({ webSocketImpl, keepAliveMs: 100, onLost: (why) => lost.push(why) }));
    const first = await server.peer();
    const { id } = await first.operation();
    first.send(event(id, 1));
    await until('it is answered', () => first.pings > 1);
    first.socket.pause();
    const { peer, id: other, after } = await server.resumed();
    expect([after, lost]).toEqual(['c1', [new Error('The server gives no sign of life.')]]);
    first.send(event(id, 2), event(other, 9));
    peer.send(event(other, 2));
    await until('it goes on', () => heard.events.length > 1);
    first.send(event(id, 3), event(other, 9));
    first.socket.resume();
    expect(await first.closed).toBe(4499);
    peer.send(event(other, 3));
    await until('it goes on', () => heard.events.length > 2);
    expect([heard.numbers, heard.ends]).toEqual([[1, 2, 3], []]);
  });

  it('is forgotten with the connection that it was', async () => {
    const lost: unknown[] = [];
    const heard = new Heard(connect({ webSocketImpl, keepAliveMs: 100, onLost: (why) => lost.push(why) }));
    const { peer: first } = await server.resumed();
    first.isDeaf = true;
    await until('a sign of life is asked for', () => first.pings > 0);
    first.socket.terminate();
    const { peer: second } = await server.resumed();
    await until('the other connection has lived longer', () => second.pings > 2);
    expect([lost.length, heard.ends]).toEqual([1, []]);
  });

  it('is noticed during a handshake', async () => {
    server.isMute = true;
    const heard = new Heard(connect({ webSocketImpl, keepAliveMs: 100 }));
    await until('a handshake has begun', () => server.connections > 0);
    server.isMute = false;
    const { peer, id } = await server.resumed();
    peer.send(event(id, 1));
    await until('it is told', () => heard.events.length === 1);
  });
});

it('a server that does not greet is taken for lost', async () => {
  server.greeting = 'none';
  const lost: unknown[] = [];
  const heard = new Heard(connect({ keepAliveMs: 100, onLost: (why) => lost.push(why) }));
  const first = await server.peer();
  server.greeting = 'ack';
  expect(await first.closed).toBe(4499);
  expect((await server.resumed()).after).toBe('c0');
  expect([lost, heard.ends]).toEqual([[new Error('The server has not greeted.')], []]);
});

describe('a token', () => {
  it('that never comes is asked for again', async () => {
    let asked = 0;
    const accessToken = (): Promise<string> =>
      (asked += 1) === 1 ? new Promise(() => undefined) : Promise.resolve('t');
    const heard = new Heard(connect({ accessToken, keepAliveMs: 100 }));
    await server.peer();
    expect((await server.resumed()).peer.params).toEqual({ authorization: 'Bearer t' });
    expect([asked, heard.ends]).toEqual([2, []]);
  });

  it('is asked for before each connection, and another one when the server has refused it', async () => {
    const asked: boolean[] = [];
    const accessToken = ({ fresh }: { fresh: boolean }): Promise<string> => {
      asked.push(fresh);
      return Promise.resolve(`t${asked.length}`);
    };
    const heard = new Heard(connect({ accessToken }));
    const first = await server.resumed();
    server.greeting = 4403;
    first.peer.socket.terminate();
    const refused = await server.peer();
    expect(await refused.closed).toBe(4403);
    server.greeting = 'ack';
    const third = await server.resumed();
    expect(server.peers.map(({ params }) => params)).toEqual([
      { authorization: 'Bearer t1' },
      { authorization: 'Bearer t2' },
      { authorization: 'Bearer t3' },
    ]);
    third.peer.socket.close(4403, 'Token expired');
    await server.resumed();
    expect([asked, heard.ends]).toEqual([[false, false, true, true], []]);
    server.peers.at(-1)?.socket.terminate();
    await server.resumed();
    expect(asked.at(-1)).toBe(false);
  });

  it('that cannot be had now is asked for again; without one nobody asks', async () => {
    const lost: unknown[] = [];
    const accessToken = (): Promise<null> => (lost.length === 0 ? Promise.reject(offline) : Promise.resolve(null));
    const heard = new Heard(connect({ accessToken, onLost: (why) => lost.push(why) }));
    const { peer, after } = await (await server.peer()).closed.then(() => server.resumed());
    expect([after, peer.params, lost, heard.ends]).toEqual(['c0', {}, [offline], []]);
  });
});
