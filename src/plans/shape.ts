import type { Viewer } from '../access/viewer.js';

/** Why a document is answered by the resolvers: something in it that no shape writes. Nothing is wrong. */
export class NotPlanned extends Error {}

/** One statement while it is written. */
export interface Draft {
  /** Takes a parameter and answers its placeholder, such as `$3`. */
  bind(value: unknown): string;
  /** The placeholder of a value that many fields need and that never changes; taken once for each name. */
  fixed(name: string, value: () => unknown): string;
  /** The same for a value of this request. */
  constant(name: string, value: () => unknown): string;
  /** A name for a table that no other has, such as `t4`. */
  alias(): string;
  /** Whether somebody asks who works for the shop. An answer that depends on no more of who asks may be given to others. */
  readonly forStaff: boolean;
  /** Who asks: every shape hides what they may not see. An answer that was written with a look at it is for them alone. */
  readonly viewer: Viewer | null;
  /** Notes that the answer is made from parts of a thing, beside what is noted for each of its fields. */
  madeFrom(thing: string, parts: readonly string[]): void;
  /** Notes, for each thing of a kind in the answer, parts of the thing that is called `prefix` and its id. */
  madeFromEach(kind: string, prefix: string, parts: readonly string[]): void;
}

/** One field of a selection, as a shape writes it. */
export interface Asked extends Selection {
  /** Arguments after coercion, defaults among them. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Names of the fields that are selected of the value, without those of fragments on other types. */
  readonly selects: ReadonlySet<string>;
  /**
   * Whether the field may stand at many things that are one and the same: a category at each of its products. The resolvers
   * answer such a field once; a shape that counts, sorts or collects would do so for each of them.
   */
  readonly repeats: boolean;
  /** The same for a value that others of the list may have too. */
  readonly shared: Selection;
}

/** What is selected of a value. */
export interface Selection {
  /**
   * SQL of the text of a JSON object with what is selected of the value.
   * @param type name of the object type @param row what its shape needs: the alias of its table, in most cases
   * @throws NotPlanned
   */
  of: (type: string, row: unknown) => string;
}

/** For fields that cost more than a look at an index. @throws NotPlanned when the field repeats */
export function onlyOnce({ repeats }: Asked): void {
  if (repeats) throw new NotPlanned('counted, sorted or collected again for the same thing');
}

/**
 * SQL of a field's value, the one that the field's resolver answers: of a scalar, an enum or a list of these as PostgreSQL knows
 * it; of objects and lists of objects the text of their JSON, as `of` and `listOf` write it.
 * @throws NotPlanned for arguments that it does not write
 */
export type FieldShape<Row> = (row: Row, asked: Asked, draft: Draft) => string;

/** How the fields of an object type are written in SQL. What is missing is not planned. */
export type Shape<Row = string> = Readonly<Record<string, FieldShape<Row>>>;
