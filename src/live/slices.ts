const SLICE_MS = 5;

/**
 * Cuts work that never waits for anything into slices: thousands of watchers who catch up from memory would otherwise keep
 * the process from everything else for seconds. One for all who share the process.
 */
export class Slices {
  private since = 0;
  private pause: Promise<void> | null = null;

  /** Whether it is time to let others have the process. */
  get isOver(): boolean {
    return this.pause !== null || performance.now() - this.since >= SLICE_MS;
  }

  /** Resolves with the next slice, behind everything that waits for the process. */
  next(): Promise<void> {
    this.pause ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.pause = null;
      this.since = performance.now();
    });
    return this.pause;
  }
}
