import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { EventFeed } from './event-feed.js';
import { EventMetrics } from './event-metrics.js';
import { EventsQueries } from './events.queries.js';
import { EventsService } from './events.service.js';
import { PostgresWakeUps } from './postgres-wake-ups.js';
import { Sequencer } from './sequencer.js';
import { WakeUps } from './wake-ups.js';

/** Append in a transaction, deliver after commit, resume from a cursor: needed by every room that changes something. */
@Global()
@Module({
  providers: [
    {
      provide: WakeUps,
      useFactory: async ({ redisUrl }: Config, database: Database) => {
        if (redisUrl === null) return new PostgresWakeUps(database);
        // Its client is loaded only where there is a Redis.
        const { RedisWakeUps } = await import('./redis-wake-ups.js');
        return new RedisWakeUps(redisUrl);
      },
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
