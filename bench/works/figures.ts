import { countKey, type Counted } from './counted.ts';
import type { Sample } from './measured.ts';
import { median } from './median.ts';
import type { Contestant } from './prepared.ts';
import type { Work } from './work.ts';

/** What a work costs with one server under one load: medians over the rounds. */
export interface Figure {
  work: string;
  server: string;
  connections: number;
  requestsPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** CPU milliseconds for one request. */
  serverMs: number;
  databaseMs: number;
  /** Of both together. */
  totalMs: number;
  /** How far the rounds lie apart: half of the way between the least and the most, as a share of the median of `totalMs`. */
  noise: number;
  /** Bytes. */
  resident: number;
}

/** The figures of all samples, in the order of the works. */
export function figuresOf(samples: readonly Sample[]): Figure[] {
  const groups = Map.groupBy(samples, ({ work, server, connections }) => `${work} ${server} ${connections}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [figureOf(first, group)] : [];
  });
}

function figureOf({ work, server, connections }: Sample, group: readonly Sample[]): Figure {
  const middle = (value: (sample: Sample) => number): number => median(group.map(value));
  const totals = group.map((sample) => costOf(sample, sample.serverCpu + sample.databaseCpu));
  const totalMs = median(totals);
  return {
    work,
    server,
    connections,
    requestsPerSecond: middle(({ requests, seconds }) => requests / seconds),
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
    serverMs: middle((sample) => costOf(sample, sample.serverCpu)),
    databaseMs: middle((sample) => costOf(sample, sample.databaseCpu)),
    totalMs,
    noise: (Math.max(...totals) - Math.min(...totals)) / 2 / totalMs,
    resident: middle(({ resident }) => resident),
  };
}

/** Milliseconds of CPU for one request, of so many seconds in all. */
function costOf({ requests }: Sample, cpu: number): number {
  return (cpu * 1_000) / Math.max(requests, 1);
}

/** How often Souk costs as much as another server, in one round after the other: load of the machine falls on both. */
export interface Ratio {
  work: string;
  connections: number;
  /** The other one. */
  server: string;
  /** Medians over the rounds, of CPU per request. */
  serverMs: number;
  totalMs: number;
}

/** Ratios of Souk to each other server, for each work and load. */
export function ratiosOf(samples: readonly Sample[]): Ratio[] {
  const groups = Map.groupBy(samples, ({ work, connections }) => `${work} ${connections}`);
  return [...groups.values()].flatMap((group) => {
    const own = group.filter(({ server }) => server === 'souk');
    const others = new Set(group.map(({ server }) => server).filter((server) => server !== 'souk'));
    return [...others].map((server): Ratio => {
      const pairs = own.flatMap((mine) => {
        const other = group.find((sample) => sample.server === server && sample.round === mine.round);
        return other ? [[mine, other] as const] : [];
      });
      const ratio = (cpu: (sample: Sample) => number): number =>
        median(pairs.map(([mine, other]) => costOf(mine, cpu(mine)) / costOf(other, cpu(other))));
      const [first] = group;
      const about = { work: first?.work ?? '', connections: first?.connections ?? 0, server };
      return {
        ...about,
        serverMs: ratio(({ serverCpu }) => serverCpu),
        totalMs: ratio(({ serverCpu, databaseCpu }) => serverCpu + databaseCpu),
      };
    });
  });
}

/** Everything that a run has found. */
export interface Findings {
  contestants: ReadonlyMap<Work, readonly Contestant[]>;
  counts: ReadonlyMap<string, Counted>;
  samples: readonly Sample[];
}

/** "3 SQL"; nothing for a server that was not counted. */
export function countText(counts: ReadonlyMap<string, Counted>, work: string, server: string): string {
  const counted = counts.get(countKey(work, server));
  if (!counted) return '';
  const behind = counted.behind > 0 ? ` + ${counted.behind}` : '';
  return ` (${counted.count}${behind})`;
}
