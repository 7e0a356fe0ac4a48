import { Url } from '../graphql/scalars.js';
import { readPairs, type Pair } from './cell-text.js';
import { BadRow } from './files.errors.js';
import { checkedText, shown, textOf, type RowReader } from './row-reader.js';

const MAX_CELL = 100_000;
const MAX_NAME = 100;
const MAX_IMAGES = 50;

/**
 * Reads named values: `Name: Value | Name: Value` as text, or in JSON also `{"Name": "Value"}` or
 * `[{"name": "Name", "value": "Value"}]`. @throws BadRow
 */
export function readNamedValues(
  row: RowReader,
  column: string,
  { most, longest }: { most: number; longest: number },
): Pair[] | undefined {
  const raw = row.raw(column);
  if (raw === undefined) return undefined;
  const pairs = pairsOf(raw, column).map(({ name, value }) => {
    if (value === null)
      throw new BadRow(`${column}: ${shown(name)} has no colon; the form is "Name: Value | Name: Value"`);
    if (name === '' || value === '') throw new BadRow(`${column}: a name or a value is empty`);
    return { name: checkedText(column, name, MAX_NAME), value: checkedText(column, value, longest) };
  });
  if (pairs.length > most) throw new BadRow(`${column}: has more than ${most} entries`);
  if (new Set(pairs.map(({ name }) => name)).size < pairs.length) throw new BadRow(`${column}: has a name twice`);
  return pairs;
}

/** Reads URLs that blanks separate, in JSON also a list of them. @throws BadRow */
export function readImages(row: RowReader, column: string): string[] | undefined {
  const raw = row.raw(column);
  if (raw === undefined) return undefined;
  const urls = Array.isArray(raw)
    ? raw.map((url) => textOf(column, url))
    : checkedText(column, textOf(column, raw), MAX_CELL).trim().split(/\s+/);
  if (urls.length > MAX_IMAGES) throw new BadRow(`${column}: has more than ${MAX_IMAGES} entries`);
  for (const url of urls) {
    checkedText(column, url, MAX_CELL);
    if (!isUrl(url)) throw new BadRow(`${column}: ${shown(url)} is not an http or https URL`);
  }
  return urls;
}

function pairsOf(raw: unknown, column: string): { name: string; value: string | null }[] {
  if (typeof raw === 'string') return readPairs(checkedText(column, raw, MAX_CELL));
  if (typeof raw !== 'object' || raw === null) throw new BadRow(`${column}: must be a text or an object`);
  if (!Array.isArray(raw)) return Object.entries(raw).map(([name, value]) => ({ name, value: textOf(column, value) }));
  return raw.map((entry: unknown) => {
    const { name, value } = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : {};
    return { name: textOf(column, name), value: textOf(column, value) };
  });
}

function isUrl(text: string): boolean {
  try {
    Url.parseValue(text);
    return true;
  } catch {
    return false;
  }
}
