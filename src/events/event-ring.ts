import type { LoggedEvent } from './event.js';

/** The latest events in memory, without gaps, so that watchers who are nearly up to date cost no query. */
export class EventRing {
  private events: LoggedEvent[] = [];

  /** @param size how many events are kept at least; up to twice as many are held in between */
  constructor(private readonly size: number) {}

  /** Adds events that follow directly on those already here. */
  add(events: readonly LoggedEvent[]): void {
    this.events.push(...events);
    if (this.events.length > this.size * 2) this.events = this.events.slice(-this.size);
  }

  /** The events after a position, or `null` when some of them are no longer here. An empty ring knows nothing. */
  after(pos: number): readonly LoggedEvent[] | null {
    const first = this.events[0];
    if (!first || pos < first.pos - 1) return null;
    return this.events.slice(pos - first.pos + 1);
  }
}
