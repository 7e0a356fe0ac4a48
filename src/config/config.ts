import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import type { Mode, Setting } from './setting.js';
import { SETTINGS } from './settings.js';

type Settings = typeof SETTINGS;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
type ConfigValues = { readonly [K in keyof Settings]: ValueOf<Settings[K]> };

/** The validated configuration: one typed value for each setting; read once at start, never changed. Injectable by this class. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-extraneous-class -- the injection token of a type
export abstract class Config {}
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- see above
export interface Config extends ConfigValues {}

/** One or more settings are missing or wrong; the message lists them all. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads every setting from the variables given.
 * @throws ConfigError that names every problem at once, with the values of secrets masked.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const mode = (read(SETTINGS.mode, env, 'development', problems) ?? 'development') as Mode;
  const values = Object.entries(SETTINGS).map(([key, setting]) => [key, read(setting, env, mode, problems)] as const);
  const config = Object.fromEntries(values) as unknown as Config;
  if (mode === 'production' && config.demo === 'on') {
    problems.push('DEMO: expected off in production, given on (demo accounts have known passwords)');
  }
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return Object.freeze(config);
}

/** Reads `.env` of the working directory, if there is one, and then the configuration. Real variables win over the file. */
export function loadConfig(overrides: NodeJS.ProcessEnv = {}): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  return readConfig({ ...process.env, ...overrides });
}

function read(setting: Setting<unknown>, env: NodeJS.ProcessEnv, mode: Mode, problems: string[]): unknown {
  const given = env[setting.env];
  if (given === undefined || given === '') {
    const fallback = setting.fallback(mode);
    if (fallback === undefined) problems.push(`${setting.env}: expected ${setting.expects}, given nothing`);
    return fallback;
  }
  const value = setting.parse(given);
  if (value === undefined) {
    const shown = setting.secret ? `${given.length} characters (not shown)` : JSON.stringify(given);
    problems.push(`${setting.env}: expected ${setting.expects}, given ${shown}`);
  }
  return value;
}
