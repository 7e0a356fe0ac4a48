/** What is wrong with what one subscriber has received: the positions it is seen on. */
export interface Faults {
  /** Never came, but later ones did. */
  lost: number[];
  /** Had not come by the end, nor anything behind them: lost or only late, nobody can tell. */
  untold: number[];
  /** Came again, each time counted. */
  doubled: number[];
  /** Came, for the first time, behind a later one. */
  outOfOrder: number[];
  /** Came and should not have: of another product, from before the beginning, or not in the log at all. */
  stray: number[];
}

/** A change that was sent to the shop. */
export interface SentChange {
  number: number;
  product: string;
  /** The shop said that it was made. */
  acknowledged: boolean;
}

/** A change as the log of the shop tells it. */
export interface LoggedChange {
  number: number;
  product: string;
  /** Version of the product right after it. */
  version: number;
}

/** What is wrong with the log itself: numbers of changes. */
export interface LogFaults {
  /** Acknowledged and not in the log. */
  missing: number[];
  /** In the log more than once. */
  repeated: number[];
  /** Behind a later acknowledged change, or a later version, of the same product. */
  misplaced: number[];
}

/** Compares what a subscriber was to receive, in ascending positions, with what came, in its order. */
export function checkDeliveries(expected: readonly number[], received: readonly number[]): Faults {
  const wanted = new Set(expected);
  const seen = new Set<number>();
  const faults: Faults = { lost: [], untold: [], doubled: [], outOfOrder: [], stray: [] };
  let newest = -Infinity;
  for (const pos of received) {
    if (!wanted.has(pos)) faults.stray.push(pos);
    else if (seen.has(pos)) faults.doubled.push(pos);
    else if (pos < newest) faults.outOfOrder.push(pos);
    if (wanted.has(pos)) newest = Math.max(newest, pos);
    seen.add(pos);
  }
  for (const pos of expected) if (!seen.has(pos)) (pos < newest ? faults.lost : faults.untold).push(pos);
  return faults;
}

/**
 * Compares the changes that were sent, in the order of their numbers, with the log, in the order of its positions. Changes of
 * one product were sent one after the other, each behind the answer to the one before.
 */
export function checkLog(sent: readonly SentChange[], log: readonly LoggedChange[]): LogFaults {
  const acknowledged = new Set(sent.filter((change) => change.acknowledged).map(({ number }) => number));
  const seen = new Set<number>();
  const newest = new Map<string, { number: number; version: number }>();
  const faults: LogFaults = { missing: [], repeated: [], misplaced: [] };
  for (const { number, product, version } of log) {
    const last = newest.get(product) ?? { number: -1, version: -1 };
    if (seen.has(number)) faults.repeated.push(number);
    else if (version < last.version || (acknowledged.has(number) && number < last.number))
      faults.misplaced.push(number);
    seen.add(number);
    // A change without an answer may have been made at any later time.
    newest.set(product, {
      number: acknowledged.has(number) ? Math.max(number, last.number) : last.number,
      version: Math.max(version, last.version),
    });
  }
  faults.missing = [...acknowledged].filter((number) => !seen.has(number));
  return faults;
}
