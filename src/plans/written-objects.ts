import { LRUCache } from 'lru-cache';
import type { JsonText } from './json-text.js';
import type { MadeFrom } from './made-from.js';

/** An object as it was written, and what that took. Nothing in it is of one request, or of one viewer. */
export interface Written {
  sql: string;
  json: JsonText;
  /** How many aliases were taken by its end. */
  aliases: number;
  /** What it binds that is the same in every request. */
  fixtures: readonly (readonly [name: string, value: unknown])[];
  /** What it is made from; `null` when the answer is not to be kept. */
  notes: MadeFrom | null;
}

/** Objects of documents, by everything that their text depends on: most of a statement is the same in every request. */
export type WrittenObjects = Pick<LRUCache<string, Written>, 'get' | 'set'>;

/** In memory twice: as a text and in its parts. */
const CHARACTERS_KEPT = 5_000_000;

/** An empty memory, bounded by the lengths of texts. */
export function writtenObjects(): WrittenObjects {
  return new LRUCache({ maxSize: CHARACTERS_KEPT, sizeCalculation: ({ sql }, key) => sql.length + key.length });
}
