import { readFileSync } from 'node:fs';
import { readConfig, ConfigError } from './config.js';
import { envExample } from './env-example.js';

const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('needs nothing in development', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      mode: 'development',
      port: 4000,
      databaseUrl: null,
      demo: 'on',
      shopCurrency: 'GBP',
    });
  });

  it('lists every problem at once, with secrets masked', () => {
    const env = { PORT: 'http', DATABASE_URL: 'mysql://root:hunter2@db', JWT_SECRET: 'too-short', SHOP_CURRENCY: 'XX' };
    expect(problemsOf(env)).toEqual([
      'PORT: expected a whole number from 0 to 65535, given "http"',
      'DATABASE_URL: expected postgres://user:password@host:port/database, given 23 characters (not shown)',
      'JWT_SECRET: expected at least 32 characters (for example from: openssl rand -base64 32), given 9 characters (not shown)',
      'SHOP_CURRENCY: expected an ISO 4217 code such as EUR, given "XX"',
    ]);
  });

  it('does not start in production without a secret of 32 characters', () => {
    const missing = [
      'JWT_SECRET: expected at least 32 characters (for example from: openssl rand -base64 32), given nothing',
    ];
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual(missing);
    expect(problemsOf({ NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) })).toEqual([]);
  });

  it('keeps demo accounts out of production', () => {
    const production = { NODE_ENV: 'production', JWT_SECRET: 'x'.repeat(32) };
    expect(readConfig(production).demo).toBe('off');
    expect(problemsOf({ ...production, DEMO: 'on' })).toHaveLength(1);
  });

  it('is what .env.example documents', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(envExample());
  });
});
