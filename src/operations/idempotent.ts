import {
  DirectiveLocation,
  getDirectiveValues,
  GraphQLDirective,
  GraphQLNonNull,
  GraphQLString,
  Kind,
  OperationTypeNode,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { BadUserInput, type FieldProblem } from '../errors/request-errors.js';

const NAME = 'idempotent';
const KEY_LENGTH = 255;

/** `@idempotent(key:)` on a field of a mutation: the change is made once, however often it is sent. */
export const IDEMPOTENT = new GraphQLDirective({
  name: NAME,
  description:
    'On a field of a mutation: sent again within 24 hours with the same key and the same input, by the same viewer, it changes ' +
    'nothing more and answers as the first time, also at the same time and after a crash. With another operation or input ' +
    'the answer is the error IDEMPOTENCY_CONFLICT. A request that was refused may be sent again with its key.',
  locations: [DirectiveLocation.FIELD],
  args: {
    key: {
      type: new GraphQLNonNull(GraphQLString),
      description:
        '1 to 255 characters that nobody can guess, such as a new UUID: a visitor who is not signed in is known by the key alone.',
    },
  },
});

interface Operation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Refuses `@idempotent` where it would mean nothing, and keys that are none, before anything is executed.
 * For a document that has passed validation.
 * @throws BadUserInput
 */
export function refuseWrongKeys(operation: Operation): void {
  // Most documents have none, and need no closer look.
  if (operation.document.loc?.source.body.includes(NAME) === false) return;
  const search = new Search(operation);
  search.in(operation.definition.selectionSet, operation.definition.operation === OperationTypeNode.MUTATION);
  if (search.problems.length > 0) throw new BadUserInput(search.problems.slice(0, 10));
}

/** The key of the field that is executed, `null` when it has none. */
export function keyIn({ fieldNodes, variableValues }: GraphQLResolveInfo): string | null {
  for (const node of fieldNodes) {
    const values = getDirectiveValues(IDEMPOTENT, node, variableValues);
    if (values) return values['key'] as string;
  }
  return null;
}

/** Walks through one operation, into each fragment once for each kind of place. */
class Search {
  readonly problems: FieldProblem[] = [];
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly seen = new Set<string>();
  private readonly keys = new Map<string, unknown>();

  constructor(private readonly operation: Operation) {
    const definitions = operation.document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(definitions.map((node) => [node.name.value, node]));
  }

  /** @param atRoot whether the fields are those of a mutation */
  in(selections: SelectionSetNode | undefined, atRoot: boolean): void {
    for (const node of selections?.selections ?? []) {
      if (node.kind === Kind.FIELD) {
        this.field(node, atRoot);
        this.in(node.selectionSet, false);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        this.in(node.selectionSet, atRoot);
      } else {
        const place = `${node.name.value} ${atRoot}`;
        if (!this.seen.has(place)) {
          this.seen.add(place);
          this.in(this.fragments.get(node.name.value)?.selectionSet, atRoot);
        }
      }
    }
  }

  private field(node: FieldNode, atRoot: boolean): void {
    const directive = node.directives?.find(({ name }) => name.value === NAME);
    if (!directive) return;
    const path = (node.alias ?? node.name).value;
    if (!atRoot) {
      this.problems.push({ path, message: `@${NAME} may stand on the fields of a mutation only` });
      return;
    }
    const key = this.value(directive.arguments?.find(({ name }) => name.value === 'key')?.value);
    // A value of another type is told when variables are coerced.
    if (typeof key !== 'string') return;
    if (key.length === 0 || key.length > KEY_LENGTH) {
      this.problems.push({ path: `${path}.key`, message: `must be 1 to ${KEY_LENGTH} characters long` });
    }
    // Equal fields are executed as one.
    if (this.keys.has(path) && this.keys.get(path) !== key) {
      this.problems.push({ path: `${path}.key`, message: 'must be the same wherever the field is selected' });
    }
    this.keys.set(path, key);
  }

  private value(node: ValueNode | undefined): unknown {
    if (node?.kind !== Kind.VARIABLE) return node && valueFromASTUntyped(node);
    const { definition, variables } = this.operation;
    const name = node.name.value;
    if (Object.hasOwn(variables, name)) return variables[name];
    const declared = definition.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return declared?.defaultValue && valueFromASTUntyped(declared.defaultValue);
  }
}
