import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';

/**
 * Close codes that a server or a client of the protocol sends, or that stand for none. Any other one is a client's own choice:
 * thousands of them would be as many series.
 * @see RFC 6455 section 7.4.1, and the `graphql-transport-ws` protocol for those from 4004 on
 */
const KNOWN_CODES: ReadonlySet<number> = new Set([
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4004, 4005, 4400, 4401, 4403, 4406, 4408,
  4409, 4429, 4499, 4500,
]);

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
      help: 'Closed WebSockets by close code; `other` for those that are none of the protocol.',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  /** A WebSocket was closed: counted by its code if that is one of the protocols, else as `other`. */
  closed(code: number): void {
    this.closes.inc({ code: KNOWN_CODES.has(code) ? code : 'other' });
  }
}
