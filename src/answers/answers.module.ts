import { Global, Module } from '@nestjs/common';
import { AnswerMetrics } from './answer-metrics.js';
import { AnswersQueries } from './answers.queries.js';
import { KeptAnswers } from './kept-answers.js';
import { Members } from './members.js';

/** Answers that are kept in memory until something they were made from changes. */
@Global()
@Module({ providers: [AnswersQueries, AnswerMetrics, Members, KeptAnswers], exports: [KeptAnswers, AnswerMetrics] })
export class AnswersModule {}
