import {
  getArgumentValues,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { Viewer } from '../access/viewer.js';
import { NotPlanned, type Asked, type Draft, type Shape } from './shape.js';
import { literal } from './sql-json.js';

/** PostgreSQL takes at most 100 arguments: 50 names with their values. */
const MOST_FIELDS = 50;
const MOST_TABLES = 100;

/** One response name of a selection: the field behind it, and everything that is selected of it. */
interface Selected {
  name: string;
  /** `null` for `__typename`. */
  field: GraphQLField<unknown, unknown> | null;
  node: FieldNode;
  /** Of all nodes with this name. */
  sets: readonly SelectionSetNode[];
}

/** Writes the one statement of one request. Each is used once. */
export class PlanWriter implements Draft {
  readonly params: unknown[] = [];
  private readonly constants = new Map<string, string>();
  private aliases = 0;

  constructor(
    private readonly source: PlanSource,
    private readonly shapes: ReadonlyMap<string, Shape<never>>,
    private readonly variables: Readonly<Record<string, unknown>>,
    readonly viewer: Viewer | null,
  ) {}

  bind(value: unknown): string {
    return `$${this.params.push(value)}`;
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

  /** SQL of a JSON object with what is selected of a type. @throws NotPlanned */
  object(type: string, sets: readonly SelectionSetNode[], { row, repeats }: Place): string {
    const shape = this.shapes.get(type) as Shape<unknown> | undefined;
    if (!shape) throw new NotPlanned(type);
    const parts = this.source.selected(type, sets).map((selected) => {
      return `${literal(selected.name)}, ${this.value(shape, type, selected, { row, repeats })}`;
    });
    return `json_build_object(${parts.join(', ')})`;
  }

  private value(shape: Shape<unknown>, type: string, { field, node, sets }: Selected, { row, repeats }: Place): string {
    if (field === null) return `${literal(type)}::text`;
    const write = shape[field.name];
    if (!write) throw new NotPlanned(`${type}.${field.name}`);
    return write(row, new AskedField(this, { field, node, sets, repeats }), this);
  }

  argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Record<string, unknown> {
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

/** What a document selects, worked out once for each of its selections. For documents that have passed validation. */
export class PlanSource {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, Selected[]>();
  private readonly numbers = new Map<SelectionSetNode, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  /** @throws NotPlanned */
  selected(typeName: string, sets: readonly SelectionSetNode[]): Selected[] {
    const key = `${typeName} ${sets.map((set) => this.numberOf(set)).join(' ')}`;
    let found = this.known.get(key);
    if (!found) {
      const byName = new Map<string, Selected>();
      for (const set of sets) this.collect(this.schema.getType(typeName) as GraphQLObjectType, set, byName);
      if (byName.size > MOST_FIELDS) throw new NotPlanned(`${byName.size} fields`);
      found = [...byName.values()];
      this.known.set(key, found);
    }
    return found;
  }

  names(sets: readonly SelectionSetNode[]): ReadonlySet<string> {
    const names = new Set<string>();
    const look = (set: SelectionSetNode): void => {
      for (const node of set.selections) {
        if (node.kind === Kind.FIELD) names.add(node.name.value);
        else if (node.kind === Kind.INLINE_FRAGMENT) look(node.selectionSet);
        else look(this.fragment(node.name.value).selectionSet);
      }
    };
    sets.forEach(look);
    return names;
  }

  private numberOf(set: SelectionSetNode): number {
    const number = this.numbers.get(set) ?? this.numbers.size;
    this.numbers.set(set, number);
    return number;
  }

  private collect(type: GraphQLObjectType, set: SelectionSetNode, byName: Map<string, Selected>): void {
    for (const node of set.selections) {
      // @include, @skip and whatever comes: the resolvers know them.
      if (node.directives?.length) throw new NotPlanned('a directive');
      if (node.kind === Kind.FIELD) this.add(type, node, byName);
      else {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragment(node.name.value);
        const condition = fragment.typeCondition?.name.value ?? type.name;
        // On an interface of the type, too; a fragment on anything else is not for this type and was refused.
        if (fragment.directives?.length) throw new NotPlanned('a directive');
        if (condition !== type.name && !type.getInterfaces().some(({ name }) => name === condition)) continue;
        this.collect(type, fragment.selectionSet, byName);
      }
    }
  }

  private add(type: GraphQLObjectType, node: FieldNode, byName: Map<string, Selected>): void {
    const name = (node.alias ?? node.name).value;
    const sets = node.selectionSet ? [node.selectionSet] : [];
    const known = byName.get(name);
    if (known) {
      byName.set(name, { ...known, sets: [...known.sets, ...sets] });
      return;
    }
    const field = node.name.value === '__typename' ? null : type.getFields()[node.name.value];
    if (field === undefined) throw new NotPlanned(node.name.value);
    byName.set(name, { name, field, node, sets });
  }

  private fragment(name: string): FragmentDefinitionNode {
    const fragment = this.fragments.get(name);
    if (!fragment) throw new NotPlanned(name);
    return fragment;
  }
}
