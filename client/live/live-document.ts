import {
  getOperationAST,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';

/** A document that knows the types of its data and variables, as codegen makes them. */
export interface LiveDocument<T, V> extends DocumentNode {
  __apiType?: (variables: V) => T;
}

/**
 * Reads the cursor of an event of this document, whatever the names are that its fields go by.
 * @throws Error when the document is no subscription that can go on where it was: one that hands `$after` on, and selects `cursor`
 */
export function cursorReader(document: DocumentNode): (data: unknown) => string {
  const operation = getOperationAST(document);
  const name = operation?.name?.value ?? 'This document';
  const need = (found: unknown, what: string) => {
    if (!found) throw new Error(`${name} cannot be resumed: it needs ${what}.`);
  };
  need(operation?.operation === OperationTypeNode.SUBSCRIPTION, 'exactly one operation, a subscription');
  const event = findField(document, operation?.selectionSet);
  const after = event?.arguments?.find((argument) => argument.name.value === 'after')?.value;
  need(after?.kind === Kind.VARIABLE && after.name.value === 'after', 'the argument after: $after');
  const cursor = findField(document, event?.selectionSet, 'cursor');
  need(cursor, 'the field cursor of the event');
  return (data) => {
    const told = (data as Record<string, Record<string, unknown> | null>)[keyOf(event)];
    const value = told?.[keyOf(cursor)];
    need(typeof value === 'string', 'the cursor with each event');
    return value as string;
  };
}

/** The first field (of that name) that is selected, also through fragments. */
function findField(document: DocumentNode, selected?: SelectionSetNode, name?: string): FieldNode | undefined {
  for (const node of selected?.selections ?? []) {
    if (node.kind === Kind.FIELD) {
      if (name === undefined || node.name.value === name) return node;
      continue;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragmentOf(document, node.name.value);
    const found = findField(document, fragment?.selectionSet, name);
    if (found) return found;
  }
  return undefined;
}

function fragmentOf({ definitions }: DocumentNode, name: string) {
  return definitions.find((node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name) as
    { selectionSet: SelectionSetNode } | undefined;
}

function keyOf(field?: FieldNode): string {
  return (field?.alias ?? field?.name)?.value ?? '';
}
