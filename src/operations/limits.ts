import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  valueFromASTUntyped,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../database/keyset.js';
import { QueryTooComplex } from '../errors/request-errors.js';

/** How much one operation may ask for. */
export interface QueryLimits {
  /** Objects that an answer could hold, each list counted with its page size, lists in lists multiplied. */
  maxCost: number;
  maxDepth: number;
}

/** Lexical tokens of one document, checked by the parser. */
export const MAX_TOKENS = 3_000;
/** Characters of one document. */
export const MAX_DOCUMENT_LENGTH = 20_000;

/** Name of the field extension that tells how many items a plain list is counted with: a `ListSize`. */
export const LIST_SIZE = 'listSize';

/** How many items a plain list may have: a number, or what follows from the field's arguments. */
export type ListSize = number | ((args: Readonly<Record<string, unknown>>) => number);

/** Plain lists are short (variants, images, options): counted with this many items. */
const PLAIN_LIST_SIZE = 5;

type Variables = Readonly<Record<string, unknown>>;

interface Operation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  variables: Variables;
}

/**
 * Refuses an operation that asks for too much, before anything is executed. For a document that has passed validation.
 * @throws QueryTooComplex
 */
export function refuseTooComplex(limits: QueryLimits, schema: GraphQLSchema, operation: Operation): void {
  const { cost, depth } = sizeOf(limits, schema, operation);
  if (depth > limits.maxDepth) {
    throw new QueryTooComplex(`The operation nests more than ${limits.maxDepth} levels.`, {
      maxDepth: limits.maxDepth,
    });
  }
  if (cost > limits.maxCost) {
    throw new QueryTooComplex(
      `The operation could ask for ${cost} objects; at most ${limits.maxCost} are allowed. Ask for smaller pages, or for less inside them.`,
      { cost, maxCost: limits.maxCost },
    );
  }
}

/** Sizes of an operation, by the values of the variables that they depend on. */
interface Sizes {
  names: ReadonlySet<string>;
  known: Map<string, Size>;
}

// Parsed documents are kept and sent again and again, mostly with the same page sizes.
const measured = new WeakMap<OperationDefinitionNode, Sizes>();
const SIZES_KEPT = 20;
const LONGEST_KEY = 100;

function sizeOf({ maxDepth }: QueryLimits, schema: GraphQLSchema, operation: Operation): Size {
  const { definition, variables } = operation;
  let sizes = measured.get(definition);
  const known = sizes?.known.get(keyOf(sizes.names, variables));
  if (known) return known;
  const root = schema.getRootType(definition.operation);
  if (!root) return { cost: 0, depth: 0 };
  const measure = new Measure(schema, operation.document, variablesOf(operation), maxDepth);
  const size = measure.of(definition.selectionSet, { type: root, depth: 1, pageSize: 1 });
  sizes ??= { names: measure.read, known: new Map() };
  measured.set(definition, sizes);
  const key = keyOf(sizes.names, variables);
  if (key.length <= LONGEST_KEY && sizes.known.size < SIZES_KEPT) sizes.known.set(key, size);
  return size;
}

function keyOf(names: ReadonlySet<string>, variables: Variables): string {
  // Null is not the same as nothing, for which there may be a default.
  return JSON.stringify([...names].map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : 0)));
}

/** The variables as the operation will see them: a default counts where nothing was sent. */
function variablesOf({ definition, variables }: Operation): Variables {
  const defaults = (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
  );
  return { ...(Object.fromEntries(defaults) as Variables), ...variables };
}

interface Size {
  cost: number;
  depth: number;
}

/** Where a selection stands: on what type, how deep, and how many items the page around it has. */
interface Place {
  type: GraphQLCompositeType;
  depth: number;
  pageSize: number;
}

class Measure {
  private readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly fragmentSizes = new Map<string, Size>();
  /** Names of the variables that sizes depend on. */
  readonly read = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
    private readonly maxDepth: number,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
    );
  }

  of(selections: SelectionSetNode, place: Place): Size {
    const size: Size = { cost: 0, depth: place.depth };
    // Deeper levels would only make it worse; stopping here also bounds the time spent on a hostile document.
    if (place.depth > this.maxDepth) return size;
    for (const selection of selections.selections) {
      const part = this.selection(selection, place);
      size.cost += part.cost;
      size.depth = Math.max(size.depth, part.depth);
    }
    return size;
  }

  private selection(selection: SelectionNode, place: Place): Size {
    if (selection.kind === Kind.FIELD) return this.field(selection, place);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value, place);
    return this.of(selection.selectionSet, this.on(selection.typeCondition?.name.value, place));
  }

  private fragment(name: string, place: Place): Size {
    // A fragment that is spread many times is measured once for each different place.
    const key = `${name}:${place.depth}:${place.pageSize}`;
    let size = this.fragmentSizes.get(key);
    if (!size) {
      const fragment = this.fragments.get(name);
      size = fragment
        ? this.of(fragment.selectionSet, this.on(fragment.typeCondition.name.value, place))
        : { cost: 0, depth: place.depth };
      this.fragmentSizes.set(key, size);
    }
    return size;
  }

  private field(node: FieldNode, { type: parent, depth, pageSize }: Place): Size {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    // Introspection is bounded by graphql-js's own rule and switched off in production.
    if (!field || !node.selectionSet || !isCompositeType(type)) return { cost: 0, depth };
    const asked = this.pageSizeOf(node, field);
    const inner = this.of(node.selectionSet, { type, depth: depth + 1, pageSize: asked ?? 1 });
    const items = isListType(getNullableType(field.type)) ? (asked ?? this.itemsOf(node, field, pageSize)) : 1;
    return { cost: 1 + items * Math.max(inner.cost, 1), depth: inner.depth };
  }

  /** The page size that a field is asked for; `null` when it has no pages. */
  private pageSizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number | null {
    if (!field.args.some((argument) => argument.name === 'first')) return null;
    const sizes = (node.arguments ?? []).filter(({ name }) => name.value === 'first' || name.value === 'last');
    const args = this.argumentsOf({ ...node, arguments: sizes });
    const size = args['first'] ?? args['last'] ?? field.args.find(({ name }) => name === 'first')?.defaultValue;
    return typeof size === 'number' ? Math.max(size, 1) : DEFAULT_PAGE_SIZE;
  }

  /** Items of a plain list. */
  private itemsOf(node: FieldNode, field: GraphQLField<unknown, unknown>, pageSize: number): number {
    if (field.args.some((argument) => argument.name === 'ids')) return MAX_PAGE_SIZE;
    if (field.name === 'nodes' || field.name === 'edges') return pageSize;
    const told = field.extensions[LIST_SIZE] as ListSize | undefined;
    return (typeof told === 'function' ? told(this.argumentsOf(node)) : told) ?? PLAIN_LIST_SIZE;
  }

  private argumentsOf(node: FieldNode): Record<string, unknown> {
    const given = (node.arguments ?? []).map((argument) => {
      visit(argument, { [Kind.VARIABLE]: ({ name }) => void this.read.add(name.value) });
      return [argument.name.value, valueFromASTUntyped(argument.value, this.variables)];
    });
    return Object.fromEntries(given) as Record<string, unknown>;
  }

  private on(condition: string | undefined, place: Place): Place {
    const type = condition === undefined ? undefined : this.schema.getType(condition);
    return isCompositeType(type) ? { ...place, type } : place;
  }
}
