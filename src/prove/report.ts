import type { Evidence, Findings } from './round.js';

/** What came of a round, or of a sum. */
export interface Result extends Findings {
  name: string;
  title: string;
  promise: string;
  seconds: number;
}

/** What came of everything. */
export interface Report {
  souk: string;
  postgres: string;
  node: string;
  seed: number;
  short: boolean;
  seconds: number;
  kept: boolean;
  rounds: Result[];
  sums: { title: string; broken: readonly Evidence[] }[];
  /** What the sums were made of, in words. */
  figures: string;
}

const WIDTH = 72;

/** The report for people: each round with its promise and figures, each sum, evidence of what is broken, and the verdict. */
export function reportText(report: Report): string {
  const { souk, postgres, node, rounds, sums, figures } = report;
  const lines = [
    `Souk ${souk} on PostgreSQL ${postgres} and Node ${node}: two servers, one database, all of it scratch.`,
    '',
    ...rounds.flatMap(roundLines),
    `The sums over ${figures}`,
    ...sums.flatMap(({ title, broken }) => [`  ${mark(broken)}  ${title}`, ...evidenceLines(broken)]),
    '',
    verdict(report),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line for a round that is over. */
export function resultLine({ title, broken, seconds }: Result): string {
  return `${mark(broken)}  ${title.padEnd(24)} ${seconds.toFixed(1).padStart(5)} s`;
}

function roundLines(result: Result): string[] {
  const { promise, figures, broken } = result;
  const text = [promise, figures].flatMap((sentence) => wrapped(sentence).map((line) => `       ${line}`));
  return [`  ${resultLine(result)}`, ...text, ...evidenceLines(broken), ''];
}

function mark(broken: readonly Evidence[]): string {
  return broken.length === 0 ? 'kept  ' : 'BROKEN';
}

function evidenceLines(broken: readonly Evidence[]): string[] {
  return broken.flatMap(({ what, rows }) => [`       ! ${what}`, ...rows.map((row) => `           ${rowText(row)}`)]);
}

const cell = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function rowText(row: object): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${cell(value)}`)
    .join(' · ')
    .replaceAll('\n', ' ');
}

function verdict({ kept, seconds, seed, short, rounds, sums }: Report): string {
  const again = `--seed ${seed}${short ? ' --short' : ''}`;
  const spent = `in ${seconds.toFixed(1)} s (${again})`;
  if (kept) return `All promises kept: ${rounds.length} rounds and ${sums.length} sums ${spent}.`;
  const broken = [...rounds, ...sums].filter((result) => result.broken.length > 0).map(({ title }) => title);
  return `BROKEN ${spent}: ${broken.join('; ')}.`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
