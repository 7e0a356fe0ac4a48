import { LRUCache } from 'lru-cache';
import pg from 'pg';

/** A statement as it is sent. */
export interface Statement {
  text: string;
  /** What it is called in figures. */
  label: string;
  /** What it is prepared as; not at all without it. */
  name: string | undefined;
  /** Its parameters as PostgreSQL reads them. */
  values: (string | Buffer | null)[];
}

const TEXTS_KEPT = 500;
const CHARACTERS_KEPT = 2_000_000;

type ToText = (value: unknown) => string | Buffer | null;

// The types of pg leave its utilities out.
const { prepareValue } = (pg as unknown as { utils: { prepareValue: ToText } }).utils;

/** Gives each statement text its own prepared name: a statement composed from filters has several texts under one name. */
export class Statements {
  private readonly byText = new Map<string, string>();
  private readonly seenOnce = new LRUCache<string, true>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: (_, sql) => sql.length,
  });

  of(label: string, text: string, params: readonly unknown[]): Statement {
    const values = params.map((value) => prepareValue(value));
    return { text, label, name: this.byText.get(text) ?? this.newName(label, text), values };
  }

  // What is sent once is not worth a place. Beyond so many, texts are sent unprepared: PostgreSQL keeps every prepared plan
  // for the life of a connection.
  private newName(label: string, text: string): string | undefined {
    if (this.byText.size >= TEXTS_KEPT) return undefined;
    if (!this.seenOnce.has(text)) {
      this.seenOnce.set(text, true);
      return undefined;
    }
    const unique = `${label}#${this.byText.size}`;
    this.byText.set(text, unique);
    return unique;
  }
}
