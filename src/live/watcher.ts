import type { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import type { LiveAnswer, Outlet } from './live-answer.js';
import type { LiveGroup } from './live-group.js';
import type { LiveMetrics } from './live-metrics.js';

/** Who has so much unsent is told no more until it is read. */
const HIGH_BYTES = 256 * 1024;
const PATIENCE_MS = 30_000;

/**
 * One live query of somebody: their place in the log and where their answers go. Either it is `live` in its group, or it
 * reads the log at its own pace until nothing is missing. Nothing is ever queued for it beyond what the network holds.
 */
export class Watcher {
  private hasEnded = false;

  constructor(
    readonly group: LiveGroup,
    private readonly outlet: Outlet,
    private pos: number,
    private readonly feed: EventFeed,
    private readonly metrics: LiveMetrics,
  ) {}

  /** Takes one event of the group's live set. */
  deliver(event: LoggedEvent, answer: LiveAnswer): void {
    // An event that was under way when the watcher joined was told to it from the log.
    if (event.pos <= this.pos) return;
    this.pos = event.pos;
    this.send(answer);
    if (this.outlet.unsent <= HIGH_BYTES) return;
    this.group.live.delete(this);
    this.metrics.slowConsumers += 1;
    void this.follow();
  }

  /** Reads the log until nothing is missing, then joins the live set. Never throws. */
  async follow(): Promise<void> {
    try {
      while (!this.hasEnded) {
        if (!(await this.hasRoom())) return;
        const events = await this.feed.read(this.pos);
        if (events.length > 0) await this.tellAll(events);
        else if (this.pos >= this.feed.position) break;
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

  private async tellAll(events: readonly LoggedEvent[]): Promise<void> {
    for (const event of events) {
      if (this.group.concerns(event)) {
        const answer = await this.group.answer(event);
        if (answer && (!(await this.hasRoom()) || this.hasEnded)) return;
        if (answer) this.send(answer);
      }
      this.pos = event.pos;
    }
  }

  private send(answer: LiveAnswer): void {
    this.outlet.send(answer);
    this.metrics.deliveries += 1;
  }

  /** Waits until the network has taken enough. Answers `false` when it takes nothing any more, or the watcher has ended. */
  private async hasRoom(): Promise<boolean> {
    let progressAt = performance.now();
    for (let { unsent } = this.outlet; unsent > HIGH_BYTES && !this.hasEnded;) {
      await this.outlet.drained(PATIENCE_MS);
      if (this.outlet.unsent < unsent) progressAt = performance.now();
      else if (performance.now() - progressAt >= PATIENCE_MS) {
        this.end();
        this.outlet.giveUp();
        return false;
      }
      ({ unsent } = this.outlet);
    }
    return !this.hasEnded;
  }
}
