import type { Turn } from './events.queries.js';

/** For how long the same event has been the first in the outbox while no event got a position: a position is a sign of life. */
export class Standstill {
  private seen = '';
  private since = 0;

  /**
   * Takes a look. Answers milliseconds, 0 while there is nothing to do.
   * @param now by the monotonic clock
   */
  look({ first, lastPos }: Pick<Turn, 'first' | 'lastPos'>, now: number): number {
    const seen = first === null ? '' : `${first} ${lastPos}`;
    if (seen === '' || seen !== this.seen) this.since = now;
    this.seen = seen;
    return now - this.since;
  }

  /** What was seen so far concerned somebody else. */
  forget(): void {
    this.seen = '';
  }
}
