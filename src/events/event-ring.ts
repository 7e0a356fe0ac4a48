import type { LoggedEvent } from './event.js';

/** How much is held in memory. */
export interface RingBounds {
  /** Events that are kept at least; up to twice as many are held in between. */
  events: number;
  /** Size of the payloads that are kept at least, unless one event is larger; up to twice as much is held in between. */
  bytes: number;
}

/** The latest events in memory, without gaps, so that watchers who are nearly up to date cost no query. */
export class EventRing {
  private events: LoggedEvent[] = [];
  private bytes = 0;
  private newest = new Map<string, LoggedEvent>();

  constructor(private readonly bounds: RingBounds) {}

  /** Adds events that follow directly on those already here. */
  add(events: readonly LoggedEvent[]): void {
    this.events.push(...events);
    this.bytes += sizeOf(events);
    for (const event of events) this.newest.set(event.entityId, event);
    const { events: most, bytes } = this.bounds;
    if (this.events.length > most * 2 || this.bytes > bytes * 2) this.trim();
  }

  /** The next events after a position, at most so many, or `null` when they are no longer here. An empty ring knows nothing. */
  after(pos: number, most = Infinity): readonly LoggedEvent[] | null {
    const first = this.events[0];
    if (!first || pos < first.pos - 1) return null;
    const from = pos - first.pos + 1;
    return this.events.slice(from, from + most);
  }

  /** Position of the oldest event that is here; `null` when none is. */
  get since(): number | null {
    return this.events[0]?.pos ?? null;
  }

  /** The newest event of an entity; `null` when none is here. */
  newestOf(entityId: string): LoggedEvent | null {
    return this.newest.get(entityId) ?? null;
  }

  private trim(): void {
    let from = Math.max(this.events.length - this.bounds.events, 0);
    let bytes = sizeOf(this.events.slice(from));
    while (bytes > this.bounds.bytes && from < this.events.length - 1) {
      bytes -= this.events[from]?.bytes ?? 0;
      from += 1;
    }
    this.events = this.events.slice(from);
    this.bytes = bytes;
    this.newest = new Map(this.events.map((event) => [event.entityId, event]));
  }
}

function sizeOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, { bytes }) => sum + bytes, 0);
}
