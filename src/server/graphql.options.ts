import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { Inject, Injectable } from '@nestjs/common';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import type { GqlOptionsFactory } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { Authenticator } from '../access/authenticator.js';
import { SIGNING_SECRET } from '../access/signing.js';
import { Config } from '../config/config.js';
import { shopPlugin } from './apollo.plugin.js';
import type { ShopContext } from '../graphql/context.js';
import { DocumentStore } from './document-store.js';
import { formatError } from '../graphql/error-format.js';
import { freshChanges } from '../graphql/fresh-changes.js';
import { FIRST_QUERY } from './ide.js';
import { idempotentChanges } from './idempotent-changes.js';
import { MAX_TOKENS } from '../operations/limits.js';
import { OperationRules } from '../operations/operation-rules.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { PersistedDocuments } from './persisted-documents.js';
import { statementsOf } from './request-statements.js';
import { ShopDriver } from './shop-driver.js';
import { SCHEMA_OPTIONS } from '../operations/schema-options.js';

const DOCUMENTS_KEPT = 500;

/** How Apollo Server is set up. */
@Injectable()
export class GraphqlOptions implements GqlOptionsFactory<ApolloDriverConfig> {
  constructor(
    private readonly config: Config,
    private readonly authenticator: Authenticator,
    private readonly rules: OperationRules,
    private readonly persisted: PersistedDocuments,
    private readonly answers: KeptAnswers,
    @Inject(SIGNING_SECRET) private readonly secret: string,
  ) {}

  createGqlOptions(): ApolloDriverConfig {
    const production = this.config.mode === 'production';
    return {
      driver: ShopDriver,
      path: GRAPHQL_PATH,
      autoSchemaFile: true,
      sortSchema: true,
      buildSchemaOptions: SCHEMA_OPTIONS,
      transformSchema: (schema) => idempotentChanges(freshChanges(schema), this.secret),
      context: (request: FastifyRequest) => this.contextOf(request),
      formatError,
      autoTransformHttpErrors: false,
      includeStacktraceInErrorResponses: false,
      hideSchemaDetailsFromClientErrors: production,
      introspection: this.rules.introspection,
      csrfPrevention: true,
      allowBatchedHttpRequests: false,
      graphiql: false,
      parseOptions: { maxTokens: MAX_TOKENS },
      documentStore: new DocumentStore(DOCUMENTS_KEPT),
      persistedQueries: { cache: this.persisted },
      plugins: [
        // Its cache hints wrap every field's resolver.
        ApolloServerPluginCacheControlDisabled(),
        ...(production
          ? []
          : [ApolloServerPluginLandingPageLocalDefault({ embed: true, document: FIRST_QUERY, footer: false })]),
        shopPlugin(this.rules, this.answers),
      ],
    };
  }

  private async contextOf(request: FastifyRequest): Promise<ShopContext> {
    return {
      ...(await this.authenticator.authenticate(request.headers.authorization)),
      address: request.ip,
      statements: statementsOf(request),
      startedAt: performance.now(),
    };
  }
}
