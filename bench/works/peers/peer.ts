import type { ServerProcess } from '../server-process.ts';
import type { AnyAsked, Asked, Kind } from '../work.ts';

/** A request as it goes over the wire, by POST. */
export interface WireRequest {
  path: string;
  body: string;
  token?: string;
}

/** Where a page of a list begins. */
export interface PagePlace {
  /** Behind this one; from the beginning when `null`. */
  cursor: string | null;
  /** Products on the page. */
  first: number;
}

/** What a server of the bench is started with. */
export interface PeerStart {
  databaseUrl: string;
  /** Whether it may keep answers. */
  kept: boolean;
}

/** A server that answers the works. */
export interface Peer {
  name: 'souk' | 'limit' | 'postgraphile';
  title: string;
  /** What its users would add to the tables: indexes for its statements, functions. */
  tables: readonly string[];
  start: (start: PeerStart) => Promise<ServerProcess>;
  /** @param place for lists by cursor */
  requestOf: (server: ServerProcess, asked: AnyAsked, place: PagePlace) => WireRequest;
  /** What an answer says, in one form for all servers, with cursors and whatever is new in it left out. @throws Error for an error */
  contentOf: (kind: Kind, answer: unknown) => unknown;
  /** The cursor of the last product on a page of a list. */
  endCursorOf: (answer: unknown) => string | null;
}

/** What a server is told about a request of each kind. */
export type Variables = { readonly [K in Kind]: (asked: Asked[K], place: PagePlace) => object };

/** What a server is told about one request. */
export function variablesOf(variables: Variables, { kind, asked }: AnyAsked, place: PagePlace): object {
  return (variables[kind] as (asked: AnyAsked['asked'], place: PagePlace) => object)(asked, place);
}

/** The part of the variables that says where a page begins. */
export function pageVariables({ cursor, first }: PagePlace): object {
  return { first, ...(cursor !== null && { after: cursor }) };
}

/** Connections to PostgreSQL, of each server. */
export const POOL_SIZE = 10;

/** Where orders go. */
export const ADDRESS = { fullName: 'Ada Byron', line1: '12 St James Square', city: 'London', country: 'GB' } as const;

/** Who is told of orders. */
export const EMAIL = 'ada@example.com';
