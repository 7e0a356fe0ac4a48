const SECONDS_AT_ONCE = 10;

/** How many messages somebody may still send: so many in a second on average, ten seconds' worth of them at once. */
export class MessageAllowance {
  private left: number;
  private at = performance.now();

  constructor(private readonly perSecond: number) {
    this.left = perSecond * SECONDS_AT_ONCE;
  }

  /** Takes one. Answers `false` when there is none. */
  take(): boolean {
    const now = performance.now();
    const most = this.perSecond * SECONDS_AT_ONCE;
    this.left = Math.min(most, this.left + ((now - this.at) / 1_000) * this.perSecond) - 1;
    this.at = now;
    return this.left >= 0;
  }
}
