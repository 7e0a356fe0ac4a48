import { keysetWindow, type KeysetSort, type KeysetWindow, type PageRequest } from '../database/keyset.js';
import type { KeptType } from './made-from.js';
import { NotPlanned, type Asked, type Draft, type Shape } from './shape.js';
import { collected, encoded, literal, moment } from './sql-json.js';

/** A list that a connection shows a page of. */
export interface ListSource {
  /** What its rows are called in `from`, and the columns of what they are. */
  alias: string;
  /** SQL behind FROM: the tables and, behind WHERE, what belongs to the list. */
  from: string;
  sort: KeysetSort;
  request: PageRequest;
  /** Its table, when all of the list has to be found before a page can be cut from it. */
  foundWhole?: string;
}

/** A page, as the shapes of a connection and its parts see it. */
export interface PageRow {
  /** Alias of one row of the page. */
  row: string;
  /** SQL of the opaque position of that row. */
  cursor: string;
  window: KeysetWindow;
  source: ListSource;
  /** SQL behind FROM of everything that is listed. */
  all: string;
}

/** SQL of a connection of a type. @throws NotPlanned; what `keysetWindow` throws at a wrong request */
export function connection(type: string, source: ListSource, asked: Asked, draft: Draft): string {
  // Nothing of the list is asked for, though its arguments must be right.
  if ([...asked.selects].every((name) => name === '__typename')) throw new NotPlanned(type);
  const row = draft.alias();
  const isPaged = ['nodes', 'edges', 'pageInfo'].some((name) => asked.selects.has(name));
  // What is found for a page and counted as well is found once.
  const found = isPaged && source.foundWhole !== undefined && asked.selects.has('totalCount') ? draft.alias() : null;
  const json = asked.of(type, pageRow(source, row, found ?? source.from));
  // The count alone needs no page.
  if (!isPaged) return `(SELECT ${json})`;
  const { alias, from, sort } = source;
  const once = found && `WITH ${found} AS MATERIALIZED (SELECT ${alias}.id, ${sort.expression} AS key FROM ${from})`;
  const rows = found === null ? rowsOfPage(source, draft) : rowsFound(source, found, draft);
  // HAVING makes one answer of any page, also of an empty one, whatever is selected of it.
  return `(${once ?? ''} SELECT ${json} FROM (
      SELECT ${row}.*, row_number() OVER () AS n, count(*) OVER () AS total FROM (${rows}) ${row}
    ) ${row} HAVING TRUE)`;
}

/** The same as `rowsOfPage`, cut from what was found: only the rows of the page are looked at again. */
function rowsFound({ alias, foundWhole, sort, request }: ListSource, found: string, draft: Draft): string {
  const keys = { alias: found, from: `${found} WHERE TRUE`, sort: { ...sort, expression: `${found}.key` }, request };
  const { direction } = keysetWindow(sort, '', request, () => '');
  return `SELECT ${alias}.*, ${found}."sortKey" FROM (${rowsOfPage(keys, draft)}) ${found} JOIN ${foundWhole} ${alias} USING (id)
    ORDER BY ${found}."sortKey" ${direction}, ${found}.id ${direction}`;
}

/** SQL of the rows of a page, and one more when there are more, with what they are sorted by. */
function rowsOfPage({ alias, from, sort, request }: ListSource, draft: Draft): string {
  const window = keysetWindow(sort, `${alias}.id`, request, (value) => draft.bind(value));
  const rows = `SELECT ${alias}.*, ${sort.expression} AS "sortKey" FROM ${from} AND ${window.where} ORDER BY ${window.orderBy}`;
  // Numbers in the text, and not parameters: PostgreSQL then knows that it is about few rows when it prepares the statement.
  if (window.offset === 0) return `${rows} LIMIT ${window.limit}`;
  const most = 2 ** Math.ceil(Math.log2(window.limit + window.offset));
  return `SELECT * FROM (${rows} LIMIT ${most}) ${alias} OFFSET ${draft.bind(window.offset)} LIMIT ${window.limit}`;
}

function pageRow(source: ListSource, row: string, all: string): PageRow {
  // What does not become SQL is the same for every cursor.
  const window = keysetWindow(source.sort, `${source.alias}.id`, source.request, () => '');
  const { name, type } = source.sort;
  const key = `${row}."sortKey"`;
  const shown = type === 'timestamptz' ? moment(key) : key;
  const content = `${literal(`[${JSON.stringify(name)},`)} || to_json(${shown})::text || ',"' || ${row}.id || '"]'`;
  return { row, cursor: encoded(content), window, source, all };
}

/** SQL of a list of the page's rows in the order of the list. */
function rowsOf(json: string, { row, window }: PageRow): string {
  // Forward the rows come in this order already.
  const shown = `CASE WHEN ${row}.n <= ${window.size} THEN ${json} END`;
  return collected(shown, window.backward ? `${row}.n DESC` : null);
}

/** The shapes of a connection and of its edges. @param node name of the type that is listed @param name of the connection */
export function connectionShapes(node: string, name: string): Record<string, Shape<PageRow>> {
  return {
    [name]: {
      nodes: (page, asked) => rowsOf(asked.of(node, page.row), page),
      edges: (page, asked) => rowsOf(asked.of(`${node}Edge`, page), page),
      pageInfo: (page, asked) => asked.of('PageInfo', page),
      totalCount: ({ all }) => `(SELECT count(*) FROM ${all})`,
    },
    [`${node}Edge`]: {
      node: (page, asked) => asked.of(node, page.row),
      cursor: ({ cursor }) => cursor,
    },
  };
}

/** The parts of a connection show what its list notes. @param node name of the type that is listed @param name of the connection */
export function keptConnection(node: string, name: string): Record<string, KeptType> {
  return {
    [name]: { fields: { nodes: [], edges: [], pageInfo: [], totalCount: [] } },
    [`${node}Edge`]: { fields: { node: [], cursor: [] } },
  };
}

/** The same for its page. */
export const KEPT_PAGE_INFO: KeptType = {
  fields: { hasNextPage: [], hasPreviousPage: [], startCursor: [], endCursor: [] },
};

/** Where a page begins and ends. */
export const PAGE_INFO: Shape<PageRow> = {
  hasNextPage: ({ row, window }) => (window.backward ? String(window.startsInside) : hasMore(row, window)),
  hasPreviousPage: ({ row, window }) => (window.backward ? hasMore(row, window) : String(window.startsInside)),
  startCursor: (page) => end(page, page.window.backward),
  endCursor: (page) => end(page, !page.window.backward),
};

function hasMore(row: string, { size }: KeysetWindow): string {
  return `coalesce(bool_or(${row}.total > ${size}), false)`;
}

function end({ row, cursor, window }: PageRow, last: boolean): string {
  return `max(${cursor}) FILTER (WHERE ${row}.n = ${last ? `least(${row}.total, ${window.size})` : 1})`;
}
