import { Kind, visit, type DocumentNode } from 'graphql';
import { BadUserInput, type FieldProblem } from '../errors/request-errors.js';

// Parsed documents are kept and sent again and again; their literals need one look.
const known = new WeakSet<DocumentNode>();

const NOT_STORABLE = 'must be text without NUL bytes and without halves of surrogate pairs';

// No filter or product is this deep, and what walks values by recursion runs out of stack some hundred levels down.
const MAX_LEVELS = 64;
const TOO_DEEP = `nests more than ${MAX_LEVELS} levels`;

/**
 * Refuses text that PostgreSQL cannot store and JSON cannot carry, and endless nesting, anywhere in an operation's values.
 * @throws BadUserInput
 */
export function refuseMalformedValues(document: DocumentNode, variables: unknown): void {
  const problems: FieldProblem[] = [];
  collect(variables, '', problems, 0);
  if (!known.has(document)) {
    const found = problemsOf(document);
    if (found.length === 0) known.add(document);
    problems.push(...found);
  }
  if (problems.length > 0) throw new BadUserInput(problems.slice(0, 10));
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function problemsOf(document: DocumentNode): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let levels = 0;
  const nesting = {
    enter: () => {
      levels += 1;
      if (levels === MAX_LEVELS + 1) problems.push({ path: 'document', message: TOO_DEEP });
    },
    leave: () => {
      levels -= 1;
    },
  };
  visit(document, {
    [Kind.OBJECT]: nesting,
    [Kind.LIST]: nesting,
    [Kind.STRING]: (node) => {
      if (!isStorable(node.value)) problems.push({ path: 'document', message: NOT_STORABLE });
    },
  });
  return problems;
}

function collect(value: unknown, path: string, problems: FieldProblem[], level: number): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) problems.push({ path, message: NOT_STORABLE });
  } else if (typeof value === 'object' && value !== null) {
    if (level > MAX_LEVELS) {
      problems.push({ path, message: TOO_DEEP });
      return;
    }
    // Names of unknown properties are refused by GraphQL, but those of a JSON scalar are data too.
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (!isStorable(key)) problems.push({ path, message: NOT_STORABLE });
      collect(inner, at, problems, level + 1);
    }
  }
}
