import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { AnswerMetrics } from '../answers/answer-metrics.js';
import { Answer } from '../answers/answer-store.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { GRAPHQL_PATH } from '../graphql/paths.js';
import { statementsOf } from './request-statements.js';

/** Longer ones are rare, and would fill the memory. */
const LONGEST_BODY = 16 * 1024;
const CHARACTERS_KEPT = 4_000_000;
const REQUEST_CHARACTERS = 600;

/** A request that was answered from memory: under which key its answer is kept, and its headers, the last one the length. */
interface Known {
  accept: string | undefined;
  key: string;
  headers: string[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers a request that equals one which was answered before, byte for byte, from memory: before routing, hooks and parsing, which
 * cost several times as much. Only for people who are not signed in, in pages of our own origin, in production; every other
 * request, and every one without a kept answer, goes the whole way.
 */
@Injectable()
export class QuickAnswers {
  private readonly known = new LRUCache<string, Known>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: (_, request) => request.length + REQUEST_CHARACTERS,
  });
  /** Bodies that were read here already. */
  private readonly bodies = new WeakMap<IncomingMessage, Buffer>();
  private isClosing = false;

  constructor(
    private readonly answers: KeptAnswers,
    private readonly metrics: AnswerMetrics,
  ) {}

  serve(server: FastifyInstance): void {
    if (!this.answers.isOn) return;
    server.addHook('onListen', (done) => {
      this.answers.serve();
      done();
    });
    // Fastify closes connections one by one while it closes; they must not stay open by what goes past it.
    server.addHook('preClose', (done) => {
      this.isClosing = true;
      done();
    });
    server.addHook('preParsing', (request, _reply, payload, done) => {
      const body = this.bodies.get(request.raw);
      done(null, body ? streamOf(body) : payload);
    });
    const handlers = server.server.listeners('request') as Handler[];
    server.server.removeAllListeners('request');
    const handle: Handler = (request, response) => {
      for (const handler of handlers) handler.call(server.server, request, response);
    };
    server.server.on('request', (request, response) => {
      if (this.isClosing || !isPlain(request)) handle(request, response);
      else this.read(request, response, handle);
    });
  }

  /** Notes under which key a request has its answer in memory, right before it is answered with the headers of the reply. */
  learn({ raw, headers: { accept } }: FastifyRequest, reply: FastifyReply, key: string): void {
    const body = this.bodies.get(raw);
    if (!body || statementsOf(reply.request)) return;
    const headers = Object.entries(reply.getHeaders()).filter(([name]) => name !== 'content-length');
    const flat = headers.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
    this.known.set(nameOf(body), { accept, key, headers: [...flat, 'content-length', ''] });
  }

  private read(request: IncomingMessage, response: ServerResponse, handle: Handler): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [first] = chunks;
      const body = first && chunks.length === 1 ? first : Buffer.concat(chunks);
      if (this.answer(request, response, body)) return;
      this.bodies.set(request, body);
      handle(request, response);
    });
  }

  private answer({ headers: { accept } }: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
    const known = this.known.get(nameOf(body));
    if (!known || known.accept !== accept || this.isClosing) return false;
    const answer = this.answers.find(known.key);
    if (!(answer instanceof Answer)) return false;
    known.headers[known.headers.length - 1] = String(answer.length);
    response.writeHead(200, known.headers);
    response.end(answer.wire, 'latin1');
    this.metrics.quick += 1;
    return true;
  }
}

/** Whether nothing of the request but its body and what it accepts decides about the answer. */
function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === GRAPHQL_PATH &&
    headers['content-type'] === 'application/json' &&
    Number(headers['content-length']) <= LONGEST_BODY &&
    headers.authorization === undefined &&
    headers.origin === undefined &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

/** Byte for byte, as a text that is quickly made. */
function nameOf(body: Buffer): string {
  return body.toString('latin1');
}

function streamOf(body: Buffer): Readable {
  const stream = new Readable({ read: () => undefined });
  if (body.length > 0) stream.push(body);
  stream.push(null);
  return stream;
}
