import { BadRow } from './files.errors.js';

const SHOWN = 40;

/** What a row holds, by the name of its column in lower case: texts in CSV, any JSON value otherwise. */
export type Cells = ReadonlyMap<string, unknown>;

/** One row of a file, or what is wrong with it. */
export type FileRow = { line: number; cells: Cells } | { line: number; fault: string };

/** Column names are the same in upper and lower case, with blanks or hyphens instead of underscores. */
export function columnName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** Reads the cells of one row. An empty cell reads as `undefined`. Every method throws BadRow on a value it cannot use. */
export class RowReader {
  constructor(private readonly cells: Cells) {}

  /** The value as the file has it; `undefined` when it is empty or not there. */
  raw(column: string): unknown {
    const value = this.cells.get(column);
    if (value === null || value === undefined) return undefined;
    return typeof value === 'string' && value.trim() === '' ? undefined : value;
  }

  has(column: string): boolean {
    return this.cells.has(column);
  }

  /** Text as it stands, of at most so many characters. */
  whole(column: string, max: number): string | undefined {
    const value = this.raw(column);
    return value === undefined ? undefined : checkedText(column, textOf(column, value), max);
  }

  /** The same without blanks around it. */
  text(column: string, max: number): string | undefined {
    return this.whole(column, max)?.trim();
  }

  /** A text of this form, without blanks around it. */
  matching(column: string, form: RegExp, max: number, expected: string): string | undefined {
    const text = this.text(column, max);
    if (text !== undefined && !form.test(text)) throw new BadRow(`${column}: ${shown(text)} is not ${expected}`);
    return text;
  }

  /** A whole number from 0 to a bound. */
  integer(column: string, max: number): number | undefined {
    const text = this.text(column, 100);
    if (text === undefined) return undefined;
    const number = Number(text);
    if (!/^\d{1,16}$/.test(text) || number > max) {
      throw new BadRow(`${column}: ${shown(text)} is not a whole number from 0 to ${max}`);
    }
    return number;
  }
}

/** The text, when PostgreSQL can store it and it is short enough. @throws BadRow */
export function checkedText(column: string, text: string, max: number): string {
  if (text.includes('\0')) throw new BadRow(`${column}: holds a NUL byte`);
  // What a decoder puts in the place of bytes that are no UTF-8, and half a character from JSON.
  if (text.includes('\uFFFD') || !text.isWellFormed()) throw new BadRow(`${column}: is not well-formed UTF-8`);
  if (text.length > max && Array.from(text).length > max)
    throw new BadRow(`${column}: has more than ${max} characters`);
  return text;
}

/** Numbers and yes or no, which JSON has, as they are written. @throws BadRow */
export function textOf(column: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new BadRow(`${column}: must be a text`);
}

/** A value for a message: quoted, and cut when it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
