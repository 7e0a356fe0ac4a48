import { isTimeout } from '../database/pg-error.js';
import type { BatchBounds } from './events.queries.js';

const FEWEST = 1 / 1_024;

/** How much the sequencer takes in one go: half as much after each time-out, until that works. */
export class BatchSize {
  private part = 1;

  constructor(private readonly whole: BatchBounds) {}

  get bounds(): BatchBounds {
    const { events, bytes } = this.whole;
    return { events: Math.max(Math.floor(events * this.part), 1), bytes: Math.floor(bytes * this.part) };
  }

  succeeded(): void {
    this.part = Math.min(this.part * 2, 1);
  }

  failed(error: unknown): void {
    if (isTimeout(error)) this.part = Math.max(this.part / 2, FEWEST);
  }
}
