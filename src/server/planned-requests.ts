import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../access/authenticator.js';
import type { Viewer } from '../access/viewer.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { Config } from '../config/config.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { answerType } from './answer-type.js';
import { PersistedDocuments } from './persisted-documents.js';
import { PlannedAnswers } from './planned-answers.js';
import { QuickAnswers } from './quick-answers.js';
import { sendAnswer } from './send-answer.js';
import { sentOperation } from './sent-operation.js';

// What begins so is never planned, whatever else stands in the document: no need to look into it.
const CHANGE = /^\s*mutation\b/;

/**
 * Answers queries that PostgreSQL can answer whole, and passes its text through, or gives the same answer again while nothing
 * in it has changed. Whatever is not plainly such a query goes on to Apollo Server: other operations, other transports, every
 * refusal and every error.
 */
@Injectable()
export class PlannedRequests {
  constructor(
    private readonly config: Config,
    private readonly authenticator: Authenticator,
    private readonly persisted: PersistedDocuments,
    private readonly planned: PlannedAnswers,
    private readonly answers: KeptAnswers,
    private readonly quick: QuickAnswers,
  ) {}

  serve(server: FastifyInstance): void {
    if (this.config.plannedQueries === 'off') return;
    this.quick.serve(server);
    server.addHook('preHandler', async (request, reply) => {
      if (request.routeOptions.url !== GRAPHQL_PATH || reply.sent) return;
      if (request.method === 'POST' || request.method === 'GET') await this.answer(request, reply);
    });
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const startedAt = performance.now();
    const contentType = answerType(request.headers.accept);
    const sent = contentType === null ? null : sentOperation(request, this.persisted);
    if (contentType === null || sent === null || CHANGE.test(sent.query)) return;
    const viewer = await this.viewerOf(request);
    if (viewer === undefined) return;
    const found = await (this.planned.kept(sent, viewer) ?? this.planned.make(sent, viewer));
    if (found === null) return;
    void reply.header('content-type', contentType);
    if (request.method === 'POST') {
      void reply.header('cache-control', 'no-store');
      if (found.key !== null) this.quick.learn(request, reply, found.key);
    }
    sendAnswer(found, { request, reply, startedAt, maxAge: this.config.answersMaxAge, age: this.answers.age });
  }

  /** Who asks; `undefined` for somebody whose token is not valid. */
  private async viewerOf({ headers: { authorization } }: FastifyRequest): Promise<Viewer | null | undefined> {
    if (authorization === undefined) return null;
    const { viewer, tokenProblem } = await this.authenticator.authenticate(authorization);
    return tokenProblem ? undefined : viewer;
  }
}
