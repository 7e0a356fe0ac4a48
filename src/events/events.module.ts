import { Global, Module } from '@nestjs/common';
import { EventFeed } from './event-feed.js';
import { EventsQueries } from './events.queries.js';
import { EventsService } from './events.service.js';
import { Sequencer } from './sequencer.js';

/** Append in a transaction, deliver after commit, resume from a cursor: needed by every room that changes something. */
@Global()
@Module({
  providers: [EventsQueries, EventFeed, Sequencer, EventsService],
  exports: [EventsService, EventFeed],
})
export class EventsModule {}
