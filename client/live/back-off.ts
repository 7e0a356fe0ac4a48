const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
const GROWTH = 1.5;
const HELD_MS = 10_000;

/** How long to wait before the next try. Tries without end are bearable for a server when they are few and spread out. */
export class BackOff {
  private failures = 0;
  private connectedAt = Infinity;
  private waiting: Promise<void> | undefined;
  private end: (() => void) | undefined;

  /** At random, up to 250 ms first and then up to half as long again each time, at most 30 s. All who wait, wait for the same moment. */
  wait(): Promise<void> {
    if (this.waiting) return this.waiting;
    if (Date.now() - this.connectedAt > HELD_MS) this.failures = 0;
    this.connectedAt = Infinity;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * GROWTH ** this.failures);
    this.failures += 1;
    this.waiting = new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), Math.random() * longest);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.waiting;
  }

  /** Ends the wait. */
  wake(): void {
    this.waiting = undefined;
    this.end?.();
  }

  /** Something has come: the next failure is a first one. */
  succeeded(): void {
    this.failures = 0;
  }

  /** There is a connection. That it holds for 10 s is a success too. */
  connected(): void {
    this.connectedAt = Date.now();
  }
}
