import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import type { NewEvent } from './event.js';
import { EventsQueries } from './events.queries.js';
import { Sequencer } from './sequencer.js';

/** Where the rooms of the shop tell what they changed. */
@Injectable()
export class EventsService {
  constructor(
    private readonly queries: EventsQueries,
    private readonly sequencer: Sequencer,
  ) {}

  /**
   * Writes events in the transaction of the change, after the rows were changed: either both are there or none.
   * They are delivered after the commit.
   */
  async append(tx: Tx, ...events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.queries.append(tx, events);
    tx.afterCommit(() => this.sequencer.wake());
  }
}
