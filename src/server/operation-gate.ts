import { Injectable } from '@nestjs/common';
import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { KeptAnswers } from '../answers/kept-answers.js';
import { ERRORS_SHOWN } from '../graphql/error-format.js';
import { executeCounted } from './execute-counted.js';
import { MAX_TOKENS } from '../operations/limits.js';
import { OperationRules } from '../operations/operation-rules.js';

/** What a client sends. */
export interface OperationRequest {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
}

/** An operation that may be executed. */
export interface AdmittedOperation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  operationName: string | null;
  variables: Record<string, unknown>;
}

const DOCUMENTS_KEPT = 500;

/** The same checks as Apollo Server makes over HTTP, for every other transport. Documents that have passed are kept. */
@Injectable()
export class OperationGate {
  private readonly documents = new LRUCache<string, DocumentNode>({ max: DOCUMENTS_KEPT });

  constructor(
    private readonly rules: OperationRules,
    private readonly answers: KeptAnswers,
  ) {}

  /** The operation, or why it is refused. Never throws. */
  admit(schema: GraphQLSchema, request: OperationRequest): AdmittedOperation | readonly GraphQLError[] {
    try {
      const { query, operationName, variables } = shapeOf(request);
      this.rules.refuseLong(query);
      const document = this.documents.get(query) ?? this.parsed(query);
      if (!this.documents.has(query)) {
        const problems = this.problemsOf(schema, document);
        if (problems.length > 0) return problems;
        this.documents.set(query, document);
      }
      const definition = getOperationAST(document, operationName);
      if (!definition) return [unresolved(operationName)];
      if (definition.operation === OperationTypeNode.SUBSCRIPTION && isConditional(document, definition.selectionSet)) {
        return [
          refused('The field of a subscription can be neither skipped nor included.', 'GRAPHQL_VALIDATION_FAILED'),
        ];
      }
      this.rules.check({ schema, document, definition, variables });
      return { document, definition, operationName, variables };
    } catch (error) {
      return [
        error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error }),
      ];
    }
  }

  /** Executes a query or mutation that was admitted. What it has changed is read from then on, from every process. */
  async execute(args: ExecutionArgs): Promise<ExecutionResult> {
    const result = await executeCounted(args);
    const { operation } = getOperationAST(args.document, args.operationName) ?? {};
    if (operation === OperationTypeNode.MUTATION) await this.answers.settled();
    return result;
  }

  private parsed(text: string): DocumentNode {
    try {
      return parse(text, { maxTokens: MAX_TOKENS });
    } catch (error) {
      throw coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
    }
  }

  private problemsOf(schema: GraphQLSchema, document: DocumentNode): GraphQLError[] {
    const options = { maxErrors: ERRORS_SHOWN, hideSuggestions: !this.rules.introspection };
    const problems = validated(() => validate(schema, document, [...this.rules.validationRules], options));
    return problems.map((problem) => coded(problem, 'GRAPHQL_VALIDATION_FAILED'));
  }
}

function shapeOf({ query, operationName, variables }: OperationRequest): {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
} {
  if (typeof query !== 'string') throw refused('Send the text of the document as "query".', 'BAD_REQUEST');
  if (operationName != null && typeof operationName !== 'string') {
    throw refused('"operationName" must be a string.', 'BAD_REQUEST');
  }
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw refused('"variables" must be an object.', 'BAD_REQUEST');
  }
  return { query, operationName: operationName ?? null, variables: (variables ?? {}) as Record<string, unknown> };
}

/** Some rules throw: a subscription whose field depends on a variable makes graphql-js read the variable too early. */
function validated(validation: () => readonly GraphQLError[]): readonly GraphQLError[] {
  try {
    return validation();
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Whether something at the root may be left out. For a document that has passed validation. */
function isConditional(document: DocumentNode, { selections }: SelectionSetNode): boolean {
  return selections.some((node) => {
    if (node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return true;
    if (node.kind === Kind.FIELD) return false;
    if (node.kind === Kind.INLINE_FRAGMENT) return isConditional(document, node.selectionSet);
    const fragment = document.definitions.find(
      (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === node.name.value,
    ) as FragmentDefinitionNode | undefined;
    return fragment !== undefined && isConditional(document, fragment.selectionSet);
  });
}

// In the words of graphql-js, as over HTTP.
function unresolved(name: string | null): GraphQLError {
  const message =
    name === null
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${name}".`;
  return refused(message, 'OPERATION_RESOLUTION_FAILURE');
}

/** An error with a code of the list that clients know. */
export function refused(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function coded({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } });
}
