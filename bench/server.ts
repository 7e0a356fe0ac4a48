import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuOf, familyCpuOf } from './usage.ts';

// What is measured is what is built; its types are those of the source.
const BUILT = new URL('../dist/embedded/embedded-postgres.js', import.meta.url).href;
const READY_MS = 30_000;

/** A database that is made for one measurement and removed behind it. */
export interface Bench {
  url: string;
  /** CPU seconds that PostgreSQL has used by now, all of its processes together. */
  databaseCpu(): number;
  stop(): Promise<void>;
}

/** A server process on that database. */
export interface Server {
  url: string;
  /** CPU seconds that it has used by now. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL of its own in a temporary folder. */
export async function startDatabase(): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), 'souk-bench-'));
  const { startEmbeddedPostgres } = (await import(BUILT)) as typeof import('../src/embedded/embedded-postgres.js');
  const postgres = await startEmbeddedPostgres({ home });
  const [pid = ''] = readFileSync(join(postgres.home, 'data', 'postmaster.pid'), 'utf8').split('\n', 1);
  return {
    url: postgres.url,
    databaseCpu: () => familyCpuOf(Number(pid)),
    async stop() {
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
      rmSync(postgres.home, { recursive: true, force: true });
    },
  };
}

/** Starts a server process on a free port, as in production unless told otherwise. */
export async function startServer(databaseUrl: string, settings: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, ['bin/souk.js', 'start'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      JWT_SECRET: 'only for this measurement, more than 32 characters',
      HOST: '127.0.0.1',
      PORT: '0',
      DEMO: 'off',
      PAYMENT_PROVIDERS: 'manual,sandbox',
      NEW_CARTS_PER_MINUTE: '1000000',
      LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await printedUrl(child);
  return {
    url,
    cpu: () => cpuOf(child.pid ?? 0),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function printedUrl(child: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(READY_MS);
  let printed = '';
  for (;;) {
    const [chunk] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data', { signal })) as [Buffer];
    printed += String(chunk);
    const [url] = /http:\/\/\S+\/graphql/.exec(printed) ?? [];
    if (url) return url.replace('localhost', '127.0.0.1');
  }
}
