import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../config/config.js';
import { SETTINGS } from '../config/settings.js';
import { ScratchDatabase } from './scratch-database.js';
import { ServerProcess } from './server-process.js';

const SERVERS = 2;
const NO_LIMIT = '100000';
/** Nobody refreshes a session, however long it takes. */
const TOKEN_SECONDS = '3600';

/** What a shop is like. */
export interface ShopTraits {
  /** How many servers, 2 unless told otherwise. */
  servers?: number;
  /** More environment variables of the servers. */
  settings?: NodeJS.ProcessEnv;
}

/** Servers of a shop with nothing in it, on a database of their own, all on 127.0.0.1 and below the folder of temporary files. */
export class ScratchShop {
  readonly servers: readonly ServerProcess[];
  /** The settings of the servers. */
  readonly config: Config;

  private constructor(
    readonly scratch: ScratchDatabase,
    private readonly folder: string,
    { servers = SERVERS, settings: more = {} }: ShopTraits,
  ) {
    const env = { ...settings(scratch.url), ...more };
    this.config = readConfig(env);
    const all = { ...programEnvironment(), ...env };
    this.servers = Array.from({ length: servers }, () => new ServerProcess(all, folder));
  }

  /** Starts the database; the servers come later. @throws EmbeddedPostgresError when it cannot be started; then nothing is left */
  static async open(traits: ShopTraits = {}): Promise<ScratchShop> {
    const folder = mkdtempSync(join(tmpdir(), 'souk-prove-'));
    try {
      return new ScratchShop(await ScratchDatabase.start(folder), folder, traits);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Where the database lies. */
  get place(): string {
    return this.scratch.home;
  }

  /** @throws Error with what a server has printed, when one does not start */
  async startServers(signal: AbortSignal): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start(signal)));
  }

  /** Ends everything that was started, and removes its files unless they are to be kept. */
  async close(options: { keep: boolean }): Promise<void> {
    await Promise.all(this.servers.map((server) => server.kill()));
    await this.scratch.stop();
    if (options.keep) return;
    // For root the database may lie elsewhere.
    for (const place of [this.place, this.folder]) rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As in production, but without the limits that would keep two hundred buyers from one address out. */
function settings(url: string): NodeJS.ProcessEnv {
  const limits = Object.values(SETTINGS).filter(({ env }) => env.endsWith('_PER_MINUTE'));
  return {
    ...Object.fromEntries(limits.map(({ env }) => [env, NO_LIMIT])),
    [SETTINGS.mode.env]: 'production',
    [SETTINGS.host.env]: '127.0.0.1',
    [SETTINGS.port.env]: '0',
    [SETTINGS.databaseUrl.env]: url,
    [SETTINGS.jwtSecret.env]: randomBytes(32).toString('base64url'),
    [SETTINGS.accessTokenSeconds.env]: TOKEN_SECONDS,
    [SETTINGS.paymentProviders.env]: 'manual,sandbox',
    [SETTINGS.logLevel.env]: 'error',
  };
}

/** The environment without any setting of a shop: what is proved does not depend on how somebody has set theirs. */
function programEnvironment(): NodeJS.ProcessEnv {
  const names = new Set<string>(Object.values(SETTINGS).map(({ env }) => env));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));
}
