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
    found = { scope: scopeOf(schema, document, definition), cursorVariable: cursorVariable(document) };
    known.set(definition, found);
  }
  return found;
}

function cursorVariable(document: DocumentNode): string | null {
  const uses = new Map<string, number>();
  let after: string | null = null;
  visit(document, {
    // Its declaration is no use of it.
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.VARIABLE]: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
    [Kind.ARGUMENT]: ({ name, value }) => {
      if (name.value === 'after' && value.kind === Kind.VARIABLE) after ??= value.name.value;
    },
  });
  return after !== null && uses.get(after) === 1 ? after : null;
}
