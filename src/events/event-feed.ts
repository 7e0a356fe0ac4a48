import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database } from '../database/database.js';
import { CursorExpired, CursorInvalid, Unavailable } from '../errors/request-errors.js';
import { streamCursor, streamPosition } from './cursor.js';
import type { LoggedEvent } from './event.js';
import { EventMetrics } from './event-metrics.js';
import { EventRing } from './event-ring.js';
import { EventsQueries } from './events.queries.js';
import { WakeUps } from './wake-ups.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
const BATCH = 1_000;
const RING = { events: 5_000, bytes: 16 * 1024 * 1024 };

/** Is told the next events, in order and without gaps. Must not throw. */
export type EventListener = (events: readonly LoggedEvent[]) => void;

/** Follows the event log and tells it to everybody in this process who listens. */
@Injectable()
export class EventFeed implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EventFeed.name);
  private readonly ring = new EventRing(RING);
  private readonly loop = new WorkLoop(() => this.follow(), POLL_MS);
  private readonly listeners = new Set<EventListener>();
  private epoch = '';
  private pos = 0;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
    private readonly wakeUps: WakeUps,
    private readonly metrics: EventMetrics,
  ) {}

  // Filled before anybody asks: else thousands who come back after a restart would each read the table.
  async onModuleInit(): Promise<void> {
    const { epoch, lastPos } = await this.queries.state(this.database);
    this.epoch = epoch;
    const newest = await this.queries.newest(this.database, RING.events);
    this.ring.add(newest);
    this.pos = newest.at(-1)?.pos ?? lastPos;
  }

  onApplicationBootstrap(): void {
    this.wakeUps.on('log', () => this.loop.wake());
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Position of the newest event known here; everything up to it has been told to the listeners. */
  get position(): number {
    return this.pos;
  }

  /** Cursor of the newest event known here. Data read after this call shows at least everything up to it. */
  cursor(): string {
    return streamCursor(this.epoch, this.pos);
  }

  cursorOf(event: Pick<LoggedEvent, 'pos'>): string {
    return streamCursor(this.epoch, event.pos);
  }

  /** Tells the listener every event from now on. Answers how to stop. */
  onEvents(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Takes events that have just been logged by this process. */
  accept(events: readonly LoggedEvent[]): void {
    if (events[0]?.pos === this.pos + 1) this.tell(events);
    else this.loop.wake();
  }

  /** Where somebody goes on who has seen everything up to the cursor. @throws CursorInvalid, CursorExpired */
  async resume(after: string): Promise<number> {
    const pos = streamPosition(this.epoch, after);
    if (pos > this.pos) {
      const { lastPos } = await this.queries.state(this.database);
      if (pos > lastPos) throw new CursorInvalid('This cursor lies in the future.');
    }
    if (this.ring.after(pos) === null && pos < this.pos) {
      const oldest = await this.queries.oldestPos(this.database);
      if (pos < oldest - 1) throw new CursorExpired();
    }
    return pos;
  }

  /**
   * The next events after a position, none when it is the newest known here. From memory, or from the table for who is far
   * behind: then at most 1,000 at once.
   * @throws CursorExpired when they were forgotten meanwhile
   */
  async read(pos: number): Promise<readonly LoggedEvent[]> {
    if (pos >= this.pos) return [];
    const recent = this.ring.after(pos);
    if (recent) return recent;
    const upTo = this.pos;
    const events = await this.queries.after(this.database, pos, BATCH);
    // The log is dense: a first event that does not follow means that the ones between were forgotten.
    if (events[0]?.pos !== pos + 1) throw new CursorExpired();
    return events.filter((event) => event.pos <= upTo);
  }

  /** Events of a topic that were made in the last seconds, oldest first. */
  recent(topic: string, seconds: number): Promise<LoggedEvent[]> {
    return this.queries.recent(this.database, topic, seconds);
  }

  /** The newest event of an entity that is in memory; `null` when there is none. */
  newestOf(entityId: string): LoggedEvent | null {
    return this.ring.newestOf(entityId);
  }

  private async follow(): Promise<void> {
    try {
      for (;;) {
        const from = this.pos;
        const events = await this.queries.after(this.database, from, BATCH);
        // The sequencer of this process may have been quicker.
        if (this.pos !== from) continue;
        if (events.length === 0) return;
        this.tell(events);
      }
    } catch (error) {
      if (!(error instanceof Unavailable)) this.logger.error(error);
    }
  }

  private tell(events: readonly LoggedEvent[]): void {
    this.ring.add(events);
    this.pos = events.at(-1)?.pos ?? this.pos;
    this.metrics.tell(events);
    for (const listener of this.listeners) listener(events);
  }
}
