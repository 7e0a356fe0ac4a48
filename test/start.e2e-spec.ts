import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { MIGRATIONS } from '../src/database/migrations.js';
import { until } from './support/live.js';
import { souk, type Program } from './support/program.js';
import { send } from './support/shop.js';

const LOGIN = `mutation { login(input: { email: "admin@example.com", password: "admin123" }) { accessToken userErrors { code } } }`;
const CREATE = `mutation Create($input: CreateProductInput!) { createProduct(input: $input) { product { slug } userErrors { code } } }`;

describe('souk start', () => {
  const home = mkdtempSync(join(tmpdir(), 'souk-start-'));
  const programs: Program[] = [];
  afterAll(async () => {
    for (const { child } of programs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });

  const start = async (): Promise<{ program: Program; url: string }> => {
    const program = souk(['start'], { SOUK_HOME: home, PORT: '0' });
    programs.push(program);
    const [, url = ''] = await program.prints(/GraphQL +(http:\S+)[^]*Stop +Ctrl-C/);
    return { program, url };
  };

  /** Process ids of the PostgreSQL servers on our folder. */
  const servers = (): string[] => {
    const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
    return lines.filter((line) => /^ *\d+ \S*bin\/postgres /.test(line) && line.includes(join(home, 'data')));
  };

  /** What a process has in RAM, PostgreSQL not among it. */
  const residentMegabytes = ({ child }: Program): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024;

  it('opens a demo shop, survives kill -9 with everything it acknowledged, and stops when asked', async () => {
    const first = await start();
    expect(first.program.output()).toContain('admin@example.com / admin123');
    expect(first.program.output()).toContain(home);
    const shop = await send(first.url, { query: '{ products { totalCount } shop { currency } }' });
    expect(shop.errors).toBeUndefined();
    expect(shop.data.products.totalCount).toBeGreaterThan(200);

    const login = await send(first.url, { query: LOGIN });
    const token: string = login.data.login.accessToken;
    const client = createClient({ url: first.url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const events = client.iterate({ query: 'subscription { productAdded { product { slug } } }' });
    const received = events.next();
    // The subscription is in place when a later operation on the same socket has been answered.
    await client.iterate({ query: '{ shop { name } }' }).next();
    const created = await send(first.url, { query: CREATE, variables: { input: { name: 'Survivor' } } }, token);
    expect(created.data.createProduct).toEqual({ product: { slug: 'survivor' }, userErrors: [] });
    expect((await received).value).toEqual({
      data: expect.objectContaining({ productAdded: { product: { slug: 'survivor' } } }),
    });
    await client.dispose();

    expect(await first.program.end('SIGKILL')).toBe('SIGKILL');
    const second = await start();
    const again = await send(second.url, {
      query: '{ product(by: { slug: "survivor" }) { name } products { totalCount } }',
    });
    expect(again.data.product).toEqual({ name: 'Survivor' });
    expect(again.data.products.totalCount).toBe(shop.data.products.totalCount + 1);
    expect(servers()).toHaveLength(1);
    // Tokens outlive the restart too: the development secret is kept beside the data.
    const me = await send(second.url, { query: '{ me { email } }' }, token);
    expect(me.data.me).toEqual({ email: 'admin@example.com' });

    if (process.platform === 'linux') {
      await until('it has given back what only the start has needed', () => residentMegabytes(second.program) < 150);
    }
    expect(await second.program.end('SIGTERM')).toBe(0);
    expect(servers()).toEqual([]);
  });

  it('does not open a shop with demo accounts in production', async () => {
    const settings = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32), SOUK_HOME: home, PORT: '0' };
    const program = souk(['start'], settings);
    await program.prints(/This database has the demo account admin@example\.com/);
    expect(await program.end('SIGCONT')).toBe(1);
    expect(program.output()).not.toContain('is open');
  });

  it('shows, reverts and runs migrations', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'souk-migrate-'));
    const run = async (...args: string[]): Promise<string[]> => {
      const program = souk(['migrate', ...args], { SOUK_HOME: empty });
      expect(await program.end('SIGCONT')).toBe(0);
      return program.output().trim().split('\n');
    };
    try {
      expect((await run('up')).every((line) => line.startsWith('done  '))).toBe(true);
      expect(await run('up')).toEqual(['Nothing to do.']);
      expect(await run('down')).toEqual([`reverted  ${MIGRATIONS.at(-1)?.name}`]);
      const status = await run('status');
      const done = Array<string>(MIGRATIONS.length - 1).fill('done');
      expect(status.map((line) => line.split(/ {2,}/)[0])).toEqual([...done, 'to come']);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it('names every wrong setting at once and starts nothing', async () => {
    const program = souk(['start'], { PORT: 'http', SHOP_CURRENCY: 'XXXX', SOUK_HOME: home });
    await program.prints(/SHOP_CURRENCY/);
    expect(program.output().split('\n').slice(0, 3)).toEqual([
      'The configuration is not usable:',
      '  - PORT: expected a whole number from 0 to 65535, given "http"',
      '  - SHOP_CURRENCY: expected an ISO 4217 code such as EUR, given "XXXX"',
    ]);
    expect(await program.end('SIGCONT')).toBe(1);
  });

  it('has help for every command', async () => {
    const program = souk(['--help'], {});
    expect(await program.end('SIGCONT')).toBe(0);
    for (const command of ['start', 'migrate', 'seed', 'import', 'export', 'config', 'schema']) {
      expect(program.output()).toMatch(new RegExp(`^  ${command}\\b.+`, 'm'));
    }
    expect(program.output()).not.toContain('undefined');
  });
});
