import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Drop } from './drop.js';

/** Node writes a short text together with the head; a long one would be copied each time. */
const LONGEST_TEXT = 4_096;

/** An answer that may be given to many. */
export class Answer {
  private tag: string | null = null;

  /**
   * @param wire the body of the response as it is written, `{"data":...}` and a line break: bytes, or a text of one character for
   * each of them (`latin1`)
   */
  private constructor(readonly wire: Buffer | string) {}

  /** @param data the text of the data */
  static of(data: string): Answer {
    const body = Buffer.from(`{"data":${data}}\n`);
    return new Answer(body.length > LONGEST_TEXT ? body : body.toString('latin1'));
  }

  /** The body of the response. */
  get body(): Buffer {
    return typeof this.wire === 'string' ? Buffer.from(this.wire, 'latin1') : this.wire;
  }

  /** Bytes of the body. */
  get length(): number {
    return this.wire.length;
  }

  /** Strong entity tag of the body, with its quotes. */
  get etag(): string {
    this.tag ??= `"${createHash('sha256').update(this.body).digest('base64url').slice(0, 27)}"`;
    return this.tag;
  }

  /** The body with figures for developers. @param extensions in JSON */
  with(extensions: string): string {
    return `${this.body.toString('utf8', 0, this.length - 2)},"extensions":${extensions}}\n`;
  }
}

/** What is known of an answer beside what it says. */
export interface AnswerTraits {
  /** What it was made from: things with the parts that count. */
  things: ReadonlyMap<string, number>;
  /** It was made for people who work for the shop. */
  forStaff: boolean;
}

interface Entry extends AnswerTraits {
  key: string;
  answer: Answer;
}

// What an entry, and one of its things with its place in the index, take in memory beside their texts.
const ENTRY_BYTES = 600;
const THING_BYTES = 250;

/** Answers in memory, the most recently used ones, by their keys and by what they were made from. Bounded by bytes. */
export class AnswerStore {
  private readonly byThing = new Map<string, Set<Entry>>();
  private readonly entries: LRUCache<string, Entry>;

  /** @param maxBytes all answers together, with what is needed to find them */
  constructor(maxBytes: number) {
    this.entries = new LRUCache<string, Entry>({
      maxSize: maxBytes,
      maxEntrySize: Math.ceil(maxBytes / 4),
      sizeCalculation: sizeOf,
      dispose: (entry) => this.forget(entry),
    });
  }

  /** How many answers there are. */
  get count(): number {
    return this.entries.size;
  }

  /** Bytes that they take, about. */
  get bytes(): number {
    return this.entries.calculatedSize;
  }

  /** How many things are pointed at. */
  get things(): number {
    return this.byThing.size;
  }

  get(key: string): Answer | null {
    return this.entries.get(key)?.answer ?? null;
  }

  put(key: string, answer: Answer, traits: AnswerTraits): void {
    const entry: Entry = { ...traits, key, answer };
    this.entries.set(key, entry);
    // One that is too large was not taken.
    if (this.entries.peek(key) !== entry) return;
    for (const thing of traits.things.keys()) {
      const others = this.byThing.get(thing);
      if (others) others.add(entry);
      else this.byThing.set(thing, new Set([entry]));
    }
  }

  /** Removes every answer that was made from what has changed. Answers how many. */
  drop(drops: Iterable<Drop>): number {
    const before = this.entries.size;
    for (const { thing, parts, staffOnly } of drops) {
      for (const entry of this.byThing.get(thing) ?? []) {
        if (staffOnly && !entry.forStaff) continue;
        if (((entry.things.get(thing) ?? 0) & parts) !== 0) this.entries.delete(entry.key);
      }
    }
    return before - this.entries.size;
  }

  clear(): void {
    this.entries.clear();
  }

  private forget(entry: Entry): void {
    for (const thing of entry.things.keys()) {
      const others = this.byThing.get(thing);
      others?.delete(entry);
      if (others?.size === 0) this.byThing.delete(thing);
    }
  }
}

function sizeOf({ key, answer, things }: Entry): number {
  return ENTRY_BYTES + 2 * key.length + answer.length + THING_BYTES * things.size;
}
