import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { NotPlanned } from './shape.js';

/** One response name of a selection: the field behind it, and everything that is selected of it. */
export interface Selected {
  name: string;
  /** `null` for `__typename`. */
  field: GraphQLField<unknown, unknown> | null;
  node: FieldNode;
  /** Of all nodes with this name. */
  sets: readonly SelectionSetNode[];
}

/** What a document selects, worked out once for each of its selections. For documents that have passed validation. */
export class PlanSource {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private static sources = 0;
  private readonly number = (PlanSource.sources += 1);
  private readonly known = new Map<string, Selected[]>();
  private readonly numbers = new Map<SelectionSetNode, number>();
  private readonly variable = new Map<FieldNode, boolean>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  /** A text that no other selection has, of this document or of any other. */
  keyOf(typeName: string, sets: readonly SelectionSetNode[]): string {
    return `${this.number} ${typeName} ${sets.map((set) => this.numberOf(set)).join(' ')}`;
  }

  /** Whether arguments of a field depend on variables. */
  hasVariables(node: FieldNode): boolean {
    let found = this.variable.get(node);
    if (found === undefined) {
      found = false;
      visit(node, { SelectionSet: () => false, Variable: () => void (found = true) });
      this.variable.set(node, found);
    }
    return found;
  }

  /** @throws NotPlanned */
  selected(typeName: string, sets: readonly SelectionSetNode[]): Selected[] {
    const key = this.keyOf(typeName, sets);
    let found = this.known.get(key);
    if (!found) {
      const byName = new Map<string, Selected>();
      for (const set of sets) this.collect(this.schema.getType(typeName) as GraphQLObjectType, set, byName);
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
