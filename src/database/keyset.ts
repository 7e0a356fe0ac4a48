import { BadUserInput, CursorInvalid } from '../errors/request-errors.js';

/** The window a client asks for: forward (`first`, `after`), backward (`last`, `before`), or by number (`first`, `skip`). */
export interface PageRequest {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  skip?: number | null;
}

/** How a list is ordered: by one SQL expression, ties broken by the id. */
export interface KeysetSort {
  /** Names list and order, such as `products:PRICE`; a cursor of another list or order is refused. */
  name: string;
  /** Never null, so that every row has its place. */
  expression: string;
  /** PostgreSQL type of the expression; it also decides what a cursor may hold. */
  type: 'text' | 'bigint' | 'float8' | 'timestamptz' | 'uuid';
  direction: 'ASC' | 'DESC';
}

/** A row of a page: its id, and the value it was sorted by. */
export interface Keyed {
  id: string;
  sortKey: string | number | Date;
}

/** What a statement needs to fetch one page, one row more than shown: the extra row tells whether there is a next page. */
export interface KeysetWindow {
  /** A condition, `TRUE` without a cursor. */
  where: string;
  orderBy: string;
  /** Of the statement: the list's own, or its reverse for a backward page. */
  direction: 'ASC' | 'DESC';
  limit: number;
  offset: number;
  size: number;
  backward: boolean;
  /** A cursor or an offset was given, so rows lie on the other side. */
  startsInside: boolean;
}

/** One page in the list's own order. */
export interface Page<Row> {
  rows: Row[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;
export const MAX_SKIP = 10_000;

/**
 * Turns a page request into a condition, an order and a limit.
 * @param bind takes a parameter and answers its placeholder, such as `$3`
 * @param id SQL of the id column
 * @throws BadUserInput when sizes are out of range or directions are mixed
 * @throws CursorInvalid when the cursor is not one of this list in this order
 */
export function keysetWindow(
  sort: KeysetSort,
  id: string,
  request: PageRequest,
  bind: (value: unknown) => string,
): KeysetWindow {
  refuseBadRequest(request);
  const backward = request.last != null || request.before != null;
  const cursor = backward ? request.before : request.after;
  const size = (backward ? request.last : request.first) ?? DEFAULT_PAGE_SIZE;
  const direction = backward === (sort.direction === 'ASC') ? 'DESC' : 'ASC';
  let where = 'TRUE';
  if (cursor != null) {
    const [key, rowId] = readCursor(sort, cursor);
    const past = direction === 'ASC' ? '>' : '<';
    where = `(${sort.expression}, ${id}) ${past} (${bind(key)}::${sort.type}, ${bind(rowId)}::uuid)`;
  }
  return {
    where,
    orderBy: `${sort.expression} ${direction}, ${id} ${direction}`,
    direction,
    limit: size + 1,
    offset: request.skip ?? 0,
    size,
    backward,
    startsInside: cursor != null || (request.skip ?? 0) > 0,
  };
}

/** Cuts the extra row off and puts a backward page into the list's own order. */
export function pageOf<Row>(window: KeysetWindow, fetched: readonly Row[]): Page<Row> {
  const more = fetched.length > window.size;
  const rows = fetched.slice(0, window.size);
  return window.backward
    ? { rows: rows.toReversed(), hasNextPage: window.startsInside, hasPreviousPage: more }
    : { rows, hasNextPage: more, hasPreviousPage: window.startsInside };
}

/** The opaque position of one row in a list: order, sort key and id. */
export function cursorOf(sort: KeysetSort, row: Keyed): string {
  return Buffer.from(JSON.stringify([sort.name, row.sortKey, row.id])).toString('base64url');
}

function refuseBadRequest({ first, after, last, before, skip }: PageRequest): void {
  const problems = [
    ...(['first', 'last'] as const).flatMap((path) => {
      const size = path === 'first' ? first : last;
      return size != null && (size < 1 || size > MAX_PAGE_SIZE)
        ? [{ path, message: `must be from 1 to ${MAX_PAGE_SIZE}` }]
        : [];
    }),
    ...(skip != null && (skip < 0 || skip > MAX_SKIP)
      ? [{ path: 'skip', message: `must be from 0 to ${MAX_SKIP}; use after for pages further on` }]
      : []),
    ...((first != null || after != null) && (last != null || before != null)
      ? [{ path: 'last', message: 'cannot be mixed with first or after: page forward or backward' }]
      : []),
    ...(skip != null && (after != null || last != null || before != null)
      ? [{ path: 'skip', message: 'goes with first only' }]
      : []),
  ];
  if (problems.length > 0) throw new BadUserInput(problems);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readCursor(sort: KeysetSort, cursor: string): [key: unknown, id: string] {
  const [name, key, id] = decode(cursor);
  if (name !== sort.name || typeof id !== 'string' || !UUID.test(id) || !fits(sort.type, key))
    throw new CursorInvalid();
  return [key, id];
}

function decode(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

// A forged cursor must fail here and not as a cast inside PostgreSQL.
function fits(type: KeysetSort['type'], key: unknown): boolean {
  if (type === 'bigint') return Number.isSafeInteger(key);
  if (type === 'float8') return typeof key === 'number' && Number.isFinite(key);
  if (typeof key !== 'string') return false;
  if (type === 'uuid') return UUID.test(key);
  if (type === 'timestamptz') return isInstant(key);
  return !key.includes('\0') && key.isWellFormed();
}

// Exactly what toISOString writes: `2026-02-30` is a number of days to JavaScript and an error to PostgreSQL.
function isInstant(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
