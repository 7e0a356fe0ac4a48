import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { csvRows } from './csv-rows.js';
import type { FileRow } from './row-reader.js';
import { ImportError } from './files.errors.js';
import { jsonItems, jsonLines } from './json-rows.js';

/** A file of rows that is read while it is used. */
export interface RowFile {
  rows: AsyncIterable<FileRow>;
  /** What `line` of a row counts. */
  unit: 'line' | 'item';
  /** How much of the file has been read, from 0 to 1. */
  share(): number;
}

/** How a file is written, told by its name. */
export type FileFormat = 'csv' | 'json' | 'ndjson';

/** The text of a file that lies nowhere. */
export interface RowText {
  format: FileFormat;
  text: string;
}

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** @throws ImportError when the name tells none */
export function formatOf(file: string): FileFormat {
  const format = FORMATS[extname(file).toLowerCase()];
  if (!format) throw new ImportError(`${file}: the name must end in ${Object.keys(FORMATS).join(', ')}.`);
  return format;
}

/**
 * Opens a file of rows, or its text. Reading goes as fast as the rows are used, so that a file of any size fits.
 * @param acceptHeader called with the columns of a CSV file before its first row; what it throws ends the reading
 * @throws ImportError when there is no such file; the rows throw it when the file is broken as a whole
 */
export async function openRows(
  source: string | RowText,
  acceptHeader: (columns: readonly string[]) => void,
): Promise<RowFile> {
  return typeof source === 'string' ? openFile(source, acceptHeader) : openText(source, acceptHeader);
}

function openText({ format, text }: RowText, acceptHeader: (columns: readonly string[]) => void): RowFile {
  const rows = rowsOf(format, Readable.from([Buffer.from(text)]), acceptHeader);
  return { rows, unit: unitOf(format), share: () => 1 };
}

async function openFile(file: string, acceptHeader: (columns: readonly string[]) => void): Promise<RowFile> {
  const format = formatOf(file);
  const size = await sizeOf(file);
  // Small pieces, so that what is read is not far ahead of what is written.
  const bytes = createReadStream(file, { highWaterMark: 16_384 });
  return {
    rows: described(file, rowsOf(format, bytes, acceptHeader)),
    unit: unitOf(format),
    share: () => (size === 0 ? 1 : bytes.bytesRead / size),
  };
}

function unitOf(format: FileFormat): RowFile['unit'] {
  return format === 'json' ? 'item' : 'line';
}

function rowsOf(
  format: FileFormat,
  bytes: Readable,
  acceptHeader: (columns: readonly string[]) => void,
): AsyncIterable<FileRow> {
  if (format === 'csv') return csvRows(bytes, acceptHeader);
  return format === 'json' ? jsonItems(bytes) : jsonLines(bytes);
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new ImportError(`${file} is not a file.`);
    return found.size;
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function* described(file: string, rows: AsyncIterable<FileRow>): AsyncGenerator<FileRow> {
  try {
    yield* rows;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Names the file in errors that are about it; others stay as they are. */
function unreadable(file: string, error: unknown): unknown {
  if (error instanceof ImportError) return new ImportError(`${file}: ${error.message}`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return new ImportError(`${file}: there is no such file.`);
  return code === 'EACCES' || code === 'EPERM' ? new ImportError(`${file}: you may not read it.`) : error;
}
