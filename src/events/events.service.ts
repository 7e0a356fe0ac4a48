import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import type { NewEvent } from './event.js';
import { appendCompleted, type Completion } from './completed-events.queries.js';
import { EventsQueries } from './events.queries.js';
import { Sequencer } from './sequencer.js';

/** Is told events right behind their commit, before whoever made the change is answered. Must not throw. */
export type CommitListener = (events: readonly NewEvent[]) => void;

/** Where the rooms of the shop tell what they changed. */
@Injectable()
export class EventsService {
  private readonly listeners = new Set<CommitListener>();

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
    this.queries.append(tx, events);
    this.tellCommitted(tx, events);
  }

  /**
   * The same with payloads that PostgreSQL completes by what only it knows. Who listens to commits is told them as they are given,
   * so they must be near enough to tell what the change is about.
   */
  async appendCompleted(tx: Tx, completion: Completion, ...events: readonly NewEvent[]): Promise<void> {
    appendCompleted(tx, events, completion);
    this.tellCommitted(tx, events);
  }

  /**
   * Tells the listener what this process commits, each change at once: not in the order of the log, and not what other
   * processes commit. Answers how to stop.
   */
  onCommitted(listener: CommitListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private tellCommitted(tx: Tx, events: readonly NewEvent[]): void {
    tx.afterCommit(() => {
      for (const listener of this.listeners) listener(events);
      this.sequencer.wake();
    });
  }
}
