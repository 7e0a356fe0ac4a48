import type { Spread } from './latency.ts';
import type { Departure } from './subscriber.ts';
import type { Fault } from './tampering.ts';

/** Subscribers to be. */
export interface Opening {
  count: number;
  query: string;
  /** In how many different documents, by turns, that ask for the same. */
  documents: number;
  /** Each watches one of these, in turn; all of them watch everything when it is empty. */
  products: readonly string[];
  /** Cursor after which they want to be told. */
  after: string;
  /** URLs of the servers. */
  urls: readonly string[];
  /** What is done to one of their deliveries. */
  fault: Fault | null;
}

/** An event that the log of the shop holds. */
export interface BookedEvent {
  pos: number;
  cursor: string;
  product: string;
}

/** How far subscribers are. */
export interface Progress {
  /** Those that are subscribed, as far as they know. */
  in: number;
  /** Those of them that have seen the last event of what they watch. */
  caughtUp: number;
  deliveries: number;
}

/** A change whose way is timed, and when it was sent and answered on the shared clock. */
export interface TimedChange {
  cursor: string;
  sentAt: number;
  answeredAt: number;
}

/** What subscribers were told, compared with what they were to be told. */
export interface Verdict {
  subscribers: number;
  deliveries: number;
  lost: number;
  /** Events that had not come by the end. */
  untold: number;
  doubled: number;
  outOfOrder: number;
  /** Events that they should not have been told. */
  stray: number;
  /** Messages about one event that were not equal. */
  differing: number;
  /** The first few faults, in words. */
  examples: string[];
  /** Lost sockets, refusals and close codes, counted. */
  noticed: Record<string, number>;
  /** Bytes of the last message, and of its frame. */
  messageBytes: number;
  frameBytes: number;
  /** First deliveries of the timed changes to who was always reading: from the moment before the change was sent. */
  sinceSent: Spread;
  /** The same from its answer; below 0 for who heard of the change before the one who made it. */
  sinceAnswer: Spread;
}

/** What can be asked of the process of subscribers, with which argument, and what it answers. */
export interface CrowdOrders {
  open: [opening: Opening, answer: null];
  servers: [urls: readonly string[], answer: null];
  cut: [share: number, answer: null];
  stall: [share: number, answer: null];
  unstall: [nothing: null, answer: null];
  leave: [how: readonly Departure[], answer: null];
  /** The last cursor for each product, and under `*` for those that watch everything. */
  progress: [last: Readonly<Record<string, string>>, answer: Progress];
  verdict: [question: { from: number; book: readonly BookedEvent[]; timed: readonly TimedChange[] }, answer: Verdict];
}

/** One question to the process of subscribers. */
export interface Asked<K extends keyof CrowdOrders = keyof CrowdOrders> {
  id: number;
  order: K;
  argument: CrowdOrders[K][0];
}

/** Its answer. */
export interface Answered {
  id: number;
  answer?: unknown;
  error?: string;
}
