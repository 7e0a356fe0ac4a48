import { pipeline, type Readable } from 'node:stream';
import { parse, type CsvError, type Info } from 'csv-parse';
import { columnName, type FileRow } from './row-reader.js';
import { ImportError } from './files.errors.js';

/** Far more than the longest row that the limits of all columns allow. */
const MAX_ROW_BYTES = 4_000_000;
const NEW_LINES = /\r\n|\r|\n/g;

interface ParsedRow {
  record: string[];
  info: Info;
}

/** Rows of a CSV file with a header. Quotation marks within a cell that does not begin with one are ordinary text. */
export async function* csvRows(
  bytes: Readable,
  acceptHeader: (columns: readonly string[]) => void,
): AsyncGenerator<FileRow> {
  let unclosed = false;
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
    on_skip: (error) => {
      if (error?.code === 'CSV_MAX_RECORD_SIZE') parser.destroy(endlessRow(error));
      else unclosed = true;
    },
  });
  pipeline(bytes, parser, () => undefined);
  const place = new LineCounter();
  let columns: string[] | null = null;
  for await (const { record, info } of parser as AsyncIterable<ParsedRow>) {
    const line = place.startOf(record, info);
    if (columns) yield rowOf(line, columns, record);
    else acceptHeader((columns = headerOf(record)));
  }
  if (!columns) throw new ImportError('the file is empty.');
  if (unclosed) {
    yield { line: place.next, fault: 'a quotation mark is never closed; everything from here on was left out' };
  }
}

/** Tells in which line a row begins. The parser counts CR LF within quotation marks as two lines. */
class LineCounter {
  /** The line after the last row. */
  next = 1;
  private countedTwice = 0;

  startOf(record: readonly string[], { lines }: Info): number {
    const breaks = record.flatMap((cell) => cell.match(NEW_LINES) ?? []);
    this.countedTwice += breaks.filter((found) => found.length === 2).length;
    const end = lines - this.countedTwice;
    this.next = end + 1;
    return end - breaks.length;
  }
}

function headerOf(record: readonly string[]): string[] {
  const columns = record.map(columnName);
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index);
  if (twice !== undefined) throw new ImportError(`the header has the column "${twice}" twice.`);
  return columns;
}

function rowOf(line: number, columns: readonly string[], record: readonly string[]): FileRow {
  const tooMany = record.slice(columns.length).some((cell) => cell.trim() !== '');
  if (tooMany || record.length < columns.length) {
    const hint = record.some((cell) => cell.includes('"')) ? '; a quotation mark may be missing' : '';
    return { line, fault: `it has ${record.length} cells, the header ${columns.length}${hint}` };
  }
  return { line, cells: new Map(columns.map((column, index) => [column, record[index]])) };
}

function endlessRow({ lines }: CsvError): ImportError {
  return new ImportError(
    `a row has not ended in line ${String(lines)}; a quotation mark before is probably not closed.`,
  );
}
