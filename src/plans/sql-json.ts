import type { FieldShape } from './shape.js';

/** A column whose JSON is what the API shows: text, number, boolean. */
export function column(name: string): FieldShape<string> {
  return (row) => `${row}.${name}`;
}

/** SQL of the id that clients see. */
export function globalId(kind: string, uuid: string): string {
  return `'${kind}_' || replace(${uuid}::text, '-', '')`;
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
  return `(SELECT coalesce(json_agg(${json} ORDER BY ${orderBy}), '[]') FROM ${from})`;
}

/** SQL of a text literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL of an opaque cursor, base64url as `cursorOf` writes it. @param json SQL of its content as text */
export function encoded(json: string): string {
  return `translate(replace(encode(convert_to(${json}, 'UTF8'), 'base64'), E'\\n', ''), '+/=', '-_')`;
}
