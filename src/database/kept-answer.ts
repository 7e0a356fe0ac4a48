import { types } from 'node:util';

// No name in GraphQL, SQL or JSON columns of PostgreSQL holds a NUL.
const DATE = '\0date';
const BYTES = '\0bytes';

/**
 * An answer of a transaction as bytes: rows with text, numbers, dates, bytes, lists and objects, which lose their class.
 * JSON, so that another release of Node.js can read it.
 * @throws Error for what would come back as something else, such as functions and maps
 */
export function encodeAnswer(answer: unknown): Buffer {
  return Buffer.from(JSON.stringify({ answer }, encodeValue));
}

/** The answer that was encoded. */
export function decodeAnswer(bytes: Buffer): unknown {
  return (JSON.parse(bytes.toString(), decodeValue) as { answer?: unknown }).answer;
}

// JSON.stringify has called toJSON of dates and buffers already; the holder has them as they were.
function encodeValue(this: unknown, key: string, json: unknown): unknown {
  const value = (this as Readonly<Record<string, unknown>>)[key];
  if (types.isDate(value)) return { [DATE]: value.getTime() };
  if (types.isUint8Array(value)) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (typeof value === 'function' || types.isMap(value) || types.isSet(value) || types.isPromise(value)) {
    throw new Error(`An answer that is kept cannot hold "${key}", which is no plain value.`);
  }
  return json;
}

function decodeValue(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (DATE in value) return new Date(value[DATE] as number);
  if (BYTES in value) return Buffer.from(value[BYTES] as string, 'base64');
  return value;
}
