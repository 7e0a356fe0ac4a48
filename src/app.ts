import { isIPv6 } from 'node:net';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { FastifyReply } from 'fastify';
import type { Config } from './config/config.js';
import type { Database } from './database/database.js';
import { EventStreams } from './server/event-streams.js';
import { IDE_PATH, serveIde } from './server/ide.js';
import { OperationRules } from './operations/operation-rules.js';
import { GRAPHQL_PATH } from './graphql/paths.js';
import { serveWebhooks } from './payments/payment-webhooks.js';
import { PaymentsService } from './payments/payments.service.js';
import { PlannedRequests } from './server/planned-requests.js';
import { refuseLongDocuments } from './server/request-limits.js';
import { countRequestStatements } from './server/request-statements.js';
import { createLogger } from './telemetry/logger.js';

const BODY_LIMIT = 100 * 1024;
const REQUEST_TIMEOUT_MS = 20_000;

/** Puts the server together on an open database, ready to listen. */
export async function createApp(config: Config, database: Database): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 5_000 },
    trustProxy: (_address: string, hop: number) => hop < config.trustedProxies,
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config, database), adapter, {
    logger: createLogger(config),
    abortOnError: false,
  });
  await secure(app, config);
  const server = adapter.getInstance();
  app.get(EventStreams, { strict: false }).serve(server);
  app.get(PlannedRequests, { strict: false }).serve(server);
  refuseLongDocuments(server, app.get(OperationRules, { strict: false }));
  serveWebhooks(server, app.get(PaymentsService, { strict: false }));
  server.get('/health', (_request, reply) => answerHealth(database, reply));
  if (config.mode !== 'production') {
    countRequestStatements(server);
    serveIde(server);
  }
  return app;
}

/** For load balancers and container health checks: 200 when this process can reach its database, else 503. */
async function answerHealth(database: Database, reply: FastifyReply): Promise<FastifyReply> {
  try {
    await database.query('app.health', 'SELECT 1');
    return reply.send({ status: 'ok' });
  } catch {
    return reply.code(503).send({ status: 'database unreachable' });
  }
}

async function secure(app: NestFastifyApplication, config: Config): Promise<void> {
  await app.register(helmet, {
    // The IDE and Apollo Sandbox are pages with scripts of their own; they exist in development only.
    contentSecurityPolicy: config.mode === 'production',
    strictTransportSecurity: config.mode === 'production',
    crossOriginEmbedderPolicy: false,
  });
  await app.register(cors, {
    origin: config.corsOrigins === '*' ? true : config.corsOrigins.split(',').filter(Boolean),
    methods: ['GET', 'POST'],
    maxAge: 600,
  });
}

/** Where a running server answers. */
export interface Addresses {
  graphql: string;
  subscriptions: string;
  /** `null` in production. */
  ide: string | null;
}

/** Starts listening and tells the addresses, with the port that was really taken. */
export async function listen(app: NestFastifyApplication, config: Config): Promise<Addresses> {
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as { port: number };
  const everywhere = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.host);
  const host = `${everywhere ? 'localhost' : isIPv6(config.host) ? `[${config.host}]` : config.host}:${port}`;
  return {
    graphql: `http://${host}${GRAPHQL_PATH}`,
    subscriptions: `ws://${host}${GRAPHQL_PATH}`,
    ide: config.mode === 'production' ? null : `http://${host}${IDE_PATH}`,
  };
}
