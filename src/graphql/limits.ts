import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
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

/**
 * Refuses an operation that asks for too much, before anything is executed. For a document that has passed validation.
 * @throws QueryTooComplex
 */
export function refuseTooComplex(
  limits: QueryLimits,
  schema: GraphQLSchema,
  operation: { document: DocumentNode; definition: OperationDefinitionNode; variables: Variables },
): void {
  const root = schema.getRootType(operation.definition.operation);
  if (!root) return;
  const { cost, depth } = new Measure(schema, operation.document, operation.variables, limits.maxDepth).of(
    operation.definition.selectionSet,
    root,
    1,
  );
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

interface Size {
  cost: number;
  depth: number;
}

class Measure {
  private readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly fragmentSizes = new Map<string, Size>();

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

  of(selections: SelectionSetNode, parent: GraphQLCompositeType, depth: number): Size {
    const size: Size = { cost: 0, depth };
    // Deeper levels would only make it worse; stopping here also bounds the time spent on a hostile document.
    if (depth > this.maxDepth) return size;
    for (const selection of selections.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? this.field(selection, parent, depth)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.of(selection.selectionSet, this.typeNamed(selection.typeCondition?.name.value) ?? parent, depth)
            : this.fragment(selection.name.value, parent, depth);
      size.cost += part.cost;
      size.depth = Math.max(size.depth, part.depth);
    }
    return size;
  }

  private fragment(name: string, parent: GraphQLCompositeType, depth: number): Size {
    // A fragment that is spread many times is measured once for each depth.
    const key = `${name}:${depth}`;
    let size = this.fragmentSizes.get(key);
    if (!size) {
      const fragment = this.fragments.get(name);
      size = fragment
        ? this.of(fragment.selectionSet, this.typeNamed(fragment.typeCondition.name.value) ?? parent, depth)
        : { cost: 0, depth };
      this.fragmentSizes.set(key, size);
    }
    return size;
  }

  private field(node: FieldNode, parent: GraphQLCompositeType, depth: number): Size {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    // Introspection is bounded by graphql-js's own rule and switched off in production.
    if (!field || !node.selectionSet || !isCompositeType(type)) return { cost: 0, depth };
    const inner = this.of(node.selectionSet, type, depth + 1);
    return { cost: 1 + this.itemsOf(node, field) * Math.max(inner.cost, 1), depth: inner.depth };
  }

  private itemsOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    const args = this.argumentsOf(node);
    if (field.args.some((argument) => argument.name === 'first')) {
      const size = args['first'] ?? args['last'];
      return typeof size === 'number' ? Math.max(size, 1) : DEFAULT_PAGE_SIZE;
    }
    if (!isListType(getNullableType(field.type))) return 1;
    if (field.args.some((argument) => argument.name === 'ids')) return MAX_PAGE_SIZE;
    // The items of a page: the field that holds the page has been multiplied already.
    if (field.name === 'nodes' || field.name === 'edges') return 1;
    const told = field.extensions[LIST_SIZE] as ListSize | undefined;
    return (typeof told === 'function' ? told(args) : told) ?? PLAIN_LIST_SIZE;
  }

  private argumentsOf(node: FieldNode): Record<string, unknown> {
    const given = (node.arguments ?? []).map(({ name, value }) => [
      name.value,
      valueFromASTUntyped(value, this.variables),
    ]);
    return Object.fromEntries(given) as Record<string, unknown>;
  }

  private typeNamed(name: string | undefined): GraphQLCompositeType | null {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : null;
  }
}
