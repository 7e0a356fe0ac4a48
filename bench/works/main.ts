/**
 * What works of a shop cost: Souk, the limit and PostGraphile on the same data, with answers that were compared before.
 * `npm run bench [-- --help]`. Linux only: CPU time and memory are read from /proc.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choicesOf, type Choices } from './choices.ts';
import { counted } from './counted.ts';
import { figuresOf, ratiosOf, type Findings } from './figures.ts';
import { measured } from './measured.ts';
import { prepared } from './prepared.ts';
import { reportOf } from './report.ts';
import { Stage } from './stage.ts';
import { starts, type StartSample } from './starts.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SCRATCH = join(ROOT, '.scratch', 'bench');
const RESULTS = join(ROOT, 'bench', 'results');

async function main(): Promise<void> {
  const choices = choicesOf(process.argv.slice(2));
  const stopping = new AbortController();
  const stop = (): void => stopping.abort(new Error('Stopped. Nothing is left behind but the data set.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  mkdirSync(SCRATCH, { recursive: true });
  const [busy = 0] = loadavg();
  await Stage.with(choices, SCRATCH, stopping.signal, async (stage) => {
    const contestants = await prepared(stage);
    const counts = await counted(stage, contestants);
    const samples = await measured(stage, contestants);
    const started = choices.starts ? await starts(stage) : [];
    write({ contestants, counts, samples }, { choices, started, busy, versions: stage.versions });
  });
}

interface Circumstances {
  choices: Choices;
  started: readonly StartSample[];
  busy: number;
  versions: Record<string, string>;
}

function write(findings: Findings, { choices, started, busy, versions }: Circumstances): void {
  const { scale, rounds, seconds, warmSeconds } = choices;
  const at = new Date().toISOString();
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}`;
  const about = [
    `# Works at scale ${scale}: ${10_000 * scale} products`,
    '',
    `${at}, ${machine}; ${rounds} rounds of ${seconds} s after ${warmSeconds} s, medians. Load of the machine before: ${busy.toFixed(1)}.`,
    ...(versions.postgraphile === undefined
      ? []
      : [`PostGraphile ${versions.postgraphile}, grafast ${versions.grafast}.`]),
  ];
  const markdown = reportOf(findings, started, about);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, at.replaceAll(':', '-').slice(0, 19));
  const { samples, counts } = findings;
  const json = {
    at,
    machine,
    load: busy,
    versions,
    choices: { ...choices, works: choices.works.map(({ name }) => name) },
    figures: figuresOf(samples),
    ratios: ratiosOf(samples),
    statements: Object.fromEntries(counts),
    starts: started,
    samples,
  };
  writeFileSync(`${file}.md`, markdown);
  writeFileSync(`${file}.json`, `${JSON.stringify(json, null, 2)}\n`);
  console.log(markdown);
  console.error(`Written to ${file}.md and .json`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
