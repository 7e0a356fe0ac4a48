import { writeFileSync } from 'node:fs';
import { reportText } from '../prove/report.js';
import { showProgress } from '../prove/progress.js';
import { prove as run, ROUNDS } from '../prove/prove.js';
import type { Round } from '../prove/round.js';
import { CommandError } from './command-error.js';

/** What the command line may say. */
export interface ProveCommandOptions {
  seed?: number;
  short?: boolean;
  /** Names, comma-separated. */
  rounds?: string;
  keep?: boolean;
  /** File for the report as JSON. */
  json?: string;
}

/** Shows on this machine that the shop keeps its promises, or how it breaks one: then the exit code is 1. */
export async function prove({ seed, short, rounds, keep, json }: ProveCommandOptions): Promise<void> {
  const chosen = roundsOf(rounds);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new CommandError('Stopped. Nothing is left behind.'));
  // Also a second time: what was started is ended, which takes a moment.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    const { report, place } = await run({
      seed: seed ?? Math.floor(Math.random() * 1_000_000),
      short: short ?? false,
      rounds: chosen,
      keep: keep ?? false,
      progress: showProgress(),
      signal: stopping.signal,
    });
    process.stdout.write(`\n${reportText(report)}`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
    if (place !== null) console.log(`Kept: SOUK_HOME=${place} DEMO=off npx souk start`);
    if (!report.kept) process.exitCode = 1;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** @throws CommandError when a name is none */
function roundsOf(names: string | undefined): readonly Round[] {
  if (names === undefined) return ROUNDS;
  const wanted = names.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !ROUNDS.some((round) => round.name === name));
  if (unknown.length > 0) {
    const known = ROUNDS.map(({ name }) => name).join(', ');
    throw new CommandError(`There is no round ${unknown.join(', ')}. The rounds are ${known}.`);
  }
  return ROUNDS.filter(({ name }) => wanted.includes(name));
}
