import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';

/**
 * Figures of live queries. Those that are counted for each delivery are plain numbers, read when somebody asks: a counter
 * of the library costs more than the delivery.
 */
@Injectable()
export class LiveMetrics {
  /** Answers handed to the network. */
  deliveries = 0;
  /** Executions for events, each shared by a whole group. */
  executions = 0;
  /** Watchers that began behind the newest event. */
  catchUps = 0;
  /** How often a watcher was too slow and left the live set. */
  slowConsumers = 0;
  /** Open sockets and streams. */
  connections = 0;
  readonly groups = { count: 0, watchers: 0 };
  private readonly closes: Counter;

  constructor({ registry }: Metrics) {
    const counted = (name: string, help: string, read: () => number): void => {
      const counter: Counter = new Counter({
        name: `souk_live_${name}_total`,
        help,
        registers: [registry],
        collect: () => (counter.reset(), counter.inc(read())),
      });
    };
    const measured = (name: string, help: string, read: () => number): void => {
      const gauge: Gauge = new Gauge({
        name: `souk_live_${name}`,
        help,
        registers: [registry],
        collect: () => gauge.set(read()),
      });
    };
    counted('deliveries', 'Answers of live queries handed to the network.', () => this.deliveries);
    counted('executions', 'Executions of live queries, each shared by all equal ones.', () => this.executions);
    counted('catch_ups', 'Live queries that began behind the newest event.', () => this.catchUps);
    counted('slow_consumers', 'How often somebody was too slow and left the live set.', () => this.slowConsumers);
    measured('connections', 'Open WebSockets and event streams.', () => this.connections);
    measured('groups', 'Different live queries.', () => this.groups.count);
    measured('watchers', 'Live queries.', () => this.groups.watchers);
    this.closes = new Counter({
      name: 'souk_live_closes_total',
      help: 'Closed WebSockets by close code.',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  /** A WebSocket was closed. */
  closed(code: number): void {
    this.closes.inc({ code: code >= 1_000 && code < 5_000 ? code : 'other' });
  }
}
