import { pipeline, type Readable } from 'node:stream';
import { streamArray } from 'stream-json/streamers/stream-array.js';
import { columnName, type FileRow } from './row-reader.js';
import { ImportError } from './files.errors.js';

const MAX_LINE_LENGTH = 4_000_000;

/** Objects of a JSON array. */
export async function* jsonItems(bytes: Readable): AsyncGenerator<FileRow> {
  const items = streamArray.withParserAsStream();
  pipeline(bytes, items, () => undefined);
  try {
    for await (const { key, value } of items as AsyncIterable<{ key: number; value: unknown }>) {
      yield rowOf(key + 1, value);
    }
  } catch (error) {
    // Faults of the disk have a code; what the parser throws has none.
    if (!(error instanceof Error) || 'code' in error) throw error;
    throw new ImportError(`it is no JSON array of objects (${error.message}).`);
  }
}

/** Objects of an NDJSON file, one in each line; empty lines do not matter. */
export async function* jsonLines(bytes: Readable): AsyncGenerator<FileRow> {
  let line = 0;
  for await (const text of linesOf(bytes)) {
    line += 1;
    if (text.trim() !== '') yield parsed(line, text);
  }
}

/** Lines end with LF only: JSON may hold the other line ends of Unicode, which `readline` cuts at. */
async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new ImportError('it has a line that does not end.');
    yield* lines;
  }
  yield rest + decoder.decode();
}

function parsed(line: number, text: string): FileRow {
  try {
    return rowOf(line, JSON.parse(text));
  } catch {
    return { line, fault: 'it is no JSON' };
  }
}

function rowOf(line: number, value: unknown): FileRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fault: 'it is no JSON object' };
  }
  return { line, cells: new Map(Object.entries(value).map(([name, cell]) => [columnName(name), cell])) };
}
