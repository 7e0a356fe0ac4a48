import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../answers/answer-store.js';
import { isKnown, publicHeaders, varyWith } from './answer-headers.js';
import { statementsOf } from './request-statements.js';

/** An answer to a request. */
export interface FoundAnswer {
  answer: Answer;
  /** What it is kept under: the same one for everybody who sees as much of the shop. `null` when it is not to be kept. */
  key: string | null;
}

/** What the headers and the figures of an answer are made of. */
export interface Sending {
  request: FastifyRequest;
  reply: FastifyReply;
  /** By the monotonic clock. */
  startedAt: number;
  maxAge: number;
  age: number;
}

// Others may get another answer from the same address.
const DIFFERS_BY = ['Accept', 'Authorization'];

/** Sends an answer. To a GET request of nobody in particular it goes with what browsers and CDNs need to keep it. */
export function sendAnswer({ answer, key }: FoundAnswer, sending: Sending): void {
  const { request, reply, maxAge, age } = sending;
  if (key === null || request.method !== 'GET' || request.headers.authorization !== undefined) {
    void reply.header('cache-control', 'no-store').send(bodyWithFigures(answer, sending));
    return;
  }
  void reply.headers(publicHeaders(answer, { maxAge, age }));
  void reply.header('vary', varyWith(reply.getHeader('vary'), DIFFERS_BY));
  // Without figures: an entity tag stands for every byte of the body.
  if (isKnown(request.headers['if-none-match'], answer)) void reply.code(304).send();
  else void reply.send(answer.body);
}

function bodyWithFigures(answer: Answer, { request, startedAt }: Sending): Buffer | string {
  const log = statementsOf(request);
  if (!log) return answer.body;
  const milliseconds = Math.round((performance.now() - startedAt) * 10) / 10;
  return answer.with(JSON.stringify({ sql: { statements: log.count, names: log.names }, milliseconds }));
}
