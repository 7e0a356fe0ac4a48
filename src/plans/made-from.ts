/** Every part of a thing. */
export const ALL_PARTS = -1;

const MOST_PARTS = 31;
const bits = new Map<string, number>();

/** Names of parts of things, such as `price` and `stock`, as one number with a bit for each. */
export function partsOf(names: readonly string[]): number {
  return names.reduce((parts, name) => parts | bitOf(name), 0);
}

/** The names that a number of parts stands for. */
export function namesOf(parts: number): string[] {
  return [...bits].flatMap(([name, bit]) => ((parts & bit) === 0 ? [] : [name]));
}

function bitOf(name: string): number {
  let bit = bits.get(name);
  if (bit === undefined) {
    if (bits.size >= MOST_PARTS) throw new Error(`There are more than ${MOST_PARTS} parts of things.`);
    bit = 1 << bits.size;
    bits.set(name, bit);
  }
  return bit;
}

/** Something that an answer may be made from, and which parts of it. */
export interface Source {
  thing: string;
  parts: readonly string[];
}

/** How the fields of an object type are kept track of. What is not listed makes an answer that is not kept. */
export interface KeptType<Row = never> {
  /**
   * What thing each object is, or belongs to: its kind, SQL of its UUID, and the parts that decide whether it is shown. Left out
   * where objects are only parts of others.
   */
  is?: { kind: string; id: (row: Row) => string; parts: readonly string[] };
  /** What each field is made from: parts of the thing that its object is, by their names, and of other things. */
  fields: Readonly<Record<string, readonly (string | Source)[]>>;
}

/** What an answer is made from, noted while its statement is written. */
export class MadeFrom {
  /** Things that are known before the answer is, with the parts that count. */
  readonly things = new Map<string, number>();
  /** Kinds of the things that the answer will name, with the parts that count. */
  readonly shown = new Map<string, number>();
  /** Of each kind: what else there is for each of its things in the answer, by the beginning of its name. */
  readonly besides = new Map<string, Map<string, number>>();

  /** Notes parts of a thing. */
  add(thing: string, parts: number): void {
    this.things.set(thing, (this.things.get(thing) ?? 0) | parts);
  }

  /** Notes parts of all things of a kind that the answer will name. */
  show(kind: string, parts: number): void {
    this.shown.set(kind, (this.shown.get(kind) ?? 0) | parts);
  }

  /** Notes, for each thing of a kind that the answer will name, parts of the thing called `prefix` and its id. */
  beside(kind: string, prefix: string, parts: number): void {
    const found = this.besides.get(kind) ?? new Map<string, number>();
    found.set(prefix, (found.get(prefix) ?? 0) | parts);
    this.besides.set(kind, found);
  }

  /** Notes everything that is noted there. */
  with(other: MadeFrom): this {
    for (const [thing, parts] of other.things) this.add(thing, parts);
    for (const [kind, parts] of other.shown) this.show(kind, parts);
    for (const [kind, prefixes] of other.besides) {
      for (const [prefix, parts] of prefixes) this.beside(kind, prefix, parts);
    }
    return this;
  }

  /** Everything that the answer is made from, when it is there. @param named the things that it names, as `kind:id` */
  all(named: Iterable<string>): Map<string, number> {
    const all = new Map(this.things);
    const add = (thing: string, parts: number): void => void all.set(thing, (all.get(thing) ?? 0) | parts);
    for (const thing of named) {
      const colon = thing.indexOf(':');
      const [kind, id] = [thing.slice(0, colon), thing.slice(colon + 1)];
      add(thing, this.shown.get(kind) ?? 0);
      for (const [prefix, parts] of this.besides.get(kind) ?? []) add(prefix + id, parts);
    }
    return all;
  }

  /** Whether an answer that is not there yet may be made from some of these parts of a thing. */
  mayConcern(thing: string, parts: number): boolean {
    if (((this.things.get(thing) ?? 0) & parts) !== 0) return true;
    if (((this.shown.get(thing.slice(0, thing.indexOf(':'))) ?? 0) & parts) !== 0) return true;
    for (const prefixes of this.besides.values()) {
      for (const [prefix, of] of prefixes) if (thing.startsWith(prefix) && (of & parts) !== 0) return true;
    }
    return false;
  }
}
