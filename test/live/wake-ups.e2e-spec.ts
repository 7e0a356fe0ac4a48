import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { OwnConnection } from '../../src/database/own-connection.js';
import { RedisWakeUps } from '../../src/events/redis-wake-ups.js';
import { PostgresWakeUps } from '../../src/events/postgres-wake-ups.js';
import type { WakeUp, WakeUps } from '../../src/events/wake-ups.js';
import { until, within } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const REDIS = '/usr/bin/redis-server';

let shop: Shop;
const running: (WakeUps & { onApplicationShutdown(): unknown })[] = [];

beforeAll(async () => {
  shop = await startShop();
});

afterEach(async () => {
  for (const wakeUps of running.splice(0)) await wakeUps.onApplicationShutdown();
});

afterAll(() => shop?.close());

function started<T extends PostgresWakeUps | RedisWakeUps>(wakeUps: T): T {
  running.push(wakeUps);
  wakeUps.onApplicationBootstrap();
  return wakeUps;
}

/** How often each kind was heard. */
function heard(wakeUps: WakeUps): Record<WakeUp, number> {
  const counts = { outbox: 0, log: 0 };
  for (const what of ['outbox', 'log'] as const) wakeUps.on(what, () => (counts[what] += 1));
  return counts;
}

/** Tells until it is heard: a wake-up is a hint, and before both are connected nobody hears it. */
async function untilHeard(from: WakeUps, counts: Record<WakeUp, number>, what: WakeUp): Promise<void> {
  const before = counts[what];
  await until(`${what} is heard`, () => {
    from.tell(what);
    return counts[what] > before;
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('wake-ups through PostgreSQL', () => {
  const two = (): [PostgresWakeUps, PostgresWakeUps] => [
    started(new PostgresWakeUps(shop.database)),
    started(new PostgresWakeUps(shop.database)),
  ];

  it('reach the other process, each kind its listener', async () => {
    const [one, other] = two();
    const counts = heard(other);
    await untilHeard(one, counts, 'log');
    expect(counts.outbox).toBe(0);
    await untilHeard(one, counts, 'outbox');
  });

  it('come back when the connection was lost', async () => {
    const [one, other] = two();
    const counts = heard(other);
    await untilHeard(one, counts, 'log');
    await shop.database.query(
      'test.terminate',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'souk wake-ups %'`,
    );
    await untilHeard(one, counts, 'log');
  });

  it('leave no connection behind when they cannot listen', async () => {
    const opened: OwnConnection[] = [];
    const database = {
      connect: async (options: { name: string }) => {
        const connection = await shop.database.connect(options);
        connection.listen = () => Promise.reject(new Error('not now'));
        opened.push(connection);
        return connection;
      },
    };
    started(new PostgresWakeUps(database as unknown as Shop['database']));
    await until('it has tried', () => opened.length > 0);
    await within('the end of its connection', opened[0]?.lost ?? Promise.reject());
  });

  it('are sent as one while one is on its way', async () => {
    const [one, other] = two();
    const counts = heard(other);
    await untilHeard(one, counts, 'outbox');
    for (let n = 0; n < 1_000; n += 1) one.tell('log');
    await until('the log is heard', () => counts.log > 0);
    // What was told behind it is heard behind it.
    for (let n = 0; n < 3; n += 1) await untilHeard(one, counts, 'outbox');
    expect(counts.log).toBeLessThan(5);
  });
});

it('a connection of its own is closed in time when PostgreSQL is frozen', async () => {
  const connection = await shop.database.connect({ name: 'test frozen' });
  const [backend] = await connection.query<{ pid: number }>('test.pid', 'SELECT pg_backend_pid() AS pid');
  if (!backend) throw new Error('It has no process.');
  process.kill(backend.pid, 'SIGSTOP');
  try {
    await within('its end', connection.close());
    await connection.lost;
  } finally {
    process.kill(backend.pid, 'SIGCONT');
  }
});

// Debian's package redis-server.
(existsSync(REDIS) || process.env['CI'] === 'true' ? describe : describe.skip)('wake-ups through Redis', () => {
  let redis: ChildProcess;
  let port: number;

  const serve = async (): Promise<void> => {
    redis = spawn(REDIS, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
    await once(redis, 'spawn');
  };

  beforeAll(async () => {
    port = await freePort();
    await serve();
  });

  afterAll(() => redis?.kill('SIGKILL'));

  it('reach the other process, and come back when Redis does', async () => {
    const url = `redis://127.0.0.1:${port}`;
    const [one, other] = [started(new RedisWakeUps(url)), started(new RedisWakeUps(url))];
    const counts = heard(other);
    await untilHeard(one, counts, 'log');
    expect(counts.outbox).toBe(0);
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    one.tell('log');
    await serve();
    await untilHeard(one, counts, 'outbox');
  });
});

it('a server whose Redis does not answer delivers its events all the same', async () => {
  const without = await startShop({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  try {
    await without.database.query(
      'test.append',
      `INSERT INTO event_outbox (topic, entity_id, type, payload) VALUES ('other', uuidv7(), 'T', '1')`,
    );
    await until('the event has its position', async () => {
      const [row] = await without.database.query<{ last: number }>(
        'test.last',
        'SELECT last_pos AS last FROM event_state',
      );
      return row?.last === 1;
    });
  } finally {
    await without.close();
  }
});
