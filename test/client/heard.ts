import { parse } from 'graphql';
import type { LiveClient } from '../../client/live/live-client.js';
import type { LiveDocument } from '../../client/live/live-document.js';

/** Variables of `EVENTS`. */
export interface EventsVariables {
  after?: string | null;
  ids?: string[];
}

/** A live document whose names and fragments hide the cursor. */
export const EVENTS = parse(`
  fragment Numbered on ProductEvent { ... on ProductEvent { place: cursor } n: version }
  subscription Events($after: Cursor, $ids: [ID!]) {
    told: productEvents(after: $after, productIds: $ids) { n: version ...Numbered }
  }`) as LiveDocument<{ told: { n: number } }, EventsVariables>;

/** What one subscription to `EVENTS` was told. */
export class Heard {
  /** Number and cursor of each event. */
  readonly events: [n: number, cursor: string][] = [];
  /** Errors, and the word `complete`. */
  readonly ends: unknown[] = [];
  /** How often the cursor has expired. */
  expiries = 0;
  /** Called with the number of each event. */
  react: (n: number) => void = () => undefined;
  /** Called when the cursor has expired. */
  refetch: () => Promise<string> | string = () => 'afresh';
  readonly unsubscribe: () => void;

  /** Subscribes. */
  constructor(client: LiveClient, variables: EventsVariables = { after: 'c0' }) {
    this.unsubscribe = client.subscribe(EVENTS, variables, {
      next: ({ told: { n } }, { cursor }) => {
        this.events.push([n, cursor]);
        this.react(n);
      },
      error: (why) => this.ends.push(why),
      complete: () => this.ends.push('complete'),
      cursorExpired: () => {
        this.expiries += 1;
        return this.refetch();
      },
    });
  }

  get numbers(): number[] {
    return this.events.map(([n]) => n);
  }
}

/** The server tells the event of a number, whose cursor is `c` and the number. */
export const event = (id: string, n: number): object => ({
  type: 'next',
  id,
  payload: { data: { told: { n, place: `c${n}` } } },
});

/** The same, but a part of it could not be read, for these reasons. */
export const without = (id: string, n: number, codes: readonly string[]): object => ({
  type: 'next',
  id,
  payload: {
    data: { told: { n: null, place: `c${n}` } },
    errors: codes.map((code) => ({ message: code, extensions: { code } })),
  },
});

/** The server has nothing more to tell. */
export const complete = (id: string): object => ({ type: 'complete', id });

/** The server refuses an operation, in the first of two forms. */
export const failure = (id: string, code: string): object[] => [
  { type: 'error', id, payload: [{ message: code, extensions: { code } }] },
];

/** The server refuses an operation, in the second of two forms. */
export const refusal = (id: string, code: string): object[] => [
  { type: 'next', id, payload: { data: null, errors: [{ message: code, extensions: { code } }] } },
  complete(id),
];
