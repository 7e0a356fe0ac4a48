import type { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import type { LiveAnswer, Outlet } from './live-answer.js';
import type { LiveMetrics } from './live-metrics.js';
import type { Slices } from './slices.js';

/** Who has so much unsent is told no more until it is read. */
const HIGH_BYTES = 256 * 1024;

/** What a watcher follows, with all others who follow the same. */
export interface Followed {
  /** Watchers who have been told everything so far. */
  readonly live: Set<Watcher>;
  /** Nothing is on its way to those in `live`. */
  readonly isIdle: boolean;
  /** Whether it may want to be told of an event. */
  concerns(event: LoggedEvent): boolean;
  /** What is told of an event; `null` when nothing is. */
  answer(event: LoggedEvent): Promise<LiveAnswer | null>;
}

/** What a watcher shares with all others of its process. */
export interface Surroundings {
  feed: Pick<EventFeed, 'position' | 'read'>;
  metrics: Pick<LiveMetrics, 'deliveries' | 'slowConsumers'>;
  slices: Pick<Slices, 'isOver' | 'next'>;
  /** How long nothing may be taken of what waits. */
  patienceMs: number;
}

/**
 * One live query of somebody: their place in the log and where their answers go. Either it is `live` in its group, or it
 * reads the log at its own pace until nothing is missing. Nothing is ever queued for it beyond what the network holds: while
 * it waits for the network it holds no events either.
 */
export class Watcher {
  private hasEnded = false;

  constructor(
    private readonly group: Followed,
    private readonly outlet: Outlet,
    private pos: number,
    private readonly around: Surroundings,
  ) {}

  /** Position up to which it has been told everything. */
  get told(): number {
    const isUpToDate = this.group.live.has(this) && this.group.isIdle;
    return isUpToDate ? Math.max(this.pos, this.around.feed.position) : this.pos;
  }

  /** Takes one event of the group's live set. */
  deliver(event: LoggedEvent, answer: LiveAnswer): void {
    // An event that was under way when the watcher joined was told to it from the log.
    if (event.pos <= this.pos) return;
    this.pos = event.pos;
    this.send(answer);
    if (this.outlet.unsent <= HIGH_BYTES) return;
    this.around.metrics.slowConsumers += 1;
    this.readLogAfter(event.pos);
  }

  /** Leaves the live set and goes on at its own pace. */
  readLogAfter(pos: number): void {
    this.pos = Math.max(this.pos, pos);
    this.group.live.delete(this);
    void this.follow();
  }

  /** Reads the log until nothing is missing, then joins the live set. Never throws. */
  async follow(): Promise<void> {
    try {
      while (!this.hasEnded) {
        if (!(await this.hasRoom())) return;
        const events = await this.around.feed.read(this.pos);
        if (events.length > 0) await this.tellAll(events);
        else if (this.pos >= this.around.feed.position) break;
      }
      // In the same tick in which nothing is missing.
      if (!this.hasEnded) this.group.live.add(this);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ends the live query with an error. */
  fail(error: unknown): void {
    if (this.hasEnded) return;
    this.end();
    this.outlet.fail(error);
  }

  /** Nothing more is told. */
  end(): void {
    this.hasEnded = true;
    this.group.live.delete(this);
  }

  /** Tells as many of the events as there is room for. */
  private async tellAll(events: readonly LoggedEvent[]): Promise<void> {
    for (const event of events) {
      if (this.around.slices.isOver) await this.around.slices.next();
      if (this.hasEnded || this.outlet.unsent > HIGH_BYTES) return;
      if (this.group.concerns(event)) {
        const answer = await this.group.answer(event);
        if (this.hasEnded) return;
        if (answer) this.send(answer);
      }
      this.pos = event.pos;
    }
  }

  private send(answer: LiveAnswer): void {
    this.outlet.send(answer);
    this.around.metrics.deliveries += 1;
  }

  /** Waits until the network has taken enough. Answers `false` when it takes nothing any more, or the watcher has ended. */
  private async hasRoom(): Promise<boolean> {
    for (let { unsent } = this.outlet; unsent > HIGH_BYTES && !this.hasEnded; { unsent } = this.outlet) {
      if ((await this.outlet.drained(this.around.patienceMs)) || this.outlet.unsent < unsent || this.hasEnded) continue;
      this.end();
      this.outlet.giveUp();
    }
    return !this.hasEnded;
  }
}
