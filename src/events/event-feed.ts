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
import { EventPages } from './event-pages.js';
import { EventRing } from './event-ring.js';
import { EventsQueries } from './events.queries.js';
import { WakeUps } from './wake-ups.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
const BATCH = { events: 1_000, bytes: 1024 * 1024 };
const MOST_READ = 64;
const RING = { events: 5_000, bytes: 16 * 1024 * 1024 };

/** Is told the next events, in order and without gaps. Must not throw. */
export type EventListener = (events: readonly LoggedEvent[]) => void;

/** Follows the event log and tells it to everybody in this process who listens. */
@Injectable()
export class EventFeed implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EventFeed.name);
  private ring = new EventRing(RING);
  private readonly pages = new EventPages((after, upTo) => this.queries.between(this.database, after, upTo));
  private readonly loop = new WorkLoop(() => this.follow(), POLL_MS);
  private readonly listeners = new Set<EventListener>();
  private readonly breakListeners = new Set<() => void>();
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
    await this.load();
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

  /**
   * Calls the listener, which must not throw, when what comes next does not follow on what was told: an older state of the
   * database was restored, or the log has another epoch. `position` and `cursor` are those of the new log by then. Answers how
   * to stop.
   */
  onBreak(listener: () => void): () => void {
    this.breakListeners.add(listener);
    return () => void this.breakListeners.delete(listener);
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
    if (this.ring.after(pos, 0) === null && pos < this.pos) {
      const oldest = await this.queries.oldestPos(this.database);
      if (pos < oldest - 1) throw new CursorExpired();
    }
    return pos;
  }

  /**
   * The next events after a position, at most 64, none when it is the newest known here. From memory, or from the table for
   * who is far behind.
   * @throws CursorExpired when they were forgotten meanwhile
   */
  async read(pos: number): Promise<readonly LoggedEvent[]> {
    if (pos >= this.pos) return [];
    const recent = this.ring.after(pos, MOST_READ);
    if (recent) return recent;
    const events = await this.pages.after(pos, this.pos);
    if (events.length === 0) throw new CursorExpired();
    return events;
  }

  /** Events of a topic that were made in the last seconds, oldest first. */
  recent(topic: string, seconds: number): Promise<LoggedEvent[]> {
    return this.queries.recent(this.database, topic, seconds);
  }

  /** The newest event of an entity that is in memory; `null` when there is none. */
  newestOf(entityId: string): LoggedEvent | null {
    return this.ring.newestOf(entityId);
  }

  /** Every event from this position on is in memory: of what is not found there, nothing has happened since. */
  get inMemorySince(): number {
    return this.ring.since ?? this.pos + 1;
  }

  private async follow(): Promise<void> {
    try {
      for (let upTo = Infinity; this.pos < upTo;) {
        const from = this.pos;
        const { epoch, lastPos, events } = await this.queries.news(this.database, from, BATCH);
        const follows = lastPos === from || events[0]?.pos === from + 1;
        if (epoch !== this.epoch || !follows) return await this.startAgain();
        // The sequencer of this process may have been quicker.
        if (this.pos === from && events.length > 0) this.tell(events);
        upTo = lastPos;
      }
    } catch (error) {
      if (!(error instanceof Unavailable)) this.logger.error(error);
    }
  }

  private async startAgain(): Promise<void> {
    const before = `${this.epoch}:${this.pos}`;
    await this.load();
    this.logger.warn(`The log of events does not go on behind ${before}; now it is at ${this.epoch}:${this.pos}.`);
    for (const listener of this.breakListeners) listener();
  }

  private async load(): Promise<void> {
    const { epoch, lastPos } = await this.queries.state(this.database);
    const newest = await this.queries.newest(this.database, RING);
    const last = newest.at(-1)?.pos ?? 0;
    this.epoch = epoch;
    this.pos = Math.max(last, lastPos);
    this.ring = new EventRing(RING);
    // Events that were taken out of the log by hand leave a gap, and what is in memory must have none.
    if (last === this.pos) this.ring.add(newest);
    this.pages.clear();
  }

  private tell(events: readonly LoggedEvent[]): void {
    this.ring.add(events);
    this.pos = events.at(-1)?.pos ?? this.pos;
    this.metrics.tell(events);
    for (const listener of this.listeners) listener(events);
  }
}
