import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../telemetry/metrics.js';
import type { AnswerStore } from './answer-store.js';

/** Figures of kept answers: plain numbers, read when somebody asks. */
@Injectable()
export class AnswerMetrics {
  /** Answers that were kept. */
  hits = 0;
  /** Those of them that were given before routing, hooks and parsing. */
  quick = 0;
  /** Answers that were being made for somebody else. */
  joined = 0;
  /** Answers that had to be made and could be kept. */
  misses = 0;
  /** Answers that something has changed of. */
  dropped = 0;
  private store: Pick<AnswerStore, 'bytes' | 'count'> = { bytes: 0, count: 0 };

  constructor({ registry }: Metrics) {
    const counted = (name: string, help: string, read: () => number): void => {
      const counter: Counter = new Counter({
        name: `souk_answers_${name}_total`,
        help,
        registers: [registry],
        collect: () => (counter.reset(), counter.inc(read())),
      });
    };
    const measured = (name: string, help: string, read: () => number): void => {
      const gauge: Gauge = new Gauge({
        name: `souk_answers_${name}`,
        help,
        registers: [registry],
        collect: () => gauge.set(read()),
      });
    };
    counted('hits', 'Requests that were answered from memory.', () => this.hits);
    counted('quick', 'Those of them that were answered as soon as they had been read.', () => this.quick);
    counted('joined', 'Requests that got the answer made for another one.', () => this.joined);
    counted('misses', 'Answers that were made to be kept.', () => this.misses);
    counted('dropped', 'Kept answers that were dropped because something has changed.', () => this.dropped);
    measured('kept', 'Answers in memory.', () => this.store.count);
    measured('kept_bytes', 'Bytes that the answers in memory take.', () => this.store.bytes);
  }

  /** Tells from now on how much there is in the store. */
  watch(store: Pick<AnswerStore, 'bytes' | 'count'>): void {
    this.store = store;
  }
}
