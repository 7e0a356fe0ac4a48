import { checkDeliveries, type Faults } from './checker.ts';
import type { BookedEvent, CrowdOrders, TimedChange, Verdict } from './crowd-orders.ts';
import type { Deliveries } from './deliveries.ts';
import { spreadOf } from './latency.ts';
import type { Subscriber } from './subscriber.ts';

const EXAMPLES = 5;
const LONG_MESSAGE = 65_536;
const SHORT_MESSAGE = 126;
const NOT_IN_THE_BOOK = -1;

/** What the crowd has. */
export interface Crowded {
  subscribers: readonly Subscriber[];
  deliveries: Deliveries;
  noticed: ReadonlyMap<string, number>;
}

/** Compares what every subscriber has received with the book, from a position on. */
export function verdictOf(crowd: Crowded, { from, book, timed }: CrowdOrders['verdict'][0]): Verdict {
  const { subscribers, deliveries, noticed } = crowd;
  const received = receivedBy(crowd, book);
  const expected = expectations(book.filter(({ pos }) => pos > from));
  const faults = subscribers.map(({ index, product }) =>
    checkDeliveries(expected(product), received[index] as readonly number[]),
  );
  const sum = (kind: keyof Faults): number => faults.reduce((total, found) => total + found[kind].length, 0);
  const messageBytes = deliveries.events.at(-1)?.body.length ?? 0;
  return {
    subscribers: subscribers.length,
    deliveries: deliveries.count,
    lost: sum('lost'),
    untold: sum('untold'),
    doubled: sum('doubled'),
    outOfOrder: sum('outOfOrder'),
    stray: sum('stray'),
    differing: deliveries.differing,
    examples: [...faults.flatMap(wordsOf), ...deliveries.differences].slice(0, EXAMPLES),
    noticed: Object.fromEntries(noticed),
    messageBytes,
    frameBytes: messageBytes + (messageBytes < SHORT_MESSAGE ? 2 : messageBytes < LONG_MESSAGE ? 4 : 10),
    ...latencies(crowd, timed),
  };
}

/** For each subscriber the positions of what came, in the order in which it came. */
function receivedBy({ subscribers, deliveries }: Crowded, book: readonly BookedEvent[]): number[][] {
  const positions = new Map(book.map(({ cursor, pos }) => [cursor, pos]));
  const known = deliveries.events.map(({ cursor }) => positions.get(cursor) ?? NOT_IN_THE_BOOK);
  const received: number[][] = subscribers.map(() => []);
  deliveries.each((subscriber, event) => received[subscriber]?.push(known[event] as number));
  return received;
}

/** Answers, for a product or for all, the positions of its events. */
function expectations(book: readonly BookedEvent[]): (product: string | null) => readonly number[] {
  const all = book.map(({ pos }) => pos);
  const byProduct = Map.groupBy(book, ({ product }) => product);
  return (product) => (product === null ? all : (byProduct.get(product) ?? []).map(({ pos }) => pos));
}

function wordsOf(faults: Faults, subscriber: number): string[] {
  return Object.entries(faults)
    .filter(([, positions]) => (positions as number[]).length > 0)
    .map(([kind, positions]) => `subscriber ${subscriber}: ${kind} ${(positions as number[]).slice(0, 5).join(' ')}`);
}

function latencies(
  { subscribers, deliveries }: Crowded,
  timed: readonly TimedChange[],
): Pick<Verdict, 'sinceSent' | 'sinceAnswer'> {
  const changes = new Map(timed.map((change) => [change.cursor, change]));
  const known = deliveries.events.map(({ cursor }) => changes.get(cursor));
  const [sinceSent, sinceAnswer]: [number[], number[]] = [[], []];
  deliveries.each((subscriber, event, at) => {
    const change = known[event];
    if (!change || subscribers[subscriber]?.wasStalled) return;
    sinceSent.push(at - change.sentAt);
    sinceAnswer.push(at - change.answeredAt);
  });
  return { sinceSent: spreadOf(sinceSent), sinceAnswer: spreadOf(sinceAnswer) };
}
