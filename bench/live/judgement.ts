import { checkLog, type LogFaults } from './checker.ts';
import type { Crowd } from './crowd.ts';
import type { Verdict } from './crowd-orders.ts';
import type { Gate } from './gate.ts';
import type { Book, LiveShop } from './live-shop.ts';
import type { Stage } from './stage.ts';
import { timed, type Written } from './writer.ts';

const CATCHING_UP_MS = 60_000;

/** Who is judged. */
export interface Judged {
  shop: LiveShop;
  crowd: Crowd;
  /** Cursor after which the crowd wanted to be told. */
  after: string;
  /** What was written over GraphQL; nothing when it came by the outbox. */
  written?: readonly Written[];
  /** Those of them whose way is timed; all unless told otherwise. */
  measured?: readonly Written[];
}

/** What came of it. */
export interface Judgement {
  book: Book;
  verdict: Verdict;
  log: LogFaults;
  /** When, on the shared clock, everybody had seen the last event; `null` when that took more than a minute. */
  caughtUpAt: number | null;
}

/** Waits until everybody has seen the last event, and compares what they were told with the log, and the log with what was written. */
export async function judge(stage: Stage, judged: Judged): Promise<Judgement> {
  const { shop, crowd, after, written = [], measured = written } = judged;
  if (written.some((change) => !change.acknowledged)) await shop.comesToRest(stage.signal);
  const book = await shop.book(stage.signal);
  const caughtUpAt = await crowd.caughtUp(book.last, CATCHING_UP_MS);
  if (caughtUpAt === null) {
    const { in: inside, caughtUp } = await crowd.progress(book.last);
    stage.note(`Not all caught up: ${inside} subscribers are in, ${caughtUp} have seen everything.`);
    for (const line of await shop.standing(book)) stage.note(line);
  }
  const from = shop.positionOf(after, book);
  const verdict = await crowd.verdict({ from, book: book.events, timed: timed(measured, book) });
  const judgement = { book, verdict, caughtUpAt, log: checkLog(written, written.length > 0 ? book.changes : []) };
  for (const line of evidence(judgement)) stage.note(line);
  return judgement;
}

/** The gate of those who are to miss nothing, get nothing twice and nothing in disorder. */
export function exactGate(gate: string, { verdict, log, caughtUpAt }: Judgement): Gate {
  const { lost, untold, doubled, outOfOrder, stray, differing, subscribers, deliveries, examples } = verdict;
  const inLog = Object.values(log).reduce((sum: number, numbers: number[]) => sum + numbers.length, 0);
  const others = [
    ...(untold > 0 ? [`${untold.toLocaleString('en')} not told by the end`] : []),
    ...(stray > 0 ? [`${stray} stray`] : []),
    ...(differing > 0 ? [`${differing} differing`] : []),
    ...(inLog > 0 ? [`${inLog} wrong in the log`] : []),
    ...(caughtUpAt === null ? ['not all caught up'] : []),
  ];
  const extent = `${deliveries.toLocaleString('en')} deliveries to ${subscribers.toLocaleString('en')}`;
  return {
    gate,
    aim: '0 / 0 / 0',
    figure: [`${lost} / ${doubled} / ${outOfOrder}`, ...others, extent].join(', '),
    passed: lost + doubled + outOfOrder === 0 && others.length === 0 && examples.length === 0 && deliveries > 0,
  };
}

/** Whether everybody was told everything, once and in order. */
export function isExact(judgement: Judgement): boolean {
  return exactGate('', judgement).passed === true;
}

function evidence({ verdict, log }: Judgement): string[] {
  const { noticed, examples } = verdict;
  const wrong = Object.entries(log).filter(([, numbers]) => (numbers as number[]).length > 0);
  return [
    ...(Object.keys(noticed).length > 0 ? [`noticed: ${JSON.stringify(noticed)}`] : []),
    ...examples,
    ...wrong.map(([kind, numbers]) => `the log: ${kind} ${(numbers as number[]).slice(0, 10).join(' ')}`),
  ];
}
