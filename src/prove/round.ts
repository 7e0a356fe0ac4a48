import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { Buyers } from '../scratch/buyers.js';
import type { ScratchDatabase } from '../scratch/scratch-database.js';
import type { ServerProcess } from '../scratch/server-process.js';
import type { Answer, ShopClient } from '../scratch/shop-client.js';
import type { Staff } from '../scratch/staff.js';
import type { Random } from './random.js';

/** What shows that a promise was broken. */
export interface Evidence {
  /** A sentence. */
  what: string;
  /** What it is seen on; at most 10 of them. */
  rows: readonly object[];
}

/** What a round has seen. */
export interface Findings {
  /** What happened, in figures. */
  figures: string;
  /** Empty when the promise was kept. */
  broken: readonly Evidence[];
}

/** All that a round works with. */
export interface Stage {
  readonly short: boolean;
  readonly random: Random;
  readonly scratch: ScratchDatabase;
  readonly database: Database;
  readonly servers: readonly ServerProcess[];
  readonly client: ShopClient;
  readonly buyers: Buyers;
  readonly staff: Staff;
  readonly signal: AbortSignal;
  /** Makes an account for a customer and answers its access token. */
  customer(): Promise<string>;
  /** Shows how far the round is. */
  moved(done: number, of: number): void;
}

/** One attempt to break a promise. */
export interface Round {
  /** What it is called on the command line. */
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly promise: string;
  run(stage: Stage): Promise<Findings>;
}

const MOST_ROWS = 10;

/** Does the same for all items at once and answers the results in their order. */
export function atOnce<T, R>(stage: Stage, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  let done = 0;
  return Promise.all(
    items.map(async (item) => {
      const result = await work(item);
      stage.moved((done += 1), items.length);
      return result;
    }),
  );
}

/** Waits for milliseconds. @throws the signal's reason */
export async function pause(stage: Stage, ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: stage.signal });
}

/** How many answers had the code. */
export function countOf(answers: readonly Answer[], code: string): number {
  return answers.filter((answer) => answer.code === code).length;
}

/** Evidence when there are rows that should not be. */
export function none(what: string, rows: readonly object[]): Evidence[] {
  return rows.length === 0 ? [] : [{ what: `${what} (${rows.length})`, rows: rows.slice(0, MOST_ROWS) }];
}

/** Evidence when figures are not as they should be. */
export function equal(what: string, found: number | string, expected: number | string): Evidence[] {
  return found === expected ? [] : [{ what, rows: [{ expected, found }] }];
}

/** Evidence of answers with other codes than these. */
export function onlyCodes(answers: readonly Answer[], ...codes: readonly string[]): Evidence[] {
  const others = new Map<string, number>();
  for (const { code } of answers) if (!codes.includes(code)) others.set(code, (others.get(code) ?? 0) + 1);
  const rows = [...others].map(([code, answered]) => ({ code, answered }));
  return rows.length === 0 ? [] : [{ what: `answers other than ${codes.join(' and ')}`, rows }];
}
