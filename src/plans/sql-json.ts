import type { FieldShape } from './shape.js';

/** A column whose JSON is what the API shows: text, number, boolean. */
export function column(name: string): FieldShape<string> {
  return (row) => `${row}.${name}`;
}

/** SQL of the id that clients see. */
export function globalId(kind: string, uuid: string): string {
  return `'${kind}_' || encode(uuid_send(${uuid}), 'hex')`;
}

/** A column with a UUID as the id that clients see; null stays null. */
export function idColumn(kind: string, name: string): FieldShape<string> {
  return (row) => globalId(kind, `${row}.${name}`);
}

/** SQL of a moment as the API shows it. */
export function moment(timestamp: string): string {
  return `to_char(${timestamp} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A column with a moment; null stays null. */
export function momentColumn(name: string): FieldShape<string> {
  return (row) => moment(`${row}.${name}`);
}

/** A text inside a value of JSON, whose SQL is the row. */
export function member(name: string): FieldShape<string> {
  return (json) => `${json} ->> ${literal(name)}`;
}

/** SQL of a list: the JSON of each row, in an order. */
export function listOf(json: string, from: string, orderBy: string): string {
  return `(SELECT ${collected(`coalesce(${json}, 'null')`, orderBy)} FROM ${from})`;
}

/**
 * SQL of the text of a list: what a SELECT collects of its rows.
 * @param json SQL of the text of each; a row where it is null is left out @param orderBy null for the order that they come in
 */
export function collected(json: string, orderBy: string | null): string {
  return `('[' || coalesce(string_agg(${json}, ','${orderBy === null ? '' : ` ORDER BY ${orderBy}`}), '') || ']')`;
}

/** SQL of a text literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL of a text that is known before the statement is sent. */
export function constant(text: string): string {
  return `${literal(text)}::text`;
}

/** The text of SQL that `constant` has written; null for other SQL. */
export function constantOf(sql: string): string | null {
  const [, text] = /^'((?:[^']|'')*)'::text$/.exec(sql) ?? [];
  return text?.replaceAll("''", "'") ?? null;
}

/** SQL of an opaque cursor, base64url as `cursorOf` writes it. @param json SQL of its content as text */
export function encoded(json: string): string {
  return `translate(replace(encode(convert_to(${json}, 'UTF8'), 'base64'), E'\\n', ''), '+/=', '-_')`;
}
