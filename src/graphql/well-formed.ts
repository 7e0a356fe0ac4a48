import { Kind, visit, type DocumentNode } from 'graphql';
import { BadUserInput, type FieldProblem } from '../errors/request-errors.js';

// Parsed documents are kept and sent again and again; their literals need one look.
const known = new WeakSet<DocumentNode>();

const MESSAGE = 'must be text without NUL bytes and without halves of surrogate pairs';

/**
 * Refuses text that PostgreSQL cannot store and JSON cannot carry, anywhere in an operation's values.
 * @throws BadUserInput
 */
export function refuseMalformedText(document: DocumentNode, variables: unknown): void {
  const problems: FieldProblem[] = [];
  collect(variables, '', problems);
  if (!known.has(document)) {
    visit(document, {
      [Kind.STRING]: (node) => {
        if (!isStorable(node.value)) problems.push({ path: 'document', message: MESSAGE });
      },
    });
    if (problems.length === 0) known.add(document);
  }
  if (problems.length > 0) throw new BadUserInput(problems.slice(0, 10));
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function collect(value: unknown, path: string, problems: FieldProblem[]): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) problems.push({ path, message: MESSAGE });
  } else if (typeof value === 'object' && value !== null) {
    // Names of unknown properties are refused by GraphQL, but those of a JSON scalar are data too.
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (!isStorable(key)) problems.push({ path, message: MESSAGE });
      collect(inner, at, problems);
    }
  }
}
