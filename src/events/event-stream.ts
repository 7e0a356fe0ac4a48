import type { LoggedEvent } from './event.js';

/** What a stream asks of the feed. */
export interface EventSource {
  read(pos: number): Promise<readonly LoggedEvent[]>;
  closed(): void;
}

/**
 * One watcher's place in the log. It pulls: nothing is queued for it, so a slow reader holds no memory.
 * Written by hand because an `async function*` that waits cannot be ended from outside: one more event would still go out.
 */
export class EventStream implements AsyncIterableIterator<LoggedEvent> {
  private pending: readonly LoggedEvent[] = [];
  private index = 0;
  private done = false;
  private awaken: (() => void) | null = null;

  constructor(
    private readonly topic: string,
    private pos: number,
    private readonly source: EventSource,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<LoggedEvent, undefined>> {
    while (!this.done) {
      const event = this.take();
      if (event) return { value: event, done: false };
      const awoken = new Promise<void>((resolve) => (this.awaken = resolve));
      const events = await this.read();
      if (events.length > 0) {
        this.pending = events;
        this.index = 0;
      } else if (!this.done) {
        await awoken;
      }
    }
    return { value: undefined, done: true };
  }

  /** Ends the stream, also while somebody waits for its next event. */
  return(): Promise<IteratorResult<LoggedEvent, undefined>> {
    this.done = true;
    this.source.closed();
    this.awaken?.();
    return Promise.resolve({ value: undefined, done: true });
  }

  /** There may be new events. */
  wake(): void {
    this.awaken?.();
  }

  // Whoever iterates does not call return() on an iterator that threw.
  private async read(): Promise<readonly LoggedEvent[]> {
    try {
      return await this.source.read(this.pos);
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  private take(): LoggedEvent | null {
    while (this.index < this.pending.length) {
      const event = this.pending[this.index++];
      if (!event) break;
      this.pos = event.pos;
      if (event.topic === this.topic) return event;
    }
    return null;
  }
}
