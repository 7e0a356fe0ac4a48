import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';
import type { LoggedEvent } from './event.js';

/** So long after the last look nobody knows what waits by now. */
const UNKNOWN_MS = 1_000;

/** Figures of the log of events, as this process sees it. */
@Injectable()
export class EventMetrics {
  /** Whether this process gives events their positions. */
  leads = false;
  private told = 0;
  private toldAgeMs = 0;
  private waiting = { ms: 0, seenAt: performance.now() };

  constructor({ registry }: Metrics) {
    const events: Counter = new Counter({
      name: 'souk_events_total',
      help: 'Events that this process has been told.',
      registers: [registry],
      collect: () => (events.reset(), events.inc(this.told)),
    });
    const gauge = (name: string, help: string, read: () => number): void => {
      const metric: Gauge = new Gauge({ name, help, registers: [registry], collect: () => metric.set(read()) });
    };
    gauge(
      'souk_events_lag_seconds',
      'Age of the oldest event that waits for its position, by the clock of PostgreSQL; 0 when none waits.',
      () => this.lagMs / 1_000,
    );
    gauge(
      'souk_events_age_when_told_seconds',
      'Age of the newest event when this process was told, by the clocks of PostgreSQL and of this machine.',
      () => this.toldAgeMs / 1_000,
    );
    gauge('souk_events_leader', '1 when this process gives events their positions.', () => Number(this.leads));
  }

  /**
   * Age of the oldest event that has no position, in milliseconds. When the last look was long ago, because PostgreSQL does
   * not answer or nothing gets through, what may have come since counts as well.
   */
  private get lagMs(): number {
    const { ms, seenAt } = this.waiting;
    const ago = performance.now() - seenAt;
    return ms > 0 || ago > UNKNOWN_MS ? ms + ago : 0;
  }

  /** The oldest event without a position is so old by the clock of PostgreSQL, in milliseconds; `null` when there is none. */
  sawWaiting(milliseconds: number | null): void {
    this.waiting = { ms: milliseconds ?? 0, seenAt: performance.now() };
  }

  tell(events: readonly LoggedEvent[]): void {
    this.told += events.length;
    const newest = events.at(-1);
    if (newest) this.toldAgeMs = Math.max(Date.now() - newest.at.getTime(), 0);
  }
}
