import {
  getArgumentValues,
  getNamedType,
  isCompositeType,
  type FieldNode,
  type GraphQLField,
  type SelectionSetNode,
} from 'graphql';
import { isStaff, type Viewer } from '../access/viewer.js';
import { JsonText } from './json-text.js';
import { MadeFrom, partsOf, type KeptType } from './made-from.js';
import type { Written, WrittenObjects } from './written-objects.js';
import type { PlanSource, Selected } from './plan-source.js';
import { NotPlanned, type Asked, type Draft, type Shape } from './shape.js';

const MOST_TABLES = 100;

type SelectedField = Selected & { field: GraphQLField<unknown, unknown> };

/** Writes the one statement of one request. Each is used once. */
export class PlanWriter implements Draft {
  readonly params: unknown[] = [];
  private readonly constants = new Map<string, string>();
  /** What was bound that is the same in every request. */
  private readonly fixtures: [name: string, value: unknown][] = [];
  /** How often something was written that another request may need otherwise. */
  private choices = 0;
  private aliases = 0;
  private notes: MadeFrom | null;
  /** The object that was written last. */
  private last: Written | null = null;

  constructor(
    private readonly source: PlanSource,
    private readonly shapes: ReadonlyMap<string, Shape<never>>,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly asks: Viewer | null,
    private readonly known: WrittenObjects,
    /** Types whose answers may be kept; `null` when none is. */
    private readonly kept: ReadonlyMap<string, KeptType> | null = null,
  ) {
    this.notes = kept && new MadeFrom();
  }

  /** What the answer is made from; `null` when it is not to be kept. */
  get notesOfAnswer(): MadeFrom | null {
    return this.notes;
  }

  get forStaff(): boolean {
    return isStaff(this.asks);
  }

  get viewer(): Viewer | null {
    this.notes = null;
    return this.asks;
  }

  madeFrom(thing: string, parts: readonly string[]): void {
    this.notes?.add(thing, partsOf(parts));
  }

  madeFromEach(kind: string, prefix: string, parts: readonly string[]): void {
    this.notes?.beside(kind, prefix, partsOf(parts));
  }

  bind(value: unknown): string {
    this.choices += 1;
    return `$${this.params.push(value)}`;
  }

  fixed(name: string, value: () => unknown): string {
    const placeholder = this.constants.get(name);
    if (placeholder !== undefined) return placeholder;
    const bound = value();
    this.fixtures.push([name, bound]);
    this.constants.set(name, `$${this.params.push(bound)}`);
    return `$${this.params.length}`;
  }

  constant(name: string, value: () => unknown): string {
    let placeholder = this.constants.get(name);
    if (placeholder === undefined) {
      placeholder = this.bind(value());
      this.constants.set(name, placeholder);
    }
    return placeholder;
  }

  alias(): string {
    this.aliases += 1;
    // The time that PostgreSQL needs to plan grows with each: an answer that is put together of so many is not faster.
    if (this.aliases > MOST_TABLES) throw new NotPlanned(`more than ${MOST_TABLES} tables`);
    return `t${this.aliases}`;
  }

  /** Whether any table is read. */
  get reads(): boolean {
    return this.aliases > 0;
  }

  /** SQL of the text of a JSON object with what is selected of a type. @throws NotPlanned */
  object(type: string, sets: readonly SelectionSetNode[], place: Place): string {
    const key = this.keyOf(type, sets, place);
    const written = (key !== null && this.known.get(key)) || this.write(key, () => this.json(type, sets, place));
    for (const [name, value] of written.fixtures) this.fixed(name, () => value);
    this.aliases = written.aliases;
    this.notes = this.notes && written.notes && this.notes.with(written.notes);
    this.last = written;
    return written.sql;
  }

  /** Everything that the text of an object depends on, but for values; `null` for objects that are not remembered. */
  private keyOf(type: string, sets: readonly SelectionSetNode[], { row, repeats }: Place): string | null {
    if (typeof row !== 'string') return null;
    const who = this.asks === null ? 'nobody' : this.asks.roles.join();
    const constants = [...this.constants].join(' ');
    const { source, aliases, params, notes } = this;
    return [source.keyOf(type, sets), row, repeats, aliases, params.length, constants, notes !== null, who].join('|');
  }

  private write(key: string | null, json: () => JsonText): Written {
    const { choices, notes, fixtures } = this;
    const before = fixtures.length;
    this.notes = notes && new MadeFrom();
    const text = json();
    const found = { notes: this.notes, fixtures: fixtures.slice(before) };
    const written = { sql: text.toSql(), json: text, aliases: this.aliases, ...found };
    this.notes = notes;
    if (key !== null && this.choices === choices) this.known.set(key, written);
    return written;
  }

  private json(type: string, sets: readonly SelectionSetNode[], place: Place): JsonText {
    const shape = this.shapes.get(type) as Shape<unknown> | undefined;
    if (!shape) throw new NotPlanned(type);
    const json = new JsonText().known('{');
    const kept = this.keptType(type);
    if (kept?.is) this.mark(json, kept.is, place.row);
    for (const [n, selected] of this.source.selected(type, sets).entries()) {
      json.known(`${n === 0 ? '' : ','}"${selected.name}":`);
      if (selected.field === null) json.known(`"${type}"`);
      else {
        this.note(kept, selected.field.name);
        this.value(json, shape, { ...selected, field: selected.field }, place);
      }
    }
    return json.known('}');
  }

  private keptType(type: string): KeptType<unknown> | null {
    const kept = this.notes && (this.kept?.get(type) as KeptType<unknown> | undefined);
    if (!kept) this.notes = null;
    return kept ?? null;
  }

  /** Lets the answer name the thing that an object is: first, and as no field can be called. */
  private mark(json: JsonText, { kind, id, parts }: NonNullable<KeptType<unknown>['is']>, row: unknown): void {
    json.known(`"@":"${kind}:`).sql(id(row)).known('",');
    this.notes?.show(kind, partsOf(parts));
  }

  private note(kept: KeptType<unknown> | null, field: string): void {
    const sources = kept?.fields[field];
    if (!sources) this.notes = null;
    for (const source of sources ?? []) {
      if (typeof source !== 'string') this.madeFrom(source.thing, source.parts);
      else if (kept?.is) this.notes?.show(kept.is.kind, partsOf([source]));
    }
  }

  private value(json: JsonText, shape: Shape<unknown>, { field, node, sets }: SelectedField, place: Place): void {
    const write = shape[field.name];
    if (!write) throw new NotPlanned(field.name);
    const sql = write(place.row, new AskedField(this, { field, node, sets, repeats: place.repeats }), this);
    if (!isCompositeType(getNamedType(field.type))) json.leaf(field.type, sql);
    // An object that is there for sure becomes part of the one around it.
    else if (this.last?.sql === sql) json.text(this.last.json);
    else json.composite(sql);
  }

  argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
    if (this.source.hasVariables(node)) this.choices += 1;
    return getArgumentValues(field, node, this.variables);
  }

  namesIn(sets: readonly SelectionSetNode[]): ReadonlySet<string> {
    return this.source.names(sets);
  }
}

/** A field as its shape sees it. Most shapes look at little of it. */
class AskedField implements Asked {
  constructor(
    private readonly writer: PlanWriter,
    private readonly is: {
      field: GraphQLField<unknown, unknown>;
      node: FieldNode;
      sets: readonly SelectionSetNode[];
      repeats: boolean;
    },
  ) {}

  get args(): Readonly<Record<string, unknown>> {
    return this.writer.argumentsOf(this.is.field, this.is.node);
  }

  get selects(): ReadonlySet<string> {
    return this.writer.namesIn(this.is.sets);
  }

  get repeats(): boolean {
    return this.is.repeats;
  }

  get shared(): AskedField {
    return new AskedField(this.writer, { ...this.is, repeats: true });
  }

  readonly of = (type: string, row: unknown): string => {
    return this.writer.object(type, this.is.sets, { row, repeats: this.is.repeats });
  };
}

/** What an object is made of, and whether others of the answer may be made of the same. */
interface Place {
  row: unknown;
  repeats: boolean;
}
