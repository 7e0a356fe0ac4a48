import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import { ErrorFilter } from '../graphql/error.filter.js';
import { Connections } from './connections.js';
import { EventStreams } from './event-streams.js';
import { GraphqlOptions } from './graphql.options.js';
import { KeySweeper } from './key-sweeper.js';
import { LiveResolver } from '../graphql/live.resolver.js';
import { NodeRegistry } from '../graphql/node.js';
import { NodeResolver } from '../graphql/node.resolver.js';
import { OperationGate } from './operation-gate.js';
import { OperationRules } from '../operations/operation-rules.js';
import { PersistedDocuments } from './persisted-documents.js';
import { PlannedAnswers } from './planned-answers.js';
import { PlannedRequests } from './planned-requests.js';
import { ShopDriver } from './shop-driver.js';
import { QuickAnswers } from './quick-answers.js';
import { SocketGateway } from './socket-gateway.js';
import { SocketOperations } from './socket-operations.js';
import { InputValidation } from '../graphql/validation.js';

/** What every operation passes through, whatever room answers it. */
@Global()
@Module({
  providers: [OperationRules, NodeRegistry, PersistedDocuments],
  exports: [OperationRules, NodeRegistry, PersistedDocuments],
})
class GraphqlFoundationModule {}

/** The GraphQL API over HTTP and WebSocket. */
@Module({
  imports: [
    GraphqlFoundationModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({ driver: ShopDriver, useClass: GraphqlOptions }),
  ],
  providers: [
    { provide: APP_PIPE, useClass: InputValidation },
    { provide: APP_FILTER, useClass: ErrorFilter },
    LiveResolver,
    NodeResolver,
    KeySweeper,
    Connections,
    OperationGate,
    EventStreams,
    PlannedAnswers,
    QuickAnswers,
    PlannedRequests,
    SocketOperations,
    SocketGateway,
  ],
})
export class ServerModule {}
