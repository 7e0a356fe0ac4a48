import { Injectable } from '@nestjs/common';
import {
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import { Config } from '../config/config.js';
import { QueryTooComplex } from '../errors/request-errors.js';
import { refuseWrongKeys } from './idempotent.js';
import { MAX_DOCUMENT_LENGTH, refuseTooComplex, type QueryLimits } from './limits.js';
import { refuseMalformedValues } from './well-formed.js';

/** An operation that has been parsed and validated. */
export interface ValidOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** What every operation must keep to, over HTTP and WebSocket alike. */
@Injectable()
export class OperationRules {
  /** Whether clients may read the schema from the server. */
  readonly introspection: boolean;
  private readonly limits: QueryLimits;

  constructor(config: Config) {
    this.introspection = config.mode !== 'production';
    this.limits = { maxCost: config.maxQueryCost, maxDepth: config.maxQueryDepth };
  }

  /** Validation rules of the specification, and against introspection in production. */
  get validationRules(): readonly ValidationRule[] {
    return this.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /** @throws QueryTooComplex when the text is longer than any real document */
  refuseLong(document: unknown): void {
    if (typeof document !== 'string' || document.length <= MAX_DOCUMENT_LENGTH) return;
    const figures = { length: document.length, maxLength: MAX_DOCUMENT_LENGTH };
    throw new QueryTooComplex(`The document has more than ${MAX_DOCUMENT_LENGTH} characters.`, figures);
  }

  /**
   * Last checks before execution.
   * @throws QueryTooComplex, BadUserInput
   */
  check({ schema, document, definition, variables }: ValidOperation): void {
    refuseMalformedValues(document, variables);
    refuseTooComplex(this.limits, schema, { document, definition, variables });
    refuseWrongKeys({ document, definition, variables });
  }
}
