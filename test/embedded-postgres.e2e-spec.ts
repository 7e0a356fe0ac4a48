import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { locateNative } from '../src/embedded/binaries.js';
import { isRunning } from '../src/embedded/process.js';
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../src/embedded/embedded-postgres.js';

const DEADLINE_MS = 30_000;
const asRoot = process.getuid?.() === 0 ? it : it.skip;

interface Ready {
  url: string;
  home: string;
  adopted: boolean;
}

/** Another process that uses the database. */
class User {
  readonly logs: string[] = [];
  ready: Ready | null = null;
  failed: string | null = null;
  stopped = false;
  readonly #child: ChildProcess;

  constructor(home: string) {
    const program = join(import.meta.dirname, 'support', 'embedded-user.ts');
    this.#child = spawn(process.execPath, ['--no-warnings', program, home], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin?.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const event: { log?: string } & Partial<User> = JSON.parse(line);
      if (event.log) this.logs.push(event.log);
      this.ready = event.ready ?? this.ready;
      this.failed = event.failed ?? this.failed;
      this.stopped = event.stopped ?? this.stopped;
    });
    users.push(this);
  }

  async start(): Promise<Ready> {
    await until('the user is ready', () => this.ready !== null || this.failed !== null);
    if (!this.ready) throw new Error(this.failed ?? 'not ready');
    return this.ready;
  }

  async stop(): Promise<void> {
    this.#child.stdin?.write('stop\n');
    await until('the user has left', () => this.stopped);
    this.#child.stdin?.end();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const users: User[] = [];
const directory = mkdtempSync(join(tmpdir(), 'souk-embedded-'));
const home = join(directory, 'home');

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms: ${what}`);
    await sleep(10);
  }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<unknown[]>({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end().catch(() => undefined);
  }
}

const works = (url: string): Promise<boolean> =>
  query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

function serverPid(): number {
  return Number.parseInt(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8'), 10);
}

function noServerRuns(): boolean {
  try {
    return !isRunning(serverPid());
  } catch {
    return true;
  }
}

beforeAll(() => chmodSync(directory, 0o755));

afterEach(async () => {
  for (const user of users.splice(0)) user.kill();
  await until('the server has ended', noServerRuns);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('one home', () => {
  it('creates the database once when two processes start at the same moment, and lets both in', async () => {
    const both = [new User(home), new User(home)];
    const ready = await Promise.all(both.map((user) => user.start()));
    expect(ready.map(({ adopted }) => String(adopted)).toSorted()).toEqual(['false', 'true']);
    expect(both.flatMap(({ logs }) => logs).filter((line) => line.startsWith('creating'))).toHaveLength(1);
    const [, way] = /^postgres:\/\/souk:[0-9a-f]{64}@127\.0\.0\.1:\d+\/souk\?host=(.+)$/.exec(ready[0]!.url) ?? [];
    expect(decodeURIComponent(way ?? '')).toBe(join(home, 'data'));
    expect(ready[1]!.url).toBe(ready[0]!.url);
    expect(readdirSync(home).filter((name) => name.startsWith('data'))).toEqual(['data']);
  });

  it('gives the role a database of its own with the extensions, and no more rights than that', async () => {
    const { url } = await new User(home).start();
    await query(url, 'CREATE EXTENSION pg_trgm');
    await query(url, 'CREATE EXTENSION unaccent');
    await query(url, 'CREATE TABLE kept (id int PRIMARY KEY)');
    expect(await query(url, `SELECT unaccent('Café'), similarity('souk', 'souk')`)).toEqual(['Cafe', 1]);
    expect(await query(url, `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'souk'`)).toEqual([
      'souk',
    ]);
    expect(await query(url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([false]);
    await expect(query(url.replace(/souk:[0-9a-f]+/, 'souk:wrong'), 'SELECT 1')).rejects.toMatchObject({
      code: '28P01',
    });
  });

  it('runs durable, on the loopback address and a socket in its own folder only, in UTC', async () => {
    const { url } = await new User(home).start();
    const names = ['fsync', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'TimeZone', 'jit'];
    const values = await Promise.all(names.map((name) => query(url, `SHOW ${name}`)));
    expect(values.flat()).toEqual(['on', 'on', '127.0.0.1', join(home, 'data'), 'UTC', 'off']);
    expect(await query(url, 'SELECT inet_client_addr() IS NULL')).toEqual([true]);
    // Without a socket, as where its path is too long, the loopback address does.
    expect(await query(url.replace(/\?host=.*/, ''), 'SELECT inet_client_addr()::text')).toEqual(['127.0.0.1/32']);
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
  });

  it('stays for a second process when its starter leaves, and ends with the last one', async () => {
    const starter = new User(home);
    await starter.start();
    const joiner = new User(home);
    const { url, adopted } = await joiner.start();
    expect(adopted).toBe(true);
    const pid = serverPid();
    await starter.stop();
    expect(await works(url)).toBe(true);
    await joiner.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it('ends by itself when its only user is killed, and keeps every acknowledged row', async () => {
    const user = new User(home);
    const { url } = await user.start();
    const pid = serverPid();
    await query(url, 'INSERT INTO kept VALUES (1), (2)');
    user.kill();
    await until('the server has ended', () => !isRunning(pid));
    const next = await new User(home).start();
    expect(next).toEqual({ url, home, adopted: false });
    expect(await query(next.url, 'SELECT id FROM kept ORDER BY id')).toEqual([1, 2]);
  });

  it('comes back on the same port for everybody when the server is killed', async () => {
    const [starter, joiner] = [new User(home), new User(home)];
    const [{ url }] = await Promise.all([starter.start(), joiner.start()]);
    const pid = serverPid();
    process.kill(pid, 'SIGKILL');
    const isBack = ({ logs }: User) => logs.some((line) => line.startsWith('the database is back on port'));
    await until('both are back', () => isBack(starter) && isBack(joiner));
    expect(serverPid()).not.toBe(pid);
    expect(await query(url, 'SELECT count(*)::int FROM kept')).toEqual([2]);
    const again = serverPid();
    await starter.stop();
    expect(await works(url)).toBe(true);
    await joiner.stop();
    expect(isRunning(again)).toBe(false);
  });

  (process.platform === 'linux' ? it : it.skip)('is guarded again when its watchdog is killed', async () => {
    const user = new User(home);
    const { url } = await user.start();
    const server = serverPid();
    const watchdog = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${server}/status`, 'utf8'))?.[1]);
    const children = readFileSync(`/proc/${watchdog}/task/${watchdog}/children`, 'utf8').trim().split(' ').map(Number);
    for (const pid of [watchdog, ...children.filter((child) => child !== server)]) process.kill(pid, 'SIGKILL');
    await until('it is back', () => user.logs.some((line) => line.includes('is back on port')));
    expect(await works(url)).toBe(true);
    const pid = serverPid();
    user.kill();
    await until('the server has ended', () => !isRunning(pid));
  });

  it('takes another port when its own is in use by another program', async () => {
    const { port }: { port: number } = JSON.parse(readFileSync(join(home, 'connection.json'), 'utf8'));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const { url } = await new User(home).start();
    other.close();
    expect(Number(new URL(url).port)).not.toBe(port);
    expect(await works(url)).toBe(true);
  });

  it('removes the lock of a process that has ended', async () => {
    const gone = spawn('true');
    await new Promise((resolve) => gone.once('exit', resolve));
    writeFileSync(join(home, 'start.lock'), `${gone.pid}\n`);
    expect(await works((await new User(home).start()).url)).toBe(true);
    expect(existsSync(join(home, 'start.lock'))).toBe(false);
  });

  it('sets a new password when the kept one is lost', async () => {
    rmSync(join(home, 'connection.json'));
    const { url } = await new User(home).start();
    expect(await query(url, 'SELECT count(*)::int FROM kept')).toEqual([2]);
  });

  it('ends in the process that started it when that one stops, and starts there again', async () => {
    for (const adopted of [false, false]) {
      const database = await startEmbeddedPostgres({ home });
      const pid = serverPid();
      expect(database.adopted).toBe(adopted);
      await Promise.all([database.stop(), database.stop()]);
      expect(isRunning(pid)).toBe(false);
    }
  });
});

describe('what it refuses', () => {
  it('names the version that wrote the data, and leaves it alone', async () => {
    const old = join(directory, 'old');
    mkdirSync(join(old, 'data'), { recursive: true });
    writeFileSync(join(old, 'data', 'PG_VERSION'), '17\n');
    const refused = startEmbeddedPostgres({ home: old });
    await expect(refused).rejects.toThrow(EmbeddedPostgresError);
    await expect(refused).rejects.toThrow(/written by PostgreSQL 17, and this Souk brings PostgreSQL 18/);
    expect(readdirSync(join(old, 'data'))).toEqual(['PG_VERSION']);
  });

  it('names a platform without a package, and the way out', () => {
    const machine = { platform: 'sunos', arch: 'mips', musl: false };
    expect(() => locateNative(machine)).toThrow(/no embedded PostgreSQL for sunos-mips.*Set DATABASE_URL/);
    const alpine = { platform: 'linux', arch: 'x64', musl: true };
    expect(() => locateNative(alpine)).toThrow(/linux-x64 with musl .*Set DATABASE_URL/);
  });
});

describe('as root (skipped for ordinary users)', () => {
  asRoot('moves the database out of a directory that its account cannot reach, and says so', async () => {
    const closed = join(directory, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const user = new User(join(closed, randomBytes(4).toString('hex')));
    const ready = await user.start();
    expect(ready.home).toMatch(/^\/var\/lib\/souk\/[0-9a-f]{12}$/);
    expect(user.logs.join('\n')).toContain(`the database is in ${ready.home}`);
    expect(readdirSync(closed)).toEqual([]);
    expect(await works(ready.url)).toBe(true);
    await user.stop();
    rmSync(ready.home, { recursive: true });
  });
});
