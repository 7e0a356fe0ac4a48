import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, listen } from '../../src/app.js';
import { readConfig, type Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.js';
import { ENTITIES } from '../../src/entities.js';
import { scratchDatabase } from './postgres.js';

/** What the server answered to one operation. */
export interface Answer<T = Record<string, any>> {
  status: number;
  data: T;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[] | undefined;
  extensions: { sql: { statements: number; names: string[] }; milliseconds: number };
}

/** A running shop on a database of its own. */
export interface Shop {
  url: string;
  socketUrl: string;
  database: Database;
  app: NestFastifyApplication;
  /** Sends one operation; `token` signs in. */
  send<T = Record<string, any>>(query: string, variables?: object, token?: string): Promise<Answer<T>>;
  close(): Promise<void>;
}

/** Starts a whole shop: embedded PostgreSQL, HTTP and WebSocket on a free port. Settings by the names of their variables. */
export async function startShop(settings: Record<string, string> = {}): Promise<Shop> {
  const scratch = await scratchDatabase();
  const config = configOf({ DATABASE_URL: scratch.url, ...settings });
  const database = await Database.open({ url: scratch.url, poolSize: config.databasePoolSize, entities: ENTITIES });
  const close = async (app?: NestFastifyApplication): Promise<void> => {
    await app?.close();
    await database.close();
    await scratch.drop();
  };
  const { app, url, socketUrl } = await serve(config, database).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url,
    socketUrl,
    database,
    app,
    send: (query, variables, token) => send(url, { query, variables }, token),
    close: () => close(app),
  };
}

/** Starts another server of a shop, with other settings, on the same connections. Close it before the shop. */
export async function startTwin(shop: Shop, settings: Record<string, string>): Promise<NestFastifyApplication> {
  return (await serve(configOf(settings), shop.database)).app;
}

function configOf(settings: Record<string, string>): Config {
  return readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    JWT_SECRET: 'a secret that only the tests know, 32+',
    SIGN_IN_ATTEMPTS_PER_MINUTE: '100000',
    COUPON_ATTEMPTS_PER_MINUTE: '100000',
    NEW_CARTS_PER_MINUTE: '100000',
    LOG_LEVEL: 'error',
    // Tests also write past the shop, which nothing tells kept answers.
    ANSWERS_KEPT_MB: '0',
    ...settings,
  });
}

async function serve(
  config: Config,
  database: Database,
): Promise<{ app: NestFastifyApplication; url: string; socketUrl: string }> {
  const app = await createApp(config, database);
  const { graphql: url, subscriptions: socketUrl } = await listen(app, config);
  return { app, url, socketUrl };
}

/** POSTs one body to the API and reads the answer. */
export async function send<T = Record<string, any>>(url: string, body: object, token?: string): Promise<Answer<T>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
}
