import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';
import type { LoggedEvent } from './event.js';

/** Figures of the log of events, as this process sees it. */
@Injectable()
export class EventMetrics {
  /** Whether this process gives events their positions. */
  leads = false;
  private told = 0;
  private lagMs = 0;

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
    gauge('souk_events_lag_seconds', 'Age of the newest event when this process was told.', () => this.lagMs / 1_000);
    gauge('souk_events_leader', '1 when this process gives events their positions.', () => Number(this.leads));
  }

  /** Milliseconds between the change and the telling of the newest event, by the clocks of PostgreSQL and of this machine. */
  get lag(): number {
    return this.lagMs;
  }

  tell(events: readonly LoggedEvent[]): void {
    this.told += events.length;
    const newest = events.at(-1);
    if (newest) this.lagMs = Math.max(Date.now() - newest.at.getTime(), 0);
  }
}
