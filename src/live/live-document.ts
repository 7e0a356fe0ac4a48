import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { scopeOf, type Scope } from '../graphql/viewer-scope.js';

/** What is known of the document of a live query, worked out once. */
export interface LiveDocument {
  scope: Scope;
  /** The variable that names the position and nothing else: watchers who differ in it alone are equal. `null` without one. */
  cursorVariable: string | null;
}

const known = new WeakMap<OperationDefinitionNode, LiveDocument>();

/** For a document that has passed validation. */
export function liveDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): LiveDocument {
  let found = known.get(definition);
  if (!found) {
    found = { scope: scopeOf(schema, document, definition), cursorVariable: cursorVariable(document, definition) };
    known.set(definition, found);
  }
  return found;
}

function cursorVariable(document: DocumentNode, { selectionSet }: OperationDefinitionNode): string | null {
  const [root] = selectionSet.selections;
  // Fields below have arguments of this name too: those are places in lists, and say what the answer holds.
  const after =
    root?.kind === Kind.FIELD ? root.arguments?.find(({ name }) => name.value === 'after')?.value : undefined;
  if (after?.kind !== Kind.VARIABLE) return null;
  let uses = 0;
  visit(document, {
    // Its declaration is no use of it.
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.VARIABLE]: ({ name }) => void (uses += name.value === after.name.value ? 1 : 0),
  });
  return uses === 1 ? after.name.value : null;
}
