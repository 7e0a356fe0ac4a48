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
import { EventRing } from './event-ring.js';
import { EventStream } from './event-stream.js';
import { EventsQueries } from './events.queries.js';
import { WorkLoop } from './work-loop.js';

const POLL_MS = 100;
const BATCH = 1_000;
const RING = { events: 5_000, bytes: 16 * 1024 * 1024 };

/** What a watcher wants to be told. */
export interface FeedOptions {
  topic: string;
  /** Go on after this cursor; without it, with what happens from now on. */
  after?: string | null;
}

/** Follows the event log and tells it to everybody in this process who watches. */
@Injectable()
export class EventFeed implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(EventFeed.name);
  private readonly ring = new EventRing(RING);
  private readonly loop = new WorkLoop(() => this.follow(), POLL_MS);
  private readonly streams = new Set<EventStream>();
  private epoch = '';
  private pos = 0;

  constructor(
    private readonly database: Database,
    private readonly queries: EventsQueries,
  ) {}

  async onModuleInit(): Promise<void> {
    const { epoch, lastPos } = await this.queries.state(this.database);
    this.epoch = epoch;
    const newest = await this.queries.newest(this.database, RING.events);
    this.ring.add(newest);
    this.pos = newest.at(-1)?.pos ?? lastPos;
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    for (const stream of this.streams) await stream.return();
  }

  /** There may be something new in the log. Returns at once. */
  wake(): void {
    this.loop.wake();
  }

  /** Cursor of the newest event known here. Data read after this call shows at least everything up to it. */
  cursor(): string {
    return streamCursor(this.epoch, this.pos);
  }

  cursorOf(event: LoggedEvent): string {
    return streamCursor(this.epoch, event.pos);
  }

  /**
   * Every event of the topic after the cursor, in order, without end.
   * @throws CursorInvalid, CursorExpired
   */
  async open({ topic, after }: FeedOptions): Promise<EventStream> {
    const from = after == null ? this.pos : await this.resume(after);
    const stream = new EventStream(topic, from, {
      read: (pos) => this.read(pos),
      closed: () => this.streams.delete(stream),
    });
    this.streams.add(stream);
    return stream;
  }

  private async resume(after: string): Promise<number> {
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

  /** Events after a position that are known here: from memory, or from the table for who is far behind. */
  private async read(pos: number): Promise<readonly LoggedEvent[]> {
    if (pos >= this.pos) return [];
    const recent = this.ring.after(pos);
    if (recent) return recent;
    const events = await this.queries.after(this.database, pos, BATCH);
    // The log is dense: a first event that does not follow means that the ones between were forgotten meanwhile.
    if (events[0]?.pos !== pos + 1) throw new CursorExpired();
    return events.filter((event) => event.pos <= this.pos);
  }

  private async follow(): Promise<void> {
    try {
      for (;;) {
        const events = await this.queries.after(this.database, this.pos, BATCH);
        const last = events.at(-1);
        if (!last) return;
        this.ring.add(events);
        this.pos = last.pos;
        for (const stream of this.streams) stream.wake();
      }
    } catch (error) {
      if (!(error instanceof Unavailable)) this.logger.error(error);
    }
  }
}
