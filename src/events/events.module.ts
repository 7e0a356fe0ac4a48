import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { EventFeed } from './event-feed.js';
import { EventMetrics } from './event-metrics.js';
import { EventsQueries } from './events.queries.js';
import { EventsService } from './events.service.js';
import { PostgresWakeUps } from './postgres-wake-ups.js';
import { RedisWakeUps } from './redis-wake-ups.js';
import { Sequencer } from './sequencer.js';
import { WakeUps } from './wake-ups.js';

/** Append in a transaction, deliver after commit, resume from a cursor: needed by every room that changes something. */
@Global()
@Module({
  providers: [
    {
      provide: WakeUps,
      useFactory: ({ redisUrl }: Config, database: Database) =>
        redisUrl === null ? new PostgresWakeUps(database) : new RedisWakeUps(redisUrl),
      inject: [Config, Database],
    },
    EventsQueries,
    EventMetrics,
    EventFeed,
    Sequencer,
    EventsService,
  ],
  exports: [EventsService, EventFeed],
})
export class EventsModule {}
